#include <algorithm>
#include <cmath>

#include "evenface/stats/metric_bootstrap.h"
#include "evenface/study/judge_family.h"

namespace evenface::study {
namespace {
using stats::BootstrappedMetric;
using stats::Estimate;
using stats::Metric;
using stats::Resampled;

/// Two-sided p of a difference that is normal with this standard error.
double normal_p(double difference, double se) {
  return se > 0 ? std::erfc(std::abs(difference) / se / std::sqrt(2.0)) : difference == 0 ? 1 : 0;
}

/// The mean over runs. Its error is that of the rows, which the runs share, or that of the seeds, whichever is larger.
struct OverRuns {
  Estimate estimate;
  double se = 0;
};

OverRuns over_runs(const std::vector<const Resampled*>& runs, double level) {
  if (runs.size() == 1) return {runs.front()->estimate, runs.front()->sd};
  const auto m = static_cast<double>(runs.size());
  double mean = 0, rows = 0, seeds = 0;
  for (const Resampled* run : runs) {
    if (!run->estimate.estimable()) return {run->estimate, 0};
    mean += *run->estimate.value / m, rows += run->sd * run->sd / m;
  }
  for (const Resampled* run : runs) seeds += std::pow(*run->estimate.value - mean, 2) / (m - 1) / m;
  const double se = std::sqrt(std::max(rows, seeds)), half = stats::t_quantile(0.5 + level / 2, m - 1) * se;
  return {{mean,
           stats::Interval{mean - half, mean + half},
           runs.front()->estimate.n,
           "bootstrap on cells or seeds, whichever vary more, t",
           {}},
          se};
}

}  // namespace

Metric with_comparable_classes(Metric metric, const stats::Cells& cells, std::int64_t min_group) {
  if (metric.average != stats::Average::kMacro) return metric;
  std::erase_if(metric.classes, [&](int c) {
    for (std::int64_t g = 0; g < cells.groups(); ++g) {
      if (cells.total(g).rows < min_group) continue;
      const Metric recall{.measure = stats::Measure::kRecall, .positive = c};
      if (share_of(recall, cells.confusion(g, 0)).trials.rows == 0) return true;
    }
    return false;
  });
  return metric;
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

  const auto combined = [&](auto figure) {
    std::vector<const Resampled*> each;
    for (const BootstrappedMetric& run : runs) each.push_back(&figure(run));
    return over_runs(each, options.level);
  };
  j.test = "bootstrap standard error of the difference, normal, against the rest";
  j.overall = combined([](const BootstrappedMetric& run) -> const Resampled& { return run.pooled; }).estimate;
  if (runs.size() == 1) j.gap = runs.front().gap;
  for (std::int64_t g = 0; g < cells.groups(); ++g) {
    const std::int64_t rows = cells.total(g).rows;
    if (rows == 0) continue;
    const auto i = static_cast<std::size_t>(g);
    const OverRuns own = combined([i](const BootstrappedMetric& run) -> const Resampled& { return run.groups[i]; });
    const OverRuns apart =
        combined([i](const BootstrappedMetric& run) -> const Resampled& { return run.against_rest[i]; });
    GroupRate rate{.group = g, .rows = rows, .n = own.estimate.n, .rate = own.estimate, .difference = apart.estimate};
    rate.variance = own.se * own.se;
    if (own.estimate.estimable() && apart.estimate.estimable()) {
      rate.rest = *own.estimate.value - *apart.estimate.value;
      rate.p = normal_p(*apart.estimate.value, apart.se);
    }
    j.groups.push_back(std::move(rate));
  }
}

}  // namespace evenface::study
