#include <algorithm>
#include <cmath>
#include <numeric>

#include "evenface/core/random.h"
#include "evenface/stats/significance.h"
#include "evenface/study/judge_family.h"

namespace evenface::study {
namespace {
using stats::Arm;
using stats::Cells;
using stats::Estimate;
using stats::GroupCount;
using stats::Interval;
using stats::Metric;
using stats::PairedCells;

/// The interval of a rate of the kind that was asked for.
Interval rate_interval(const GroupCount& count, const JudgeOptions& options, double level) {
  return options.interval == "wilson" ? stats::wilson_interval(count.right, count.n, level)
                                      : stats::clopper_pearson_interval(count.right, count.n, level);
}

Estimate rate_estimate(const GroupCount& count, std::int64_t rows, std::int64_t min_rows, const JudgeOptions& options) {
  if (rows < std::max<std::int64_t>(1, min_rows)) return stats::too_few_rows(rows, min_rows);
  return {count.rate(),
          rate_interval(count, options, options.level),
          rows,
          options.interval == "wilson" ? "Wilson" : "Clopper-Pearson",
          {}};
}

/// Welch's comparison of two means: p, and the interval of their difference.
struct Welch {
  double p;
  Interval difference;
};

Welch welch(double a, double variance_a, double n_a, double b, double variance_b, double n_b, double level) {
  const double se = std::sqrt(variance_a + variance_b), d = a - b;
  if (se == 0) return {d == 0 ? 1.0 : 0.0, {d, d}};
  const double df =
      se * se * se * se /
      (variance_a * variance_a / std::max(1.0, n_a - 1) + variance_b * variance_b / std::max(1.0, n_b - 1));
  const double half = stats::t_quantile(0.5 + level / 2, df) * se;
  return {stats::t_two_sided_p(d / se, df), {d - half, d + half}};
}

/// A share in one run: exact tests, or, where rows are weighted, Welch's on the effective rows.
GroupRate share_once(std::int64_t group, std::int64_t rows, const stats::Share& own, const stats::Share& rest,
                     bool weighted, const JudgeOptions& options) {
  const GroupCount mine = own.count(), others = rest.count();
  GroupRate g{.group = group, .rows = rows, .n = own.trials.rows, .effective = mine.n, .right = own.successes.mass};
  g.rate = rate_estimate(mine, g.n, options.min_group, options);
  if (mine.n > 1) g.variance = stats::value_of(mine).variance;
  if (others.n <= 0) return g;
  g.rest = others.rate();
  if (g.n == 0) return g;
  g.difference = {mine.rate() - g.rest,
                  stats::newcombe_interval(mine.right, mine.n, others.right, others.n, options.level),
                  g.n,
                  "Newcombe",
                  {}};
  if (!weighted) {
    g.p = stats::fisher_exact(own.successes.rows, own.trials.rows, rest.successes.rows, rest.trials.rows);
  } else if (mine.n > 1 && others.n > 1) {
    g.p = welch(mine.rate(), g.variance, mine.n, g.rest, stats::value_of(others).variance, others.n, options.level).p;
  }
  return g;
}

/// Sum and sum of squares of the share of runs that are right.
struct RunShares {
  double n = 0, sum = 0, squares = 0;
  double mean() const { return sum / n; }
  double variance_of_mean() const { return n > 1 ? std::max(0.0, squares / n - mean() * mean()) / (n - 1) : 0; }
};

RunShares run_shares(const PairedCells& cells, std::int64_t group) {
  RunShares s;
  for (const auto& [pattern, rows] : cells.of(group)) {
    const double share = share_right(cells, pattern, Arm::kBefore), n = static_cast<double>(rows);
    s.n += n, s.sum += n * share, s.squares += n * share * share;
  }
  return s;
}

/// A share over several runs: rows by how many of the runs are right on them.
GroupRate share_over_runs(std::int64_t group, std::int64_t rows, const RunShares& own, const RunShares& all,
                          const JudgeOptions& options) {
  GroupRate g{.group = group, .rows = rows, .n = std::llround(own.n), .effective = own.n, .right = own.sum};
  const RunShares rest{all.n - own.n, all.sum - own.sum, all.squares - own.squares};
  g.rate = rate_estimate({own.n, own.sum}, g.n, options.min_group, options);
  if (own.n > 1) g.variance = stats::value_of(GroupCount{own.n, own.sum}).variance;
  if (rest.n <= 0 || own.n <= 0) return g;
  g.rest = rest.mean();
  const Welch w =
      welch(own.mean(), own.variance_of_mean(), own.n, rest.mean(), rest.variance_of_mean(), rest.n, options.level);
  g.difference = {own.mean() - rest.mean(), w.difference, g.n, "Welch", {}};
  g.p = w.p;
  return g;
}

void judge_once(const Cells& cells, const Metric& metric, const JudgeOptions& options, bool weighted, Judgement& j) {
  const stats::Share all = share_of(metric, cells.pooled(0));
  j.test = weighted ? "Welch's t on effective rows, against the rest" : "Fisher's exact, against the rest";
  j.overall = rate_estimate(all.count(), all.trials.rows, 1, options);
  for (std::int64_t g = 0; g < cells.groups(); ++g) {
    const std::int64_t rows = cells.total(g).rows;
    if (rows == 0) continue;
    const stats::Share own = share_of(metric, cells.confusion(g, 0));
    stats::Share rest = all;
    rest.successes -= own.successes, rest.trials -= own.trials;
    j.groups.push_back(share_once(g, rows, own, rest, weighted, options));
  }
}

void judge_over_runs(const PairedCells& cells, std::span<const std::int64_t> rows, const JudgeOptions& options,
                     Judgement& j) {
  RunShares all;
  for (std::int64_t g = 0; g < cells.groups(); ++g) {
    const RunShares s = run_shares(cells, g);
    all.n += s.n, all.sum += s.sum, all.squares += s.squares;
  }
  j.test = "Welch's t, against the rest";
  j.overall = rate_estimate({all.n, all.sum}, std::llround(all.n), 1, options);
  for (std::int64_t g = 0; g < cells.groups(); ++g)
    if (const std::int64_t in_group = rows[static_cast<std::size_t>(g)]; in_group > 0)
      j.groups.push_back(share_over_runs(g, in_group, run_shares(cells, g), all, options));
}

/// Intervals that hold for all estimable groups at once.
void hold_together(const JudgeOptions& options, Judgement& j) {
  const auto judged = std::ranges::count_if(j.groups, [](const GroupRate& g) { return g.rate.estimable(); });
  const double each =
      stats::simultaneous_level(options.level, static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, judged)));
  for (GroupRate& g : j.groups)
    if (g.rate.estimable()) g.simultaneous = rate_interval({g.effective, g.effective * *g.rate.value}, options, each);
}

