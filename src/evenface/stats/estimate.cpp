#include "evenface/stats/estimate.h"

#include <cmath>

#include <fmt/format.h>

namespace evenface::stats {

Estimate proportion(double successes, double n, std::int64_t min_rows, double level, RateInterval kind) {
  const std::int64_t rows = std::llround(n);
  if (n <= 0 || n < static_cast<double>(min_rows)) return too_few_rows(rows, min_rows);
  return {successes / n, rate_interval(kind, successes, n, level), rows, name_of(kind), {}};
}

void drop_without_width(Estimate& e) {
  if (!e.interval || has_width(*e.interval)) return;
  e.interval.reset();
  e.method = "no interval, as nothing varies";
}

Estimate too_few_rows(std::int64_t n, std::int64_t min_rows) {
  return not_estimable(n, fmt::format("{} rows, fewer than {}", n, min_rows));
}

Estimate not_estimable(std::int64_t n, std::string reason) {
  return {std::nullopt, std::nullopt, n, {}, "not estimable: " + std::move(reason)};
}

Estimate not_applicable(std::int64_t n, std::string reason) {
  return {std::nullopt, std::nullopt, n, {}, "not applicable: " + std::move(reason)};
}

}  // namespace evenface::stats
