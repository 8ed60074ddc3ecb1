#include "evenface/study/judgement.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "evenface/core/error.h"
#include "evenface/study/judge_family.h"

namespace evenface::study {
namespace {
using stats::Outcome;

std::vector<double> adjusted(const std::vector<double>& p, const std::string& family) {
  return family == "holm" ? stats::holm(p) : stats::benjamini_yekutieli(p);
}

bool is_better(double value, double rest, Better better) {
  if (better == Better::kNearZero) return std::abs(value) < std::abs(rest);
  return (value > rest) == (better == Better::kHigher);
}

/// Over the groups that were tested.
void correct_for_many(Judgement& j, const JudgeOptions& options) {
  std::vector<double> p;
  for (const GroupRate& g : j.groups)
    if (g.p) p.push_back(*g.p);
  const std::vector<double> corrected = adjusted(p, options.family);
  std::size_t tested = 0;
  for (GroupRate& g : j.groups) {
    if (g.p) g.p_adjusted = corrected[tested++];
    if (!g.rate.estimable()) {
      g.outcome = Outcome::kNotEstimable;
    } else if (g.significant(options.level) && *g.rate.value != g.rest) {
      g.outcome = is_better(*g.rate.value, g.rest, j.better) ? Outcome::kWon : Outcome::kLost;
    }
  }
}

/// Over several runs the root is taken last, where each run's values are known.
stats::Estimate spread_of(const Judgement& j, const JudgeOptions& options) {
  std::vector<std::vector<stats::GroupValue>> runs;
  for (const GroupRate& g : j.groups) {
    if (!g.rate.estimable()) continue;
    if (g.runs.size() < 2) return stats::corrected_spread(j.estimable_values(), options.level);
    runs.resize(g.runs.size());
    for (std::size_t run = 0; run < runs.size(); ++run) runs[run].push_back(g.runs[run]);
  }
  return stats::corrected_spread(runs, options.level, options.bootstrap, static_cast<std::uint64_t>(options.seed));
}

/// What figures of the metric can't leave.
stats::Bounds bounds_of(const MetricName& metric) {
  constexpr double kNone = std::numeric_limits<double>::infinity();
  if (better(metric) == Better::kNearZero) return {-kNone, kNone};
  return {0, is_number(metric) || metric.measure == "brier" ? kNone : 1};
}

stats::Estimate mean_over_groups(const Judgement& j, std::span<const stats::GroupValue> values, double level) {
  if (!j.is_share) return stats::mean_over_groups(values, bounds_of(j.metric), level);
  std::vector<stats::GroupCount> counts;
  for (const GroupRate& g : j.groups)
    if (g.rate.estimable()) counts.push_back({g.effective, g.effective * *g.rate.value});
  return stats::mean_over_groups(counts, level);
}

void measure_disparity(Judgement& j, const JudgeOptions& options) {
  const std::vector<stats::GroupValue> values = j.estimable_values();
  j.estimable_groups = static_cast<std::int64_t>(values.size());
  if (!j.compares_groups() || values.size() < 2) {
    j.over_groups = j.gap = j.ratio = j.spread =
        j.compares_groups()
            ? stats::not_estimable(
                  j.overall.n,
                  "fewer than two groups can be judged; use fewer attributes in --by, or a smaller --min-group")
            : stats::not_applicable(j.overall.n, j.metric.text() +
                                                     " grows as groups get smaller, so has no gap; "
                                                     "calibration_bias compares groups of any size");
    return;
  }
  std::vector<stats::Interval> simultaneous;
  for (const GroupRate& g : j.groups)
    if (g.rate.estimable() && g.simultaneous) simultaneous.push_back(*g.simultaneous);
  j.over_groups = mean_over_groups(j, values, options.level);
  if (!j.gap.estimable()) j.gap = stats::gap_within(values, simultaneous);
  j.ratio = j.better == Better::kNearZero
                ? stats::not_applicable(j.overall.n, "a ratio needs figures that can't be negative")
                : stats::ratio_within(values, simultaneous);
  if (!j.spread.estimable()) j.spread = spread_of(j, options);
  j.sd = stats::population_sd(values);
}

/// The half width of the interval of one standard error is the standard error, by the normal approximation.
double variance_of(const stats::Measured& figure) {
  constexpr double kOneStandardError = 0.6826894921370859;
  if (!figure.interval) return 0;
  const stats::Interval i = figure.interval(kOneStandardError);
  const double half = (i.high - i.low) / 2;
  return half * half;
}

}  // namespace

stats::Measured over_runs(const std::vector<stats::Measured>& runs) {
  return runs.size() == 1 ? runs.front() : stats::mean_of(runs);
}

void take_figures(std::span<const GroupFigures> figures, const JudgeOptions& options, Judgement& j) {
  const auto judged =
      std::ranges::count_if(figures, [](const GroupFigures& f) { return over_runs(f.own).estimable(); });
  const double each =
      stats::simultaneous_level(options.level, static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, judged)));
  for (const GroupFigures& f : figures) {
    const stats::Measured own = over_runs(f.own), rest = over_runs(f.rest);
    GroupRate g{.group = f.group, .rows = f.rows, .n = own.n, .rate = stats::estimate_of(own, options.level)};
    if (rest.estimable()) g.rest = *rest.value;
    if (own.estimable() && rest.estimable()) {
      const stats::Difference d =
          stats::difference_of(stats::as_wide_by_row(own, rest), stats::as_wide_by_row(rest, own), options.level);
      g.difference = d.estimate;
      g.p = d.p;
    } else {
      g.difference = {std::nullopt, std::nullopt, own.n, {}, own.estimable() ? rest.reason : own.reason};
    }
    g.variance = variance_of(own);
    if (own.interval) g.simultaneous = own.interval(each);
    if (own.estimable() && f.own.size() > 1)
      for (const stats::Measured& run : f.own)
        g.runs.push_back({*run.value, variance_of(run), static_cast<double>(run.n)});
    j.groups.push_back(std::move(g));
  }
}

