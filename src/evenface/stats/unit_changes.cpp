#include "evenface/stats/unit_changes.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "evenface/stats/before_after_rules.h"
#include "evenface/stats/unit_influence.h"

namespace evenface::stats {
namespace {

/// The standard error of a change, the degrees of freedom it has, and whether units vary or seeds alone.
struct Error {
  double se, df;
  bool units_vary;
};

Error error_of(const PairedUnits& all, const Linear& l, double seeds, double df_of_seeds) {
  const double rows = variance_of_change(all, l);
  if (one_run_each(all)) return {std::sqrt(rows), l.drawn - 1, rows > 0};
  return {std::sqrt(std::max(rows, seeds)), df_of_seeds, rows > 0};
}

/// Of a single mean: as many units of equal weight as tell as much (Kish 1965).
double effective_units(const Linear& l) {
  double sum = 0, squares = 0;
  for (const PairedUnit& unit : l.units) {
    const double weight = unit.adds.front().whole;
    sum += unit.copies * weight, squares += unit.copies * weight * weight;
  }
  return squares > 0 ? sum * sum / squares : 1;
}

/// A change where no unit differs from another.
Estimate change_alike(const PairedUnits& all, const Linear& l, const Change& arms, std::int64_t n, double level) {
  const double change = change_of(all, l);
  const Bounds& bounds = all.kind().bounds;
  if (const double width = bounds.high - bounds.low; change == 0 && all.ratios() == 1 && std::isfinite(width)) {
    // A mean over units none of which changed: more than this share of them would have shown a change.
    const double most = width * (1 - std::pow((1 - level) / 2, 1 / effective_units(l)));
    return {change, Interval{-most, most}, n, "Clopper-Pearson, as none changed", {}};
  }
  Estimate e{change, std::nullopt, n, "MOVER, as if independent", {}};
  if (arms.before.interval && arms.after.interval)
    e.interval = mover_difference(*arms.after.value, *arms.after.interval, *arms.before.value, *arms.before.interval);
  return e;
}

Estimate estimate_change(const PairedUnits& all, const Linear& l, const Change& arms, Error error, std::int64_t n,
                         double level) {
  if (!(error.se > 0 && error.df > 0)) return change_alike(all, l, arms, n, level);
  Estimate e = around(change_of(all, l), error.se, t_quantile(0.5 + level / 2, error.df), n, method_of_change(all));
  return error.units_vary ? e : wider(e, change_alike(all, l, arms, n, level));
}

double p_of_change(const PairedUnits& all, const Linear& l, std::int64_t group, Error error,
                   const BeforeAfterSettings& s) {
  if (one_run_each(all)) return sign_flip_p(all, l, static_cast<std::uint64_t>(group), s);
  return stats::p_of_change(change_of(all, l), error.se, error.df, l.drawn);
}

std::vector<GroupChange> changes_of(const PairedUnits& all, const std::vector<Linear>& groups, const Arms& arms,
                                    const BeforeAfterSettings& s) {
  SeedVariance seeds;
  for (std::size_t g = 0; g < groups.size(); ++g)
    if (!one_run_each(all) && groups[g].known() && arms.before.groups[g].estimable())
      seeds.add(seed_variance(all, groups[g].values), groups[g].drawn);
  std::vector<GroupChange> changes;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].drawn == 0) continue;
    GroupChange c{static_cast<std::int64_t>(g), 0, {}, 1, 1, Outcome::kNone, 0, 0};
    c.accuracy.before = arms.before.groups[g], c.accuracy.after = arms.after.groups[g];
    c.n = c.accuracy.before.n;
    c.accuracy.change = c.accuracy.before.estimable() ? c.accuracy.after : c.accuracy.before;
    if (groups[g].known()) {
      const Error error = error_of(all, groups[g], seeds.mean(), std::max(1.0, seeds.groups()) * seeds_df(all));
      c.p = p_of_change(all, groups[g], c.group, error, s);
      if (c.accuracy.change.estimable())
        c.accuracy.change = estimate_change(all, groups[g], c.accuracy, error, c.n, s.level);
    }
    changes.push_back(std::move(c));
  }
  decide(changes, s, arms.higher_is_better);
  return changes;
}

