#include <algorithm>
#include <cmath>
#include <numeric>

#include "evenface/core/random.h"
#include "evenface/stats/significance.h"
#include "evenface/study/judge_family.h"
#include "evenface/study/judge_share.h"

namespace evenface::study {
namespace {
using stats::Arm;
using stats::Cells;
using stats::Estimate;
using stats::GroupCount;
using stats::Interval;
using stats::Metric;
using stats::PairedCells;

/// A share in one run: an exact test, or, where rows are weighted, one of effective rows.
GroupRate share_once(std::int64_t group, std::int64_t rows, const stats::Share& own, const stats::Share& rest,
                     bool weighted, const JudgeOptions& options) {
  GroupRate g = group_against_rest(group, own.count(), rest.count(), options);
  g.rows = rows, g.n = own.trials.rows, g.right = own.successes.mass;
  g.rate = rate_estimate(own.count(), g.n, options.min_group, options);
  if (!weighted && g.n > 0 && rest.trials.rows > 0)
    g.p = stats::fisher_exact(own.successes.rows, own.trials.rows, rest.successes.rows, rest.trials.rows);
  return g;
}

/// Sum and sum of squares of the share of runs that are right.
struct RunShares {
  double n = 0, sum = 0, squares = 0;
  double mean() const { return sum / n; }
  double variance_of_mean() const { return n > 1 ? std::max(0.0, squares / n - mean() * mean()) / (n - 1) : 0; }
  stats::GroupValue value() const { return {mean(), variance_of_mean(), n}; }
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
  g.rest_effective = rest.n;
  g.rate = rate_estimate({own.n, own.sum}, g.n, options.min_group, options);
  if (own.n > 1) g.variance = stats::value_of(GroupCount{own.n, own.sum}).variance;
  if (rest.n <= 0 || own.n <= 0) return g;
  compare_with_rest(own.value(), rest.value(), options.level, g);
  return g;
}

void judge_once(const Cells& cells, const Metric& metric, const JudgeOptions& options, bool weighted, Judgement& j) {
  const stats::Share all = share_of(metric, cells.pooled(0));
  j.test = weighted ? "inversion of Newcombe's interval on effective rows, against the rest"
                    : "Fisher's exact, against the rest";
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

/// A number per group that names it, whatever other groups there are.
std::vector<std::uint64_t> group_keys(const Outcomes& outcomes, std::size_t crossing) {
  std::vector<std::uint64_t> keys;
  for (const std::string& level : outcomes.crossings[crossing].group.levels) keys.push_back(key_of(level));
  return keys;
}

/// A share of unweighted rows over several runs.
void judge_share_over_runs(const Outcomes& o, std::optional<std::size_t> task, const Metric& metric,
                           const JudgeOptions& options, const Context& context, Judgement& j) {
  const PairedCells cells = paired_cells_of(o, j.crossing, task, metric, -1, context);
  judge_over_runs(cells, rows_by_group(o.crossings[j.crossing].group), options, j);
  hold_together(options, j);
  refer_to_chance(options, j, [&, estimable = cells.only(judged_groups(j))](const stats::Figure& figure) {
    return raw_null(estimable, Arm::kBefore, figure, options.permutations, static_cast<std::uint64_t>(options.seed),
                    context);
  });
}

/// A share in one run, or any other metric.
void judge_cells(const Outcomes& o, std::optional<std::size_t> task, const Metric& metric, const JudgeOptions& options,
                 const Context& context, Judgement& j) {
  const bool weighted = !o.weights.empty();
  const auto seed = static_cast<std::uint64_t>(options.seed);
  const Cells cells = cells_of(o, j.crossing, task, -1, context);
  if (j.is_share) judge_once(cells, metric, options, weighted, j), hold_together(options, j);
  else judge_composite(cells, metric, group_keys(o, j.crossing), options, context, j);
  if (!weighted) {
    std::vector<int> runs(static_cast<std::size_t>(cells.runs()));
    std::iota(runs.begin(), runs.end(), 0);
    return refer_to_chance(options, j, [&, estimable = cells.only(judged_groups(j))](const stats::Figure& figure) {
      return metric_null(estimable, runs, metric, stats::NullKind::kRaw, figure, options.permutations, seed, context);
    });
  }
  refer_classes_to_chance(o, task, metric, options, context, j);
}

}  // namespace

void judge_classes(const Outcomes& o, const JudgeOptions& options, const Context& context, Judgement& j) {
  const std::optional<std::size_t> task = task_of(j.metric, o.tasks);
  const std::vector<std::string> levels = class_levels(o, task);
  Metric metric = resolve(j.metric, levels, options.positive.empty() ? std::nullopt : std::optional(options.positive));
  j.depends_on_prevalence = depends_on_prevalence(metric.measure);
  const bool once = o.runs() == 1, weighted = !o.weights.empty(), by_person = o.person.rows() > 0;
  j.is_share = is_share(metric) && (once || (is_paired(metric) && (!weighted || by_person)));
  if (metric.average == stats::Average::kMacro) {
    metric = with_comparable_classes(metric, cells_of(o, j.crossing, task, -1, context), options.min_group);
    j.averaged = averaged_words(j.metric, metric.classes, levels);
  }
  if (by_person && j.is_share) judge_clustered(o, task, metric, options, context, j);
  else if (by_person) judge_composite_by_person(o, task, metric, options, context, j);
  else if (j.is_share && !once) judge_share_over_runs(o, task, metric, options, context, j);
  else judge_cells(o, task, metric, options, context, j);
  measure_spread_over_runs(o, task, metric, options, context, j);
}

}  // namespace evenface::study
