#include "evenface/balance/normalise.h"

#include <cmath>

#include "evenface/core/error.h"

namespace evenface::balance {

std::vector<double> mean_one(std::span<const double> class_weights, std::span<const std::int64_t> training_rows) {
  require(class_weights.size() == training_rows.size(), "each class needs a weight and a number of rows",
          class_weights.size(), training_rows.size());
  double rows = 0, weighted = 0;
  for (std::size_t c = 0; c < class_weights.size(); ++c) {
    require(std::isfinite(class_weights[c]) && class_weights[c] > 0, "weights must be positive", class_weights[c]);
    require(training_rows[c] >= 0, "rows can't be negative", training_rows[c]);
    rows += static_cast<double>(training_rows[c]);
    weighted += static_cast<double>(training_rows[c]) * class_weights[c];
  }
  require(rows > 0, "there are no training rows to weight");
  std::vector<double> scaled(class_weights.begin(), class_weights.end());
  for (double& w : scaled) w *= rows / weighted;
  return scaled;
}

}  // namespace evenface::balance
