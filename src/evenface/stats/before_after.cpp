#include "evenface/stats/before_after.h"

#include <algorithm>
#include <cmath>

#include "evenface/core/error.h"
#include "evenface/stats/before_after_rules.h"
#include "evenface/stats/bootstrap.h"
#include "evenface/stats/quantile.h"
#include "evenface/stats/significance.h"
#include "evenface/stats/spread_signs.h"

namespace evenface::stats {
namespace {

/// The mean and the variance of the mean of d = share right after - before over a group's rows, with two more that
/// differ from the mean (with_two_more); the variance is 0 where none does.
struct RowChange {
  double mean, variance_of_mean;
};

RowChange row_change(const PairedCells& cells, std::int64_t group) {
  double n = 0, mean = 0, squares = 0, fourths = 0;
  const auto each = [&](auto visit) {
    for (const auto& [pattern, rows] : cells.of(group))
      visit(share_right(cells, pattern, Arm::kAfter) - share_right(cells, pattern, Arm::kBefore),
            static_cast<double>(rows));
  };
  each([&](double d, double rows) { n += rows, mean += d * rows; });
  mean /= n;
  each([&](double d, double rows) {
    const double square = (d - mean) * (d - mean);
    squares += square * rows, fourths += square * square * rows;
  });
  return {mean, n > 1 ? with_two_more(squares, fourths) / (n * (n - 1)) : 0};
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

/// A change that is the same in all rows and seeds, which therefore shows no variance: as of one run each.
Estimate change_alike(double change, double right_before, std::int64_t n, double level) {
  const auto right = static_cast<std::int64_t>(std::llround(right_before));
  const PairCounts pairs = change > 0   ? PairCounts{0, 0, n, 0}
                           : change < 0 ? PairCounts{0, n, 0, 0}
                                        : PairCounts{right, 0, 0, n - right};
  return {change, newcombe_paired_interval(pairs, level), n, "Newcombe paired, as rows and seeds are alike", {}};
}

/// The change of a mean over rows between several runs.
Estimate mean_change(double value, double row_variance, double seeds, const PairedCells& cells, double level,
                     std::int64_t n) {
  return around(value, std::sqrt(std::max(row_variance, seeds)), t_quantile(0.5 + level / 2, degrees_of_freedom(cells)),
                n, kRowsOrSeeds);
}

Change change_over_faces(const PairedCells& cells, const BeforeAfterSettings& s) {
  PairedCells pooled(1, cells.runs_before(), cells.runs_after());
  for (std::int64_t g = 0; g < cells.groups(); ++g)
    for (const auto& [pattern, rows] : cells.of(g)) pooled.add(0, pattern, rows);
  const GroupCount before = mean_counts(pooled, Arm::kBefore)[0], after = mean_counts(pooled, Arm::kAfter)[0];
  Change c{proportion(before.right, before.n, 1, s.level, s.rates),
           proportion(after.right, after.n, 1, s.level, s.rates),
           {}};
  if (cells.runs() == 2) {
    c.change = {after.rate() - before.rate(),
                newcombe_paired_interval(pair_counts(pooled, 0), s.level),
                c.before.n,
                "Newcombe paired",
                {}};
    return c;
  }
  const RowChange d = row_change(pooled, 0);
  c.change = mean_change(d.mean, d.variance_of_mean, seed_variance(cells, rate_over_faces), cells, s.level, c.before.n);
  if (d.variance_of_mean == 0) c.change = wider(c.change, change_alike(d.mean, before.right, c.before.n, s.level));
  return c;
}

/// The unweighted mean of the group rates: each arm by the variance of its rows, the change paired.
Change change_over_groups(const PairedCells& cells, const BeforeAfterSettings& s) {
  const auto k = static_cast<double>(cells.groups());
  double mean = 0, variance = 0;
  std::vector<Estimate> changes;
  for (std::int64_t g = 0; g < cells.groups(); ++g) {
    const RowChange d = row_change(cells, g);
    changes.push_back(
        cells.runs() == 2
            ? Estimate{d.mean, newcombe_paired_interval(pair_counts(cells, g), s.level), cells.rows(g), {}, {}}
            : change_alike(d.mean, mean_counts(cells.only({{g}}), Arm::kBefore)[0].right, cells.rows(g), s.level));
    const double of_rows = d.variance_of_mean > 0 ? d.variance_of_mean : variance_within(changes.back(), s.level);
    mean += d.mean / k, variance += of_rows / (k * k);
  }
  Change c{mean_over_groups(mean_counts(cells, Arm::kBefore), s.level),
           mean_over_groups(mean_counts(cells, Arm::kAfter), s.level),
           {}};
  c.change = cells.runs() > 2
                 ? mean_change(mean, variance, seed_variance(cells, rate_over_groups), cells, s.level, c.before.n)
                 : mean_of_estimates(changes);
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
    drop_without_width(c.change);
    rest_on_signs(c.change, spread_signs_p(cells, s.bootstrap, s.seed, context), s.level);
    return c;
  }
  const double rows = variance_of(replicates, [](const SpreadReplicate& r) { return r.after - r.before; });
  const double seeds = arm_seed_variance(cells, Arm::kBefore) + arm_seed_variance(cells, Arm::kAfter);
  c.change = mean_change(value, rows, seeds, cells, s.level, c.before.n);
  drop_without_width(c.change);
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

/// The change of one group, which has rows, with its raw p; Holm and the outcome come after all groups are known.
GroupChange group_change(const PairedCells& cells, std::int64_t g, const SeedVariance& seeds,
                         const BeforeAfterSettings& s) {
  const GroupCount before = mean_counts(cells.only({{g}}), Arm::kBefore)[0];
  const GroupCount after = mean_counts(cells.only({{g}}), Arm::kAfter)[0];
  const std::int64_t n = cells.rows(g);
  GroupChange change{g, n, {}, 1, 1, Outcome::kNone, 0, 0};
  change.accuracy.before = proportion(before.right, before.n, s.min_group, s.level, s.rates);
  change.accuracy.after = proportion(after.right, after.n, s.min_group, s.level, s.rates);
  change.accuracy.change = change.accuracy.before;
  const Flips flips = flips_of(cells, g);
  change.lost = flips.lost, change.won = flips.won;
  const RowChange d = row_change(cells, g);
  Estimate measured;
  if (cells.runs() == 2) {
    const PairCounts pairs = pair_counts(cells, g);
    change.p = mcnemar_exact(pairs.lost, pairs.won);
    measured = {d.mean, newcombe_paired_interval(pairs, s.level), n, "Newcombe paired", {}};
  } else {
    const double se = std::sqrt(std::max(d.variance_of_mean, seeds.mean()));
    const double df = std::max(1.0, seeds.groups()) * degrees_of_freedom(cells);
    change.p = p_of_change(d.mean, se, df, static_cast<double>(n));
    measured = around(d.mean, se, t_quantile(0.5 + s.level / 2, df), n, kRowsOrSeeds);
    if (d.variance_of_mean == 0) measured = wider(measured, change_alike(d.mean, before.right, n, s.level));
  }
  if (change.accuracy.before.estimable()) change.accuracy.change = measured;
  return change;
}

}  // namespace

std::vector<GroupChange> group_changes(const PairedCells& cells, const BeforeAfterSettings& s) {
  std::vector<std::int64_t> filled;  // a crossing that nobody belongs to says nothing of how seeds vary
  for (std::int64_t g = 0; g < cells.groups(); ++g)
    if (cells.rows(g) > 0) filled.push_back(g);
  const PairedCells present = cells.only(filled);
  SeedVariance seeds;
  for (std::int64_t g = 0; g < present.groups(); ++g)
    if (cells.runs() > 2 && present.rows(g) >= s.min_group)
      seeds.add(seed_variance(present.only({{g}}), rate_over_faces), static_cast<double>(present.rows(g)));
  std::vector<GroupChange> changes;
  for (std::int64_t i = 0; i < present.groups(); ++i) {
    changes.push_back(group_change(present, i, seeds, s));
    changes.back().group = filled[static_cast<std::size_t>(i)];
  }
  decide(changes, s, true);
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
  bound_from_below(e, corrected_spread(mean_counts(cells, arm), level));
  drop_without_width(e);
  return e;
}

std::vector<std::int64_t> estimable_groups(const PairedCells& cells, std::int64_t min_group) {
  std::vector<std::int64_t> estimable;
  for (std::int64_t g = 0; g < cells.groups(); ++g)
    if (cells.rows(g) >= std::max<std::int64_t>(2, min_group)) estimable.push_back(g);
  require_groups(estimable.size(), min_group);
  return estimable;
}

BeforeAfter compare_before_after(const PairedCells& cells, const BeforeAfterSettings& s, const Context& context) {
  require_runs(cells.runs_before(), cells.runs_after());
  const PairedCells judged = cells.only(estimable_groups(cells, s.min_group));
  BeforeAfter r{.several_seeds = cells.runs() > 2,
                .test = cells.runs() > 2 ? "t over rows and seeds" : "exact McNemar",
                .groups = group_changes(cells, s),
                .over_faces = change_over_faces(cells, s),
                .over_groups = change_over_groups(judged, s),
                .gap = change_of_gap(judged, s),
                .spread = change_of_spread(judged, s, context),
                .estimable_groups = judged.groups()};
  conclude(r, s, true);
  return r;
}

}  // namespace evenface::stats
