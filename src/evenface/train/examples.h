#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "evenface/table/factor.h"
#include "evenface/train/heads.h"

namespace evenface::train {

/// The labelled rows of a data set, sorted by id, so that nothing depends on the manifest's row order.
struct Examples {
  std::vector<std::string> ids;
  std::vector<Task> tasks;                     ///< all declared levels, also unused ones
  std::vector<table::Factor> labels;           ///< per task; missing: no say in that task
  table::Factor cell;                          ///< the crossing that weights and spreads are over
  std::vector<double> weights;                 ///< the manifest's own row weights, else 1
  std::vector<std::int64_t> train, val, test;  ///< indices into the above
  std::string manifest_sha256;

  std::int64_t rows() const { return static_cast<std::int64_t>(ids.size()); }
  /// Whether the row has a label in every task; only such rows have a joint correctness.
  bool fully_labelled(std::int64_t row) const;
};

/// Reads the rows of a data set folder that have a split and at least one label of
/// `tasks` (empty: all tasks of the set). `cell_by` (empty: the tasks) names the
/// labels or attributes that are crossed into cells. Throws InputError when a task
/// is missing, a split is empty, a task has under two levels, or a level that val
/// or test holds has no training rows.
Examples read_examples(const std::filesystem::path& data, const std::vector<std::string>& tasks,
                       const std::vector<std::string>& cell_by);

}  // namespace evenface::train