/// The unweighted mean of the groups. A person who is in several groups moves all of them.
/// `changes` are those of these groups.
Change change_over_groups(const PairedUnits& all, const std::vector<Linear>& groups,
                          const std::vector<Estimate>& changes, const BeforeAfterSettings& s) {
  const auto k = static_cast<double>(groups.size());
  double change = 0, rows = 0, alike = 0, drawn = 0;  // alike: the variance of groups in which no unit differs
  std::map<std::uint64_t, double> of_person;
  std::vector<double> means(static_cast<std::size_t>(all.runs()));
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Linear& l = groups[g];
    change += change_of(all, l) / k;
    for (std::size_t run = 0; run < means.size(); ++run) means[run] += l.values[run] / k;
    const double own = variance_of_change(all, l);
    if (own == 0) alike += variance_within(changes[g], s.level) / (k * k);
    if (!all.by_person()) drawn += l.drawn, rows += own / (k * k);
    else
      for (std::size_t u = 0; u < l.units.size(); ++u)
        of_person[l.units[u].person] += influence_on_change(all, l, u) / k;
  }
  if (all.by_person()) {
    drawn = static_cast<double>(of_person.size());
    double squares = 0, fourths = 0;
    for (const auto& [person, moved] : of_person) squares += moved * moved, fourths += moved * moved * moved * moved;
    rows = variance_of_moves(all.kind(), squares, fourths, drawn);
  }
  const double variance = rows + alike;
  const Bounds& bounds = all.kind().bounds;
  Change c{mean_over_groups(values_in(all, groups, Arm::kBefore), bounds, s.level),
           mean_over_groups(values_in(all, groups, Arm::kAfter), bounds, s.level),
           {}};
  const double df = one_run_each(all) ? std::max(1.0, drawn - 1) : seeds_df(all);
  const double se =
      std::sqrt(without_rounding(one_run_each(all) ? variance : std::max(variance, seed_variance(all, means))));
  c.change = se > 0 ? around(change, se, t_quantile(0.5 + s.level / 2, df), c.before.n, method_of_change(all))
                    : mean_of_estimates(changes);
  return c;
}

/// Wilson's interval of a share on as many rows as tell as much; of any other metric Student's t within its bounds, or
/// Wilson's between them where no unit differs from another.
Interval interval_of(const GroupValue& v, const MetricKind& kind, double level) {
  const auto& [low, high] = kind.bounds;
  if (!kind.is_share) {
    if (v.n <= 1) return {low, high};
    if (const double width = high - low; v.variance <= 0 && std::isfinite(width)) {
      const Interval i = wilson_interval((v.value - low) / width * v.n, v.n, level);
      return {low + width * i.low, low + width * i.high};
    }
    const double half = t_quantile(0.5 + level / 2, v.n - 1) * std::sqrt(v.variance);
    return {std::max(low, v.value - half), std::min(high, v.value + half)};
  }
  const double effective =
      v.variance > 0 && v.value > 0 && v.value < 1 ? v.value * (1 - v.value) / v.variance + 1 : v.n;
  return wilson_interval(v.value * effective, effective, level);
}

}  // namespace

std::vector<GroupChange> unit_changes(const PairedUnits& units, const Arms& arms, const BeforeAfterSettings& settings) {
  return changes_of(units, linear_groups(units), arms, settings);
}

