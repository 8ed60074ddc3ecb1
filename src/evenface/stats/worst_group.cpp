#include "evenface/stats/worst_group.h"

#include "evenface/core/error.h"

namespace evenface::stats {
namespace {

std::int64_t lowest(const std::vector<GroupCount>& choosing, const std::vector<GroupCount>& estimating) {
  std::int64_t worst = -1;
  for (std::size_t g = 0; g < choosing.size(); ++g) {
    if (choosing[g].n < 2 || estimating[g].n < 2) continue;
    if (worst < 0 || choosing[g].rate() < choosing[static_cast<std::size_t>(worst)].rate())
      worst = static_cast<std::int64_t>(g);
  }
  return worst;
}

}  // namespace

WorstGroup cross_fitted_worst(const PairedCells& first, const PairedCells& second, Arm arm, double level) {
  const auto a = mean_counts(first, arm), b = mean_counts(second, arm);
  const std::int64_t by_first = lowest(a, b), by_second = lowest(b, a);
  if (by_first < 0) return {not_estimable(0, "no group has two rows in each half"), {0, 0}};
  const GroupCount& held_second = b[static_cast<std::size_t>(by_first)];
  const GroupCount& held_first = a[static_cast<std::size_t>(by_second)];
  Estimate rate = proportion(held_second.right + held_first.right, held_second.n + held_first.n, 1, level);
  rate.method = "cross-fitted, Wilson";
  return {std::move(rate), {by_first, by_second}};
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
