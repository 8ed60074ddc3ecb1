#include "evenface/stats/parity.h"

#include <algorithm>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/stats/metric.h"
#include "evenface/stats/ratio.h"

namespace evenface::stats {
namespace {

Parity parity_of(const Cells& cells, int run, const Metric& metric, double level, std::int64_t min_rows) {
  require(0 <= run && run < cells.runs(), "there is no such run", run);
  require(0 <= metric.positive && metric.positive < cells.classes(), "there is no such class", metric.positive);
  require(0 < level && level < 1, "the level must lie between 0 and 1", level);
  Parity parity;
  std::vector<GroupCount> rates;
  for (std::int64_t g = 0; g < cells.groups(); ++g) {
    const GroupCount count = share_of(metric, cells.confusion(g, run)).count();
    if (count.n > 0 && count.n >= static_cast<double>(min_rows)) rates.push_back(count);
    else parity.left_out.push_back(g);
  }
  if (rates.size() < 2) {
    parity.difference = parity.ratio = not_estimable(
        rows_of(rates), fmt::format("{} groups with the rows for this rate, and two are needed", rates.size()));
    return parity;
  }
  parity.difference = gap_estimate(rates, level);
  parity.ratio = min_max_ratio_estimate(rates, level);
  return parity;
}

/// The worse of two figures: that which `worse` picks, and each end alike, for both intervals hold at once.
template <class Worse>
Estimate worse_of(const Estimate& a, const Estimate& b, Worse worse) {
  if (!a.estimable()) return a;
  if (!b.estimable()) return b;
  return {worse(*a.value, *b.value),
          Interval{worse(a.interval->low, b.interval->low), worse(a.interval->high, b.interval->high)},
          a.n + b.n,
          a.method,
          {}};
}

}  // namespace

Parity demographic_parity(const Cells& cells, int run, int positive, const ParitySettings& settings) {
  return parity_of(cells, run, {.measure = Measure::kSelectionRate, .positive = positive}, settings.level,
                   settings.min_rows);
}

Parity equal_opportunity(const Cells& cells, int run, int positive, const ParitySettings& settings) {
  return parity_of(cells, run, {.measure = Measure::kRecall, .positive = positive}, settings.level, settings.min_rows);
}

Parity equalized_odds(const Cells& cells, int run, int positive, const ParitySettings& settings) {
  const double each = (1 + settings.level) / 2;  // two families of rates share the error
  const Parity tpr =
      parity_of(cells, run, {.measure = Measure::kRecall, .positive = positive}, each, settings.min_rows);
  const Parity fpr =
      parity_of(cells, run, {.measure = Measure::kFalsePositiveRate, .positive = positive}, each, settings.min_rows);
  Parity odds;
  odds.difference = worse_of(tpr.difference, fpr.difference, [](double a, double b) { return std::max(a, b); });
  odds.ratio = worse_of(tpr.ratio, fpr.ratio, [](double a, double b) { return std::min(a, b); });
  std::ranges::set_union(tpr.left_out, fpr.left_out, std::back_inserter(odds.left_out));
  return odds;
}

}  // namespace evenface::stats
