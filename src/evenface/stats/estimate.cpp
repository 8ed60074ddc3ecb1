#include "evenface/stats/estimate.h"

#include <fmt/format.h>

namespace evenface::stats {

Estimate proportion(double successes, std::int64_t n, std::int64_t min_rows, double level) {
  if (n == 0 || n < min_rows) return not_estimable(n, fmt::format("{} rows, fewer than {}", n, min_rows));
  const auto trials = static_cast<double>(n);
  return {successes / trials, wilson_interval(successes, trials, level), n, "Wilson", {}};
}

Estimate not_estimable(std::int64_t n, std::string reason) {
  return {std::nullopt, std::nullopt, n, {}, "not estimable: " + std::move(reason)};
}

}  // namespace evenface::stats
