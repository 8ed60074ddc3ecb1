#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/train/options.h"

namespace evenface::train {

/// What one run came to.
struct RunSummary {
  std::filesystem::path folder;
  std::int64_t seed = 0, epochs = 0, best_epoch = 0;
  double validation_joint_accuracy = 0, validation_cell_sd = 0;  ///< of the best epoch, on validation rows
  std::int64_t training_rows = 0;
  bool was_finished = false;  ///< found finished by an earlier call, not run again
};

struct TrainSummary {
  std::vector<RunSummary> runs;
};

/// Trains heads on a data set folder and writes run folders: with one seed `output` itself,
/// with several `output`/seed-1, seed-2, ... A run folder holds run.json, config.toml,
/// environment.json, weights.parquet, history.parquet, model.safetensors, predictions/val.parquet
/// and test.parquet, checkpoints/ and log.jsonl. Validation rows choose the epoch (and feed
/// the weighting); test rows are predicted once, with the best epoch's model.
///
/// Killed at any moment and called again it goes on, and ends with the same files bit for
/// bit (same machine and thread count; the log and environment.json hold times and threads). A finished run of the same
/// options and inputs is not run again. Throws InputError for what can't be trained on,
/// and when the folder holds another run.
TrainSummary train(const TrainOptions& options, const Context& context);
using Train = decltype(train);

/// The run folders below `output`: itself, or seed-1, seed-2, ... in that order.
/// Throws InputError when there is none, or one of a series is not finished.
std::vector<std::filesystem::path> run_folders(const std::filesystem::path& output);

}  // namespace evenface::train
