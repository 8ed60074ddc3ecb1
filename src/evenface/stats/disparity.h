#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "evenface/stats/estimate.h"

namespace evenface::stats {

/// Rows and right rows of one group. Both may be fractional: `right` as a mean over training seeds, and
/// `n` as the effective number of rows where rows carry weights or come from the same person.
struct GroupCount {
  double n = 0;
  double right = 0;
  double rate() const { return right / n; }
};

/// All rows of the groups, rounded.
std::int64_t rows_of(std::span<const GroupCount> groups);

/// Figures of how far group rates lie apart (methods: Disparity over groups). All
/// take the groups that are estimable and throw InputError when there are fewer than two.
/// All but the corrected variance are biased upwards by sampling alone.
double gap(std::span<const GroupCount> groups);            ///< max - min
double min_max_ratio(std::span<const GroupCount> groups);  ///< min / max; 1 when all are 0
double population_sd(std::span<const GroupCount> groups);  ///< over groups, unweighted

/// The mean sampling variance of a group's rate, mean_g p(1-p)/(n-1). Groups need n > 1.
double sampling_variance(std::span<const GroupCount> groups);

/// Unbiased estimate of the variance of the true rates over groups,
/// (k-1)/k (s^2 - corrections x sampling_variance), s^2 the sample variance; may be negative.
/// `corrections` is 2 for bootstrap replicates, which hold the noise twice (Lum, Zhang & Bower 2022).
double corrected_variance(std::span<const GroupCount> groups, int corrections = 1);

/// sqrt(max(0, variance)).
double spread_of(double variance);

/// The corrected spread of one set of rates, as that of group_values.h.
Estimate corrected_spread(std::span<const GroupCount> groups, double level);

/// The level of each of k simultaneous intervals that hold together at `level`: 1 - (1 - level)/k (Bonferroni).
double simultaneous_level(double level, std::size_t k);

/// The interval of the gap between figures with simultaneous intervals:
/// [max(0, max low - min high), max high - min low], conservative. Throws InputError for fewer than two.
Interval gap_interval(std::span<const Interval> simultaneous);

/// The gap with the interval of simultaneous Wilson intervals.
Estimate gap_estimate(std::span<const GroupCount> groups, double level);

/// The unweighted mean of the group rates. Its interval is normal about rates to each of which 2/k successes and as
/// many failures were added (Price & Bonett 2004, Comput Stat Data Anal 45:449), within 0 and 1: it has width where all
/// rows are right, and holds the truth in 94 to 99 of 100 for 2 to 60 groups of 30 rows and more.
Estimate mean_over_groups(std::span<const GroupCount> groups, double level);

/// The mean of independent estimates with the interval that theirs make (interval.h, mover_mean); none where one of
/// them has none. Good for changes, whose intervals lie about evenly on both sides. Throws InputError for fewer than
/// two.
Estimate mean_of_estimates(std::span<const Estimate> groups);

}  // namespace evenface::stats
