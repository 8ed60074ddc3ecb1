#include "evenface/stats/before_after_rules.h"

#include <algorithm>
#include <cmath>

#include "evenface/core/error.h"
#include "evenface/stats/significance.h"

namespace evenface::stats {

void SeedVariance::add(double variance, double rows) {
  sum_ += rows * variance, rows_ += rows, squares_ += rows * rows;
}

double SeedVariance::mean() const { return rows_ > 0 ? sum_ / rows_ : 0; }

double SeedVariance::groups() const { return rows_ > 0 ? rows_ * rows_ / squares_ : 0; }

Estimate around(double value, double se, double quantile, std::int64_t n, std::string method) {
  return {value, Interval{value - quantile * se, value + quantile * se}, n, std::move(method), {}};
}

Estimate wider(Estimate e, const Estimate& other) {
  if (!e.interval || !other.interval) return e;
  const Interval both{std::min(e.interval->low, other.interval->low), std::max(e.interval->high, other.interval->high)};
  if (both.low < e.interval->low || both.high > e.interval->high) e.interval = both, e.method = other.method;
  return e;
}

double variance_within(const Estimate& e, double level) {
  if (!e.interval) return 0;
  const double half = std::max(*e.value - e.interval->low, e.interval->high - *e.value);
  return std::pow(half / normal_quantile(0.5 + level / 2), 2);
}

double p_of_change(double change, double se, double df, double units) {
  if (change == 0) return 1;
  return se > 0 ? t_two_sided_p(change / se, df) : std::max(kLeastP, std::min(1.0, std::exp2(1 - units)));
}

void require_runs(int before, int after) {
  if ((before == 1 && after == 1) || std::min(before, after) >= 3) return;
  throw InputError({.file = {},
                    .at = {},
                    .found = std::to_string(before) + " runs before and " + std::to_string(after) + " after",
                    .expected = "one run before and one after, or at least three of each",
                    .remedy = "train with more seeds (--seeds 5); two runs can't show how far seeds alone differ"});
}

void require_groups(std::size_t estimable, std::int64_t min_group) {
  if (estimable >= 2) return;
  throw InputError({.file = {},
                    .at = {},
                    .found = std::to_string(estimable) + " groups have at least " + std::to_string(min_group) + " rows",
                    .expected = "at least two groups to compare",
                    .remedy = "use fewer attributes in --by, or a smaller --min-group"});
}

void decide(std::vector<GroupChange>& changes, const BeforeAfterSettings& settings, bool higher_is_better) {
  std::vector<double> p;
  for (const GroupChange& c : changes) p.push_back(c.p);
  const std::vector<double> adjusted = settings.false_discoveries ? benjamini_yekutieli(p) : holm(p);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    GroupChange& c = changes[i];
    c.p_adjusted = adjusted[i];
    if (!c.accuracy.change.estimable()) c.outcome = Outcome::kNotEstimable;
    else if (c.p_adjusted < 1 - settings.level)
      c.outcome = (*c.accuracy.change.value > 0) == higher_is_better ? Outcome::kWon : Outcome::kLost;
  }
}

Price price_of(const Interval& change, double margin) {
  if (change.high < 0) return Price::kLost;
  return change.low > -margin ? Price::kWithinMargin : Price::kOpen;
}

namespace {

Verdict verdict_of(const Interval& change_of_spread) {
  if (change_of_spread.high < 0) return Verdict::kFairer;
  if (change_of_spread.low > 0) return Verdict::kLessFair;
  return Verdict::kNoEvidence;
}

/// The price of a change, where a loss is a fall, or of an error rate a rise.
Price price(const Estimate& change, double margin, bool higher_is_better) {
  if (!change.interval) return Price::kOpen;
  const Interval i = *change.interval;
  return price_of(higher_is_better ? i : Interval{-i.high, -i.low}, margin);
}

}  // namespace

void conclude(BeforeAfter& r, const BeforeAfterSettings& settings, bool higher_is_better) {
  r.verdict = r.spread.change.interval ? verdict_of(*r.spread.change.interval) : Verdict::kNoEvidence;
  r.with_losers = std::ranges::any_of(r.groups, [](const GroupChange& g) { return g.outcome == Outcome::kLost; });
  r.price_over_faces = price(r.over_faces.change, settings.margin, higher_is_better);
  r.price_over_groups = price(r.over_groups.change, settings.margin, higher_is_better);
}

}  // namespace evenface::stats
