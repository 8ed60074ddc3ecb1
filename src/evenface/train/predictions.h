#pragma once
#include <cstdint>
#include <filesystem>
#include <span>

#include "evenface/train/examples.h"
#include "evenface/train/learner.h"

namespace evenface::train {

/// Writes what the learner predicts for the rows: id, and per task `<task>.predicted`
/// (levels of the task) and `<task>.scores` (softmax probabilities in level order).
void write_predictions(const std::filesystem::path& path, Learner& learner, const Examples& examples,
                       std::span<const std::int64_t> rows);

}  // namespace evenface::train