BeforeAfter compare_units(const PairedUnits& units, const PairedUnits& pooled, const Arms& arms,
                          const BeforeAfterSettings& s, const Context& context) {
  require_runs(units.runs_before(), units.runs_after());
  const std::vector<Linear> groups = linear_groups(units);
  const auto is_judged = [&](std::size_t g) {
    return groups[g].known() && arms.before.groups[g].estimable() && arms.after.groups[g].estimable();
  };
  std::vector<Linear> judged;
  for (std::size_t g = 0; g < groups.size(); ++g)
    if (is_judged(g)) judged.push_back(groups[g]);
  require_groups(judged.size(), s.min_group);
  BeforeAfter r{.several_seeds = !one_run_each(units), .groups = changes_of(units, groups, arms, s)};
  r.estimable_groups = std::ssize(judged);
  r.test = !one_run_each(units) ? method_of_change(units)
           : units.by_person()  ? "sign flips of persons"
                                : "sign flips of rows";
  const Linear all = linear(pooled, 0);
  r.over_faces = {arms.before.over_faces, arms.after.over_faces, {}};
  const double seeds = one_run_each(units) ? 0 : seed_variance(pooled, all.values);
  r.over_faces.change = estimate_change(pooled, all, r.over_faces, error_of(pooled, all, seeds, seeds_df(units)),
                                        r.over_faces.before.n, s.level);
  std::vector<Estimate> changes;
  for (const GroupChange& g : r.groups)
    if (is_judged(static_cast<std::size_t>(g.group))) changes.push_back(g.accuracy.change);
  r.over_groups = change_over_groups(units, judged, changes, s);
  r.spread = change_of_spread(units, judged, s, context);
  r.gap = {arms.before.gap, arms.after.gap, {}};
  r.gap.change = {std::nullopt, std::nullopt, r.gap.before.n, "no valid interval is known for the change of a gap", {}};
  if (r.gap.before.estimable() && r.gap.after.estimable())
    r.gap.change.value = *r.gap.after.value - *r.gap.before.value;
  conclude(r, s, arms.higher_is_better);
  return r;
}

std::optional<GroupValue> value_of(const PairedUnits& units, std::int64_t group, Arm arm) {
  const Linear l = linear(units, group);
  return l.known() ? std::optional(value_in(units, l, arm)) : std::nullopt;
}

Estimate estimate_of(const PairedUnits& units, std::int64_t group, Arm arm, std::int64_t min_group, double level) {
  const Linear l = linear(units, group);
  const std::int64_t n = std::llround(l.drawn);
  if (!l.known() && n > 0) return not_estimable(n, "the metric has no value in every run");
  if (n < std::max<std::int64_t>(1, min_group))
    return units.by_person() ? not_estimable(n, fmt::format("{} persons, fewer than {}", n, min_group))
                             : too_few_rows(n, min_group);
  const char* method = units.kind().is_share ? "Wilson" : "t, linearised";
  const GroupValue value = value_in(units, l, arm);
  return {value.value, interval_of(value, units.kind(), level), n, method, {}};
}

WorstGroup cross_fitted_worst(const PairedUnits& first, const PairedUnits& second, Arm arm, bool higher_is_better,
                              double level) {
  const std::vector<Linear> halves[] = {linear_groups(first), linear_groups(second)};
  std::vector<std::int64_t> both;  // groups with two units in each half
  for (std::size_t g = 0; g < halves[0].size(); ++g)
    if (std::ranges::all_of(halves, [g](const auto& half) { return half[g].known() && half[g].drawn >= 2; }))
      both.push_back(static_cast<std::int64_t>(g));
  if (both.empty()) return {not_estimable(0, "no group has two rows in each half"), {0, 0}};
  const auto value = [&](std::size_t half, std::int64_t g) {
    return value_in(half == 0 ? first : second, halves[half][static_cast<std::size_t>(g)], arm);
  };
  const auto worst = [&](std::size_t half) {
    const auto badness = [&](std::int64_t g) { return (higher_is_better ? 1 : -1) * value(half, g).value; };
    return *std::ranges::min_element(both, {}, badness);
  };
  const std::int64_t by_first = worst(0), by_second = worst(1);
  const GroupValue a = value(1, by_first), b = value(0, by_second);
  const double n = a.n + b.n, share = a.n / n, alike = 1 + halves_correlation(both.size());
  const GroupValue held{share * a.value + (1 - share) * b.value,
                        (share * share * a.variance + (1 - share) * (1 - share) * b.variance) * alike, n / alike};
  return {{held.value, interval_of(held, first.kind(), level), std::llround(n), "cross-fitted", {}},
          {by_first, by_second}};
}

}  // namespace evenface::stats
