#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include <ATen/core/Tensor.h>
#include <nlohmann/json_fwd.hpp>

#include "evenface/balance/validation_attention.h"
#include "evenface/train/examples.h"

namespace evenface::train {

/// How a model did on some rows: sums that go on from a checkpoint without rounding.
struct Tally {
  std::int64_t rows = 0;
  double loss = 0;                          ///< summed over rows
  std::vector<balance::ClassCounts> tasks;  ///< per task: labelled rows and correct ones
  balance::ClassCounts joint;               ///< rows labelled in every task, and all correct
  std::vector<balance::ClassCounts> cells;  ///< the same per cell
};

Tally empty_tally(const Examples& examples);

/// Counts the rows whose logits (n x classes of all tasks, CPU) these are. The loss is the caller's to add.
void count_correct(Tally& tally, const Examples& examples, std::span<const std::int64_t> rows,
                   const at::Tensor& logits);

/// correct / rows; NaN without rows.
double share_correct(const balance::ClassCounts& counts);

/// Mean and population SD of the accuracies of the cells that have rows; NaN without any.
struct CellSpread {
  double mean, sd;
};
CellSpread spread_over_cells(const Tally& tally);

void to_json(nlohmann::json& json, const Tally& tally);
void from_json(const nlohmann::json& json, Tally& tally);

}  // namespace evenface::train
