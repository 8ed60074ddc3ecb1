#include "evenface/study/equalised_odds.h"

#include <algorithm>

namespace evenface::study {
namespace {
using stats::Estimate;

/// The one further from best, where that is a `larger` figure.
Estimate further_of(const Estimate& a, const Estimate& b, bool larger) {
  if (!a.estimable()) return a;
  if (!b.estimable()) return b;
  const auto further = [&](double x, double y) { return larger ? std::max(x, y) : std::min(x, y); };
  Estimate odds{further(*a.value, *b.value), std::nullopt, std::max(a.n, b.n), a.method, {}};
  if (a.interval && b.interval)
    odds.interval =
        stats::Interval{further(a.interval->low, b.interval->low), further(a.interval->high, b.interval->high)};
  return odds;
}

}  // namespace

EqualisedOdds equalised_odds(const Judgement& recall, const Judgement& false_positive_rate) {
  return {recall.crossing, recall.metric, false_positive_rate.metric,
          further_of(recall.gap, false_positive_rate.gap, true),
          further_of(recall.ratio, false_positive_rate.ratio, false)};
}

std::vector<EqualisedOdds> all_equalised_odds(const std::vector<Judgement>& judgements) {
  std::vector<EqualisedOdds> odds;
  for (const Judgement& j : judgements) {
    if (j.metric.measure != "recall") continue;
    MetricName other = j.metric;
    other.measure = "false_positive_rate";
    const auto found = std::ranges::find_if(
        judgements, [&](const Judgement& k) { return k.crossing == j.crossing && k.metric == other; });
    if (found != judgements.end()) odds.push_back(equalised_odds(j, *found));
  }
  return odds;
}

}  // namespace evenface::study