double gap_figure(std::span<const GroupCount> groups) { return stats::gap(groups); }
double spread_figure(std::span<const GroupCount> groups) { return stats::population_sd(groups); }

/// Sets a null reference by `null(figure)`, where two groups can be judged and draws are wanted.
template <class Null>
void refer_to_chance(const JudgeOptions& options, Judgement& j, Null null) {
  const auto judged = std::ranges::count_if(j.groups, [](const GroupRate& g) { return g.rate.estimable(); });
  if (judged < 2 || options.permutations == 0) return;
  stats::NullReference gap = null(gap_figure), spread = null(spread_figure);
  if (gap.applicable() && spread.applicable()) j.gap_null = std::move(gap), j.spread_null = std::move(spread);
}

std::vector<std::int64_t> judged_groups(const Judgement& j) {
  std::vector<std::int64_t> judged;
  for (const GroupRate& g : j.groups)
    if (g.rate.estimable()) judged.push_back(g.group);
  return judged;
}

/// Rows as what is exchanged under the null, each with its weight.
std::vector<stats::Unit> weighted_units(const Outcomes& o, const std::vector<std::int64_t>& judged,
                                        std::size_t crossing, std::optional<std::size_t> task, const Metric& metric) {
  const table::Factor& group = o.crossings[crossing].group;
  const std::vector<ClassCode> rows = class_codes(o, task);
  std::vector<stats::Unit> units;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto at = std::ranges::find(judged, group.codes[i]);
    if (at == judged.end() || !is_trial(metric, rows[i].truth, rows[i].predicted)) continue;
    units.push_back({.group = at - judged.begin(),
                     .n = o.weights[i],
                     .right = is_success(metric, rows[i].truth, rows[i].predicted) ? o.weights[i] : 0});
  }
  return units;
}

