#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "evenface/stats/disparity.h"
#include "evenface/stats/estimate.h"

namespace evenface::stats {

/// The value of any metric in one group, with the variance of its sampling error and the rows it rests on.
struct GroupValue {
  double value = 0, variance = 0, n = 0;
};

/// A rate as a value: variance p(1-p)/(n-1). Throws InputError unless n > 1.
GroupValue value_of(const GroupCount& group);
std::vector<GroupValue> values_of(std::span<const GroupCount> groups);

/// Gives each of two values at least the other's variance per row: a small group in which nobody errs shows none, and
/// would differ from any other.
void as_noisy_by_row(GroupValue& a, GroupValue& b);

/// Figures of how far the values of any metric lie apart (methods: Disparity over groups); of rates they are
/// those of disparity.h. All throw InputError when there are fewer than two groups.
double gap(std::span<const GroupValue> groups);
double min_max_ratio(std::span<const GroupValue> groups);  ///< 1 when all are 0
double population_sd(std::span<const GroupValue> groups);
/// (k-1)/k (s^2 - mean variance): unbiased if the variances are, may be negative. Too small where these come from
/// conservative intervals, as of PR-AUC and of means over classes.
double corrected_variance(std::span<const GroupValue> groups);
/// The noise-corrected SD with the interval of spread_interval. There no group has less variance per row than all rows
/// together: a group in which nobody errs has none of its own, and its rate would be known for sure. Without an
/// interval where no group has any.
Estimate corrected_spread(std::span<const GroupValue> groups, double level);
/// The same of several runs on the same rows, [run][group]: the variance is averaged over them and the root taken last.
/// Its interval has Student's t for as many runs and the larger of two variances: that of the runs' own SDs, over the
/// runs; and that of the SD where each value is drawn anew with its variance from the normal distribution, the noise
/// being then taken away twice, as by bootstrap_spread; nor does it begin above that of the mean values' spread. The
/// draws are common to the runs, as the rows are. Draw i is addressed by (seed, i). Throws InputError unless there are
/// two runs of two groups.
Estimate corrected_spread(std::span<const std::vector<GroupValue>> runs, double level, std::int64_t draws,
                          std::uint64_t seed);

/// Lowers the lower end of a spread over several runs, which has an interval, to that of the mean values' spread, where
/// a group that shows no variance has that of the others, which draws do not give it; it is at least 0.
void bound_from_below(Estimate& spread, const Estimate& of_means);

/// The unweighted mean of the groups. Its interval adds up their variances (stratified normal), as corrected_spread has
/// them, within the bounds of the metric; without one where no group has any.
Estimate mean_over_groups(std::span<const GroupValue> groups, const Bounds& bounds, double level);

/// The gap, with the gap_interval of intervals that hold for all groups at once; without one unless every group has
/// one.
Estimate gap_within(std::span<const GroupValue> groups, std::span<const Interval> simultaneous);
/// The ratio min/max of values that are not negative, likewise:
/// [min low / max high, min(1, min high / max low)]. 1 where all are 0, as Fairlearn has it.
Estimate ratio_within(std::span<const GroupValue> groups, std::span<const Interval> simultaneous);

}  // namespace evenface::stats