void judge_figures(const table::Factor& group, const FiguresOf& in_runs, const JudgeOptions& options, Judgement& j) {
  j.test = "inversion of the interval of the difference, against the rest";
  j.overall = stats::estimate_of(over_runs(in_runs(-1, true)), options.level);
  std::vector<GroupFigures> groups;
  for (std::int64_t g = 0; g < group.level_count(); ++g)
    if (const auto rows = std::ranges::count(group.codes, g); rows > 0)
      groups.push_back({g, rows, in_runs(g, false), in_runs(g, true)});
  take_figures(groups, options, j);
}

std::vector<stats::GroupValue> Judgement::estimable_values() const {
  std::vector<stats::GroupValue> values;
  for (const GroupRate& g : groups)
    if (g.rate.estimable()) values.push_back({*g.rate.value, g.variance, static_cast<double>(g.n)});
  return values;
}

RowsOf::RowsOf(MetricFamily family, const Outcomes& outcomes, int threads) : all_(outcomes) {
  if (family == MetricFamily::kScores && !outcomes.has_scores.empty()) some_ = rows_with_scores(outcomes, threads);
}

Judgement judge(const Outcomes& outcomes, std::size_t crossing, const MetricName& metric, const JudgeOptions& options,
                const Context& context) {
  Judgement j{.metric = metric, .crossing = crossing};
  j.better = better(metric);
  switch (family_of(metric)) {
    case MetricFamily::kClasses:
      judge_classes(outcomes, options, context, j);
      break;
    case MetricFamily::kScores:
      judge_scores(*RowsOf(MetricFamily::kScores, outcomes, context.threads), options, context, j);
      break;
    case MetricFamily::kNumbers:
      judge_numbers(outcomes, options, context, j);
      break;
    case MetricFamily::kVotes:
      judge_votes(outcomes, options, context, j);
      break;
  }
  correct_for_many(j, options);
  measure_disparity(j, options);
  if (j.is_share) measure_inequality(outcomes, options, context, j);
  return j;
}

}  // namespace evenface::study
