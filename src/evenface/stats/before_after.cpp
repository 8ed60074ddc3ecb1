#include "evenface/stats/before_after.h"

#include <algorithm>
#include <cmath>

#include "evenface/core/error.h"
#include "evenface/stats/bootstrap.h"
#include "evenface/stats/quantile.h"
#include "evenface/stats/significance.h"

namespace evenface::stats {
namespace {

constexpr const char* kRowsOrSeeds = "rows or seeds, whichever vary more, t";

/// The mean and the variance of the mean of d = share right after - before over a group's rows.
struct RowChange {
  double mean, variance_of_mean;
};

RowChange row_change(const PairedCells& cells, std::int64_t group) {
  double n = 0, sum = 0, squares = 0;
  for (const auto& [pattern, rows] : cells.of(group)) {
    const double d = share_right(cells, pattern, Arm::kAfter) - share_right(cells, pattern, Arm::kBefore);
    n += static_cast<double>(rows), sum += d * static_cast<double>(rows), squares += d * d * static_cast<double>(rows);
  }
  const double mean = sum / n;
  return {mean, n > 1 ? std::max(0.0, squares / n - mean * mean) / (n - 1) : 0};
}

double sample_variance(const std::vector<double>& values) {
  if (values.size() < 2) return 0;
  double mean = 0, sum = 0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  for (const double v : values) sum += (v - mean) * (v - mean);
  return sum / static_cast<double>(values.size() - 1);
}

/// Variance of the difference of the arms' means that the choice of seeds alone
/// causes, s_b^2/m_b + s_a^2/m_a, of a figure that each run has.
template <class Figure>
double seed_variance(const PairedCells& cells, Figure figure) {
  double variance = 0;
  for (const Arm arm : {Arm::kBefore, Arm::kAfter}) {
    const auto [first, last] = runs_of(cells, arm);
    std::vector<double> values;
    for (int run = first; run < last; ++run) values.push_back(figure(counts_of_run(cells, run)));
    variance += sample_variance(values) / static_cast<double>(values.size());
  }
  return variance;
}

double rate_over_faces(const std::vector<GroupCount>& groups) {
  double n = 0, right = 0;
  for (const GroupCount& g : groups) n += g.n, right += g.right;
  return right / n;
}

double rate_over_groups(const std::vector<GroupCount>& groups) {
  double sum = 0;
  for (const GroupCount& g : groups) sum += g.rate();
  return sum / static_cast<double>(groups.size());
}

int degrees_of_freedom(const PairedCells& cells) { return cells.runs() - 2; }

Estimate around(double value, double se, double quantile, std::int64_t n, std::string method) {
  return {value, Interval{value - quantile * se, value + quantile * se}, n, std::move(method), {}};
}

/// Quantile and name of the interval for a change that is a mean over rows.
Estimate mean_change(double value, double row_variance, double seeds, const PairedCells& cells, double level,
                     std::int64_t n) {
  if (cells.runs() == 2)
    return around(value, std::sqrt(row_variance), normal_quantile(0.5 + level / 2), n, "paired rows, normal");
  return around(value, std::sqrt(std::max(row_variance, seeds)), t_quantile(0.5 + level / 2, degrees_of_freedom(cells)),
                n, kRowsOrSeeds);
}

Change change_over_faces(const PairedCells& cells, const BeforeAfterSettings& s) {
  PairedCells pooled(1, cells.runs_before(), cells.runs_after());
  for (std::int64_t g = 0; g < cells.groups(); ++g)
    for (const auto& [pattern, rows] : cells.of(g)) pooled.add(0, pattern, rows);
  const GroupCount before = mean_counts(pooled, Arm::kBefore)[0], after = mean_counts(pooled, Arm::kAfter)[0];
  Change c{proportion(before.right, before.n, 1, s.level), proportion(after.right, after.n, 1, s.level), {}};
  if (cells.runs() == 2) {
    c.change = {after.rate() - before.rate(),
                newcombe_paired_interval(pair_counts(pooled, 0), s.level),
                c.before.n,
                "Newcombe paired",
                {}};
    return c;
  }
  const RowChange d = row_change(pooled, 0);
  c.change = mean_change(d.mean, d.variance_of_mean, seed_variance(cells, rate_over_faces), cells, s.level, before.n);
  return c;
}

/// The unweighted mean of the group rates: each arm by the variance of its rows, the change paired.
Change change_over_groups(const PairedCells& cells, const BeforeAfterSettings& s) {
  const auto k = static_cast<double>(cells.groups());
  double mean = 0, variance = 0;
  for (std::int64_t g = 0; g < cells.groups(); ++g) {
    const RowChange d = row_change(cells, g);
    mean += d.mean / k, variance += d.variance_of_mean / (k * k);
  }
  Change c{mean_over_groups(mean_counts(cells, Arm::kBefore), s.level),
           mean_over_groups(mean_counts(cells, Arm::kAfter), s.level),
           {}};
  c.change = mean_change(mean, variance, seed_variance(cells, rate_over_groups), cells, s.level, c.before.n);
  return c;
}

double variance_of(const std::vector<SpreadReplicate>& replicates, double (*figure)(const SpreadReplicate&)) {
  std::vector<double> values;
  for (const SpreadReplicate& r : replicates) values.push_back(figure(r));
  return sample_variance(values);
}

double arm_seed_variance(const PairedCells& cells, Arm arm) {
  const auto [first, last] = runs_of(cells, arm);
  std::vector<double> values;
  for (int run = first; run < last; ++run) values.push_back(spread_of(corrected_variance(counts_of_run(cells, run))));
  return sample_variance(values) / (last - first);
}

Change change_of_spread(const PairedCells& cells, const BeforeAfterSettings& s, const Context& context) {
  const auto replicates = bootstrap_spread(cells, s.bootstrap, s.seed, context);
  Change c{
      arm_spread(cells, Arm::kBefore, s.level, replicates), arm_spread(cells, Arm::kAfter, s.level, replicates), {}};
  const double value = *c.after.value - *c.before.value;
  if (cells.runs() == 2) {
    std::vector<double> changes;
    for (const SpreadReplicate& r : replicates) changes.push_back(r.after - r.before);
    c.change = {value, percentile_interval(changes, s.level), c.before.n, "double-corrected bootstrap", {}};
    return c;
  }
  const double rows = variance_of(replicates, [](const SpreadReplicate& r) { return r.after - r.before; });
  const double seeds = arm_seed_variance(cells, Arm::kBefore) + arm_seed_variance(cells, Arm::kAfter);
  c.change = mean_change(value, rows, seeds, cells, s.level, c.before.n);
  return c;
}

Change change_of_gap(const PairedCells& cells, const BeforeAfterSettings& s) {
  Change c{gap_estimate(mean_counts(cells, Arm::kBefore), s.level),
           gap_estimate(mean_counts(cells, Arm::kAfter), s.level),
           {}};
  c.change.value = *c.after.value - *c.before.value;
  c.change.n = c.before.n;
  c.change.method = "no valid interval is known for the change of a gap";
  return c;
}

double expected_pairs(const PairedCells& cells, std::int64_t group, Arm right, Arm wrong) {
  double rows = 0;
  for (const auto& [pattern, n] : cells.of(group))
    rows += static_cast<double>(n) * share_right(cells, pattern, right) * (1 - share_right(cells, pattern, wrong));
  return rows;
}

/// The change of one group, which has rows, with its raw p; Holm and the outcome come after all groups are known.
GroupChange group_change(const PairedCells& cells, std::int64_t g, double mean_seed_variance,
                         const BeforeAfterSettings& s) {
  const GroupCount before = mean_counts(cells.only({{g}}), Arm::kBefore)[0];
  const GroupCount after = mean_counts(cells.only({{g}}), Arm::kAfter)[0];
  const std::int64_t n = cells.rows(g);
  GroupChange change{g, n, {}, 1, 1, Outcome::kNone, 0, 0};
  change.accuracy.before = proportion(before.right, before.n, s.min_group, s.level);
  change.accuracy.after = proportion(after.right, after.n, s.min_group, s.level);
  change.accuracy.change = change.accuracy.before;
  change.lost = expected_pairs(cells, g, Arm::kBefore, Arm::kAfter);
  change.won = expected_pairs(cells, g, Arm::kAfter, Arm::kBefore);
  const RowChange d = row_change(cells, g);
  Estimate measured;
  if (cells.runs() == 2) {
    const PairCounts pairs = pair_counts(cells, g);
    change.p = mcnemar_exact(pairs.lost, pairs.won);
    measured = {d.mean, newcombe_paired_interval(pairs, s.level), n, "Newcombe paired", {}};
  } else {
    const double se = std::sqrt(std::max(d.variance_of_mean, mean_seed_variance));
    const double df = static_cast<double>(cells.groups()) * degrees_of_freedom(cells);
    change.p = se > 0 ? t_two_sided_p(d.mean / se, df) : d.mean == 0 ? 1 : 0;
    measured = around(d.mean, se, t_quantile(0.5 + s.level / 2, df), n, kRowsOrSeeds);
  }
  if (change.accuracy.before.estimable()) change.accuracy.change = measured;
  return change;
}

/// (s_b,g^2 + s_a,g^2)/m, averaged over the groups, which all have rows.
double mean_seed_variance(const PairedCells& cells) {
  double sum = 0;
  for (std::int64_t g = 0; g < cells.groups(); ++g) sum += seed_variance(cells.only({{g}}), rate_over_faces);
  return sum / static_cast<double>(cells.groups());
}

Verdict verdict_of(const Interval& change_of_spread) {
  if (change_of_spread.high < 0) return Verdict::kFairer;
  if (change_of_spread.low > 0) return Verdict::kLessFair;
  return Verdict::kNoEvidence;
}

void require_runs(const PairedCells& cells) {
  const bool one_each = cells.runs_before() == 1 && cells.runs_after() == 1;
  if (one_each || std::min(cells.runs_before(), cells.runs_after()) >= 3) return;
  throw InputError({.file = {},
                    .at = {},
                    .found = std::to_string(cells.runs_before()) + " runs before and " +
                             std::to_string(cells.runs_after()) + " after",
                    .expected = "one run before and one after, or at least three of each",
                    .remedy = "train with more seeds (--seeds 5); two runs can't show how far seeds alone differ"});
}

}  // namespace

std::vector<GroupChange> group_changes(const PairedCells& cells, const BeforeAfterSettings& s) {
  std::vector<std::int64_t> filled;  // a crossing that nobody belongs to says nothing of how seeds vary
  for (std::int64_t g = 0; g < cells.groups(); ++g)
    if (cells.rows(g) > 0) filled.push_back(g);
  const PairedCells present = cells.only(filled);
  const double seeds = cells.runs() == 2 ? 0 : mean_seed_variance(present);
  std::vector<GroupChange> changes;
  std::vector<double> p;
  for (std::int64_t i = 0; i < present.groups(); ++i) {
    changes.push_back(group_change(present, i, seeds, s));
    changes.back().group = filled[static_cast<std::size_t>(i)];
    p.push_back(changes.back().p);
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    GroupChange& c = changes[i];
    c.p_adjusted = adjusted[i];
    if (!c.accuracy.change.estimable()) c.outcome = Outcome::kNotEstimable;
    else if (c.p_adjusted < 1 - s.level) c.outcome = *c.accuracy.change.value < 0 ? Outcome::kLost : Outcome::kWon;
  }
  return changes;
}

Estimate arm_spread(const PairedCells& cells, Arm arm, double level, const std::vector<SpreadReplicate>& replicates) {
  const auto [first, last] = runs_of(cells, arm);
  if (last - first == 1) return corrected_spread(counts_of_run(cells, first), level);
  const double rows = variance_of(
      replicates, arm == Arm::kBefore ? [](const SpreadReplicate& r) { return r.before; }
                                      : [](const SpreadReplicate& r) { return r.after; });
  Estimate e = around(mean_spread(cells, arm), std::sqrt(std::max(rows, arm_seed_variance(cells, arm))),
                      t_quantile(0.5 + level / 2, last - first - 1), rows_of(mean_counts(cells, arm)), kRowsOrSeeds);
  e.interval->low = std::max(0.0, e.interval->low);
  return e;
}

std::vector<std::int64_t> estimable_groups(const PairedCells& cells, std::int64_t min_group) {
  std::vector<std::int64_t> estimable;
  for (std::int64_t g = 0; g < cells.groups(); ++g)
    if (cells.rows(g) >= std::max<std::int64_t>(2, min_group)) estimable.push_back(g);
  if (estimable.size() >= 2) return estimable;
  throw InputError(
      {.file = {},
       .at = {},
       .found = std::to_string(estimable.size()) + " groups have at least " + std::to_string(min_group) + " rows",
       .expected = "at least two groups to compare",
       .remedy = "use fewer attributes in --by, or a smaller --min-group"});
}

Price price_of(const Interval& change, double margin) {
  if (change.high < 0) return Price::kLost;
  return change.low > -margin ? Price::kWithinMargin : Price::kOpen;
}

BeforeAfter compare_before_after(const PairedCells& cells, const BeforeAfterSettings& s, const Context& context) {
  require_runs(cells);
  const std::vector<std::int64_t> estimable = estimable_groups(cells, s.min_group);
  const PairedCells judged = cells.only(estimable);
  BeforeAfter r{.several_seeds = cells.runs() > 2,
                .groups = group_changes(cells, s),
                .over_faces = change_over_faces(cells, s),
                .over_groups = change_over_groups(judged, s),
                .spread = change_of_spread(judged, s, context),
                .gap = change_of_gap(judged, s),
                .estimable_groups = judged.groups(),
                .verdict = {},
                .with_losers = false,
                .price_over_faces = {},
                .price_over_groups = {}};
  r.verdict = verdict_of(*r.spread.change.interval);
  r.with_losers = std::ranges::any_of(r.groups, [](const GroupChange& g) { return g.outcome == Outcome::kLost; });
  r.price_over_faces = price_of(*r.over_faces.change.interval, s.margin);
  r.price_over_groups = price_of(*r.over_groups.change.interval, s.margin);
  return r;
}

}  // namespace evenface::stats