std::vector<std::int64_t> rows_by_group(const table::Factor& group) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(group.level_count()));
  for (const std::int32_t code : group.codes) ++rows[static_cast<std::size_t>(code)];
  return rows;
}

/// A number per group that names it, whatever other groups there are.
std::vector<std::uint64_t> group_keys(const Outcomes& outcomes, std::size_t crossing) {
  std::vector<std::uint64_t> keys;
  for (const std::string& level : outcomes.crossings[crossing].group.levels) keys.push_back(key_of(level));
  return keys;
}

}  // namespace

void judge_classes(const Outcomes& outcomes, const JudgeOptions& options, const Context& context, Judgement& j) {
  const std::optional<std::size_t> task = task_of(j.metric, outcomes.tasks);
  const std::vector<std::string> levels = class_levels(outcomes, task);
  const Metric metric =
      resolve(j.metric, levels, options.positive.empty() ? std::nullopt : std::optional(options.positive));
  j.depends_on_prevalence = depends_on_prevalence(metric.measure);
  const bool once = outcomes.runs() == 1, weighted = !outcomes.weights.empty();
  j.is_share = is_share(metric) && (once || (is_paired(metric) && !weighted));
  const auto seed = static_cast<std::uint64_t>(options.seed);
  if (j.is_share && !once) {
    const PairedCells cells = paired_cells_of(outcomes, j.crossing, task, metric, -1, context);
    judge_over_runs(cells, rows_by_group(outcomes.crossings[j.crossing].group), options, j);
    hold_together(options, j);
    return refer_to_chance(options, j, [&, estimable = cells.only(judged_groups(j))](const stats::Figure& figure) {
      return raw_null(estimable, Arm::kBefore, figure, options.permutations, seed, context);
    });
  }
  const Cells cells = cells_of(outcomes, j.crossing, task, -1, context);
  if (j.is_share) judge_once(cells, metric, options, weighted, j), hold_together(options, j);
  else judge_composite(cells, metric, group_keys(outcomes, j.crossing), options, context, j);
  if (!weighted) {
    std::vector<int> runs(static_cast<std::size_t>(cells.runs()));
    std::iota(runs.begin(), runs.end(), 0);
    return refer_to_chance(options, j, [&, estimable = cells.only(judged_groups(j))](const stats::Figure& figure) {
      return metric_null(estimable, runs, metric, stats::NullKind::kRaw, figure, options.permutations, seed, context);
    });
  }
  // Weighted rows are exchanged one by one, which costs rows x draws.
  constexpr double kMostSteps = 4e9;
  if (!j.is_share || static_cast<double>(outcomes.rows()) * static_cast<double>(options.permutations) > kMostSteps)
    return;
  const std::vector<std::int64_t> judged = judged_groups(j);
  const auto units = weighted_units(outcomes, judged, j.crossing, task, metric);
  refer_to_chance(options, j, [&](const stats::Figure& figure) {
    return unit_null(units, static_cast<std::int64_t>(judged.size()), figure, options.permutations, seed, context);
  });
}

}  // namespace evenface::study
