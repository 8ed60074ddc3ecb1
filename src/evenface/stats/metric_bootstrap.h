#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/cells.h"
#include "evenface/stats/estimate.h"
#include "evenface/stats/metric.h"

namespace evenface::stats {

enum class BootstrapInterval {
  kPercentile,
  kBca,  ///< bias-corrected and accelerated (Efron 1987)
};

struct MetricBootstrapSettings {
  double level = 0.95;
  std::int64_t replicates = 10'000;
  BootstrapInterval interval = BootstrapInterval::kPercentile;
  std::int64_t min_group = 30;  ///< a denominator of fewer (effective) rows is not estimable; at least 1
  std::uint64_t seed = 1;
};

/// An estimate, and the mean and standard deviation of its replicates.
struct Resampled {
  Estimate estimate;
  double mean = 0, sd = 0;
};

struct BootstrappedMetric {
  std::vector<Resampled> groups;
  std::vector<Resampled> against_rest;  ///< the group less all rows outside it, both resampled
  Resampled pooled;                     ///< all rows, resampled within their groups
  /// Over the estimable groups, from simultaneous intervals (gap_interval): conservative, for extremes are not smooth.
  Estimate gap;
};

/// Bootstrap on cells, for metrics that have no exact interval: each group's rows are drawn anew as one multinomial
/// over its (truth, predicted) cells, shared by all the metrics, at a cost that does not depend on the rows. Weighted
/// rows are drawn by their mass, as many as are effective (Kish 1965). Replicate i of a group is addressed by
/// (seed, key, i): it depends neither on the thread count nor on which other groups and metrics are asked for.
///
/// BCa takes the skewness of the infinitesimal jackknife over cells, centred within each group and scaled by 1/n_g
/// (Davison & Hinkley 1997, 2.7 and 3.2). Not estimable are a metric with a denominator under `min_group`, and one
/// without a value in more than 1 % of the replicates. Where every replicate is alike, as when all rows are right, the
/// bootstrap shows no width: the interval is then Wilson's on the rows of the denominators (of several, K^2 / sum 1/n),
/// and a difference has none.
///
/// `run` is the run of the cells that is judged; `keys` hold one number per group that names it, such as
/// key_of(its levels). Throws InputError unless 0 < level < 1 and there are at least 100 replicates.
std::vector<BootstrappedMetric> metric_bootstrap(const Cells& cells, int run, std::span<const std::uint64_t> keys,
                                                 std::span<const Metric> metrics,
                                                 const MetricBootstrapSettings& settings, const Context& context);

}  // namespace evenface::stats
