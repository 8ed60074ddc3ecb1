#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "evenface/train/adamw.h"
#include "evenface/train/early_stopping.h"
#include "evenface/train/history.h"

namespace evenface::train {

/// Where training stands, beside the arrays and the optimiser's moments.
struct TrainState {
  std::int64_t epoch = 0, step = 0;  ///< next to do; the step counts within the epoch
  Tally tally;                       ///< of this epoch's steps so far
  EarlyStopping stopping;
  std::vector<EpochRecord> history;
};

/// Writes state, arrays and moments as one file, whole or not at all.
void save_checkpoint(const std::filesystem::path& file, const std::string& key, const TrainState& state,
                     const std::vector<net::NamedTensor>& arrays, const AdamW& optimiser);

/// Takes them back into arrays and optimiser; nothing when there is no such file.
/// Throws InputError when the file is damaged or of another run.
std::optional<TrainState> load_checkpoint(const std::filesystem::path& file, const std::string& key,
                                          const std::vector<net::NamedTensor>& arrays, AdamW& optimiser);

/// The same with arrays alone: the best epoch's.
void save_best(const std::filesystem::path& file, const std::string& key, const std::vector<net::NamedTensor>& arrays);
void load_best(const std::filesystem::path& file, const std::string& key, const std::vector<net::NamedTensor>& arrays);

}  // namespace evenface::train
