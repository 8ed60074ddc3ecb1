#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "evenface/train/tally.h"

namespace evenface::train {

/// How one epoch went on one split.
struct EpochRecord {
  std::int64_t epoch = 0;    ///< from 1
  std::string split;         ///< train: summed up while training (dropout on, weighted loss); val: after the epoch
  double learning_rate = 0;  ///< of the epoch's last step
  Tally tally;
};

void to_json(nlohmann::json& json, const EpochRecord& record);
void from_json(const nlohmann::json& json, EpochRecord& record);

/// Writes history.parquet: epoch, split, learning_rate, loss (mean over rows), joint_accuracy,
/// accuracy.<task>, cell_mean and cell_sd (over the crossing), one row per epoch and split.
void write_history(const std::filesystem::path& path, const std::vector<EpochRecord>& history,
                   const std::vector<Task>& tasks);

}  // namespace evenface::train
