#pragma once
#include <cstdint>
#include <limits>

namespace evenface::train {

/// Which epoch was best on the validation split, and whether to go on.
struct EarlyStopping {
  std::int64_t best_epoch = 0;  ///< 1-based; 0: none yet
  double best_score = -std::numeric_limits<double>::infinity();
};

/// Takes in the score (higher is better) of an epoch, counted from 1; true when it
/// is better than every earlier one. Of equal epochs the earliest is best; a NaN is never.
inline bool improved(EarlyStopping& state, std::int64_t epoch, double score) {
  if (!(score > state.best_score)) return false;
  state = {epoch, score};
  return true;
}

/// Whether `patience` epochs in a row brought nothing better; patience 0 never stops.
inline bool out_of_patience(const EarlyStopping& state, std::int64_t epoch, std::int64_t patience) {
  return patience > 0 && epoch - state.best_epoch >= patience;
}

}  // namespace evenface::train
