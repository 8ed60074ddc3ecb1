#include "evenface/balance/validation_attention.h"

#include <cmath>
#include <limits>

#include "evenface/core/error.h"

namespace evenface::balance {
namespace {

struct Spread {
  double mean = 0, sd = 0;
};

Spread spread_of_known(std::span<const double> accuracies) {
  double n = 0, sum = 0, squares = 0;
  for (const double a : accuracies)
    if (!std::isnan(a)) n += 1, sum += a;
  if (n == 0) return {};
  const double mean = sum / n;
  for (const double a : accuracies)
    if (!std::isnan(a)) squares += (a - mean) * (a - mean);
  return {mean, std::sqrt(squares / n)};
}

}  // namespace

std::vector<double> validation_attention(std::span<const double> accuracies) {
  const auto [mean, sd] = spread_of_known(accuracies);
  // Equal accuracies leave an SD of rounding errors, which must not be scaled up to weights.
  const bool equal = sd <= 1e-9 * std::abs(mean);
  std::vector<double> weights;
  for (const double a : accuracies) weights.push_back(equal || std::isnan(a) ? 1.0 : std::exp2((mean - a) / (2 * sd)));
  return weights;
}

std::vector<double> validation_attention(std::span<const ClassCounts> classes) {
  std::vector<double> accuracies;
  for (const auto& [rows, correct] : classes) {
    require(0 <= correct && correct <= rows, "correct must lie in 0..rows", correct, rows);
    accuracies.push_back(rows == 0 ? std::numeric_limits<double>::quiet_NaN()
                                   : static_cast<double>(correct) / static_cast<double>(rows));
  }
  return validation_attention(accuracies);
}

}  // namespace evenface::balance
