#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/train/early_stopping.h"
#include "evenface/train/examples.h"
#include "evenface/train/history.h"
#include "evenface/train/learner.h"
#include "evenface/train/options.h"

namespace evenface::train {

/// What a loop leaves beside the learner's arrays.
struct LoopResult {
  std::vector<EpochRecord> history;
  EarlyStopping stopping;
};

/// Trains the learner on the training rows with the given weight per row, and leaves it
/// with the arrays of the best epoch. `checkpoints` holds `last.safetensors` (arrays,
/// moments, step, history) and `best.safetensors`; a loop that is killed goes on from
/// there, and ends with the same arrays bit for bit (same machine, same threads, same
/// `key`). Throws InputError when the loss is no longer finite, Interrupted on Ctrl-C
/// after saving its state.
LoopResult run_loop(const TrainOptions& options, const Examples& examples, std::span<const double> row_weights,
                    Learner& learner, const std::filesystem::path& checkpoints, const std::string& key,
                    const Context& context);

/// How the learner does on rows, in use: unweighted loss and correct rows.
Tally judge(Learner& learner, const Examples& examples, std::span<const std::int64_t> rows);

/// The score (higher is better) by which the best epoch is chosen.
double monitored(const std::string& monitor, const Tally& validation);

/// Borders of the steps of an epoch: steps of nearly equal size, at most `batch` rows
/// and at least two each (batch norm needs two); three rows are one step.
std::vector<std::int64_t> step_borders(std::int64_t rows, std::int64_t batch);

/// n x tasks codes of the rows, int64, -1 where missing.
at::Tensor targets_of(const Examples& examples, std::span<const std::int64_t> rows);

}  // namespace evenface::train
