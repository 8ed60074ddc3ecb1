#include "evenface/stats/label_noise.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/stats/ratio.h"

namespace evenface::stats {

TippingPoint tipping_point(const GroupCount& better, const GroupCount& worse, int classes, double level) {
  require(classes >= 2, "label errors need two classes", classes);
  const Interval b = wilson_interval(better.right, better.n, level), w = wilson_interval(worse.right, worse.n, level);
  const std::int64_t rows = std::llround(better.n + worse.n);
  const double chance = 1.0 / classes;

  TippingPoint tipping;
  tipping.least = {
      better.rate() - worse.rate(), mover_difference(better.rate(), b, worse.rate(), w), rows, "Newcombe", {}};
  if (b.low <= chance || worse.rate() < chance) {
    tipping.clean =
        not_estimable(rows, fmt::format("a rate that may be chance, {:.3g} for {} classes", chance, classes));
    return tipping;
  }
  const Interval ratio = mover_ratio(worse.rate() - chance, {std::max(0.0, w.low - chance), w.high - chance},
                                     better.rate() - chance, {b.low - chance, b.high - chance});
  const double r = (worse.rate() - chance) / (better.rate() - chance);
  tipping.clean = {(1 - r) * (1 - chance),
                   Interval{(1 - ratio.high) * (1 - chance), (1 - ratio.low) * (1 - chance)},
                   rows,
                   "MOVER-R, Wilson",
                   {}};
  return tipping;
}

}  // namespace evenface::stats
