#include "evenface/stats/worst_group.h"

#include <cmath>

#include "evenface/core/error.h"
#include "evenface/stats/interval.h"

namespace evenface::stats {
namespace {

bool is_in_both(const GroupCount& a, const GroupCount& b) { return a.n >= 2 && b.n >= 2; }

std::size_t groups_in_both(const std::vector<GroupCount>& a, const std::vector<GroupCount>& b) {
  std::size_t both = 0;
  for (std::size_t g = 0; g < a.size(); ++g) both += is_in_both(a[g], b[g]);
  return both;
}

std::int64_t lowest(const std::vector<GroupCount>& choosing, const std::vector<GroupCount>& estimating) {
  std::int64_t worst = -1;
  for (std::size_t g = 0; g < choosing.size(); ++g) {
    if (!is_in_both(choosing[g], estimating[g])) continue;
    if (worst < 0 || choosing[g].rate() < choosing[static_cast<std::size_t>(worst)].rate())
      worst = static_cast<std::int64_t>(g);
  }
  return worst;
}

}  // namespace

double halves_correlation(std::size_t groups) {
  if (groups < 2) return 0;
  const auto k = static_cast<double>(groups);
  const double lowest = normal_quantile((1 - 0.375) / (k + 0.25));
  return lowest * lowest / (k - 1);
}

WorstGroup cross_fitted_worst(const PairedCells& first, const PairedCells& second, Arm arm, double level) {
  const auto a = mean_counts(first, arm), b = mean_counts(second, arm);
  const std::int64_t by_first = lowest(a, b), by_second = lowest(b, a);
  if (by_first < 0) return {not_estimable(0, "no group has two rows in each half"), {0, 0}};
  const GroupCount& held_second = b[static_cast<std::size_t>(by_first)];
  const GroupCount& held_first = a[static_cast<std::size_t>(by_second)];
  const double right = held_second.right + held_first.right, n = held_second.n + held_first.n;
  const double alike = 1 + halves_correlation(groups_in_both(a, b));
  return {{right / n, wilson_interval(right / alike, n / alike, level), std::llround(n), "cross-fitted, Wilson", {}},
          {by_first, by_second}};
}

Change change_of_worst(const WorstGroup& before, const WorstGroup& after) {
  Change c{before.rate, after.rate, {}};
  if (!before.rate.estimable() || !after.rate.estimable()) {
    c.change = before.rate.estimable() ? after.rate : before.rate;
    return c;
  }
  c.change = {*after.rate.value - *before.rate.value,
              mover_difference(*after.rate.value, *after.rate.interval, *before.rate.value, *before.rate.interval),
              std::min(before.rate.n, after.rate.n),
              "MOVER, as if independent",
              {}};
  return c;
}

}  // namespace evenface::stats
