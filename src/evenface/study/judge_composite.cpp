#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "evenface/stats/metric_bootstrap.h"
#include "evenface/stats/significance.h"
#include "evenface/stats/variance.h"
#include "evenface/study/judge_family.h"
#include "evenface/study/judge_share.h"

namespace evenface::study {
namespace {
using stats::BootstrappedMetric;
using stats::Estimate;
using stats::Metric;
using stats::Resampled;

/// The mean over runs. Its error is that of the rows, which the runs share, or that of the seeds, whichever is larger.
struct OverRuns {
  Estimate estimate;
  double se = 0, df = std::numeric_limits<double>::infinity();
};

/// Holds a group's figure against the rest's, which `apart` is less, by standard errors that are as large by row on
/// both sides: the bootstrap of a side on which all are alike, or nearly, holds the noise of the other alone.
void hold_against_rest(const OverRuns& of_group, const OverRuns& apart, double rest_rows, double level, GroupRate& g) {
  const double own_variance = of_group.se * of_group.se;
  stats::GroupValue own{*g.rate.value, own_variance, static_cast<double>(g.rows)};
  stats::GroupValue rest{g.rest, std::max(0.0, apart.se * apart.se - own_variance), rest_rows};
  stats::as_noisy_by_row(own, rest);
  const double se = std::sqrt(own.variance + rest.variance), difference = *g.difference.value;
  if (se == 0) {
    g.p = difference == 0 ? 1 : stats::apart_by_chance(own.n, rest.n);
    return;
  }
  g.p = stats::t_two_sided_p(difference / se, apart.df);
  const double half = stats::t_quantile(0.5 + level / 2, apart.df) * se;
  g.difference.interval = stats::Interval{difference - half, difference + half};
  g.difference.method =
      std::isfinite(apart.df) ? "t, as noisy by row on both sides" : "normal, as noisy by row on both sides";
}

OverRuns over_runs(const std::vector<const Resampled*>& runs, const stats::Bounds& bounds, double level) {
  if (runs.size() == 1) return {runs.front()->estimate, runs.front()->sd};
  const auto m = static_cast<double>(runs.size());
  double mean = 0, rows = 0, seeds = 0;
  for (const Resampled* run : runs) {
    if (!run->estimate.estimable()) return {run->estimate, 0};
    mean += *run->estimate.value / m, rows += run->sd * run->sd / m;
  }
  for (const Resampled* run : runs) seeds += std::pow(*run->estimate.value - mean, 2) / (m - 1) / m;
  const double se = std::sqrt(stats::without_rounding(std::max(rows, seeds)));
  if (se == 0) return {runs.front()->estimate, 0};  // as of one run
  const double half = stats::t_quantile(0.5 + level / 2, m - 1) * se;
  return {{mean,
           stats::Interval{std::max(bounds.low, mean - half), std::min(bounds.high, mean + half)},
           runs.front()->estimate.n,
           "bootstrap on cells or seeds, whichever vary more, t",
           {}},
          se,
          m - 1};
}

}  // namespace

Metric with_comparable_classes(Metric metric, const stats::Cells& cells, std::int64_t min_group) {
  if (metric.average != stats::Average::kMacro) return metric;
  std::vector<std::int64_t> fewest(static_cast<std::size_t>(cells.classes()), std::numeric_limits<std::int64_t>::max());
  for (std::int64_t g = 0; g < cells.groups(); ++g) {
    if (cells.total(g).rows < min_group) continue;
    const stats::Confusion confusion = cells.confusion(g, 0);
    for (const int c : metric.classes) {
      const Metric recall{.measure = stats::Measure::kRecall, .positive = c};
      std::int64_t& rows = fewest[static_cast<std::size_t>(c)];
      rows = std::min<std::int64_t>(rows, std::llround(share_of(recall, confusion).effective_trials()));
    }
  }
  const auto with = [&](std::int64_t least) {
    std::vector<int> classes;
    for (const int c : metric.classes)
      if (fewest[static_cast<std::size_t>(c)] >= least) classes.push_back(c);
    return classes;
  };
  constexpr std::size_t kLeastClasses = 2;
  std::vector<int> classes = with(min_group);
  metric.classes = classes.size() < kLeastClasses ? with(1) : std::move(classes);
  return metric;
}

std::string averaged_words(const MetricName& metric, const std::vector<int>& classes,
                           const std::vector<std::string>& levels) {
  std::vector<std::string> over, without;
  for (std::size_t c = 0; c < levels.size(); ++c)
    (std::ranges::find(classes, static_cast<int>(c)) == classes.end() ? without : over).push_back(levels[c]);
  if (without.empty() || over.empty()) return "";
  return fmt::format("{} is the mean over {}: {} {} too few rows in some group.", metric.text(), fmt::join(over, ", "),
                     fmt::join(without, ", "), without.size() == 1 ? "has" : "have");
}

void judge_composite(const stats::Cells& cells, const Metric& metric, const std::vector<std::uint64_t>& keys,
                     const JudgeOptions& options, const Context& context, Judgement& j) {
  const stats::MetricBootstrapSettings settings{.level = options.level,
                                                .replicates = options.bootstrap,
                                                .interval = options.bootstrap_interval == "bca"
                                                                ? stats::BootstrapInterval::kBca
                                                                : stats::BootstrapInterval::kPercentile,
                                                .min_group = options.min_group,
                                                .seed = static_cast<std::uint64_t>(options.seed)};
  std::vector<BootstrappedMetric> runs;
  for (int run = 0; run < cells.runs(); ++run)
    runs.push_back(metric_bootstrap(cells, run, keys, {{metric}}, settings, context).front());

  constexpr stats::Bounds kOfMetric{0, 1}, kOfDifference{-1, 1};
  const auto combined = [&](const stats::Bounds& bounds, auto figure) {
    std::vector<const Resampled*> each;
    for (const BootstrappedMetric& run : runs) each.push_back(&figure(run));
    return over_runs(each, bounds, options.level);
  };
  j.test =
      fmt::format("bootstrap standard error of the difference, as large by row on both sides, {}, against the rest",
                  runs.size() > 1 ? "t" : "normal");
  j.overall =
      combined(kOfMetric, [](const BootstrappedMetric& run) -> const Resampled& { return run.pooled; }).estimate;
  if (runs.size() == 1) j.gap = runs.front().gap;
  std::int64_t all_rows = 0;
  for (std::int64_t g = 0; g < cells.groups(); ++g) all_rows += cells.total(g).rows;
  for (std::int64_t g = 0; g < cells.groups(); ++g) {
    const std::int64_t rows = cells.total(g).rows;
    if (rows == 0) continue;
    const auto i = static_cast<std::size_t>(g);
    const OverRuns own =
        combined(kOfMetric, [i](const BootstrappedMetric& run) -> const Resampled& { return run.groups[i]; });
    const OverRuns apart =
        combined(kOfDifference, [i](const BootstrappedMetric& run) -> const Resampled& { return run.against_rest[i]; });
    GroupRate rate{.group = g, .rows = rows, .n = own.estimate.n, .rate = own.estimate, .difference = apart.estimate};
    rate.variance = own.se * own.se;
    if (own.estimate.estimable() && apart.estimate.estimable()) {
      rate.rest = *own.estimate.value - *apart.estimate.value;
      hold_against_rest(own, apart, static_cast<double>(all_rows - rows), options.level, rate);
    }
    j.groups.push_back(std::move(rate));
  }
}

}  // namespace evenface::study
