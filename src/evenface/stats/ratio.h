#pragma once
#include <span>

#include "evenface/stats/disparity.h"
#include "evenface/stats/estimate.h"
#include "evenface/stats/interval.h"

namespace evenface::stats {

/// How the interval of a ratio of two proportions is made.
enum class RatioMethod {
  kMoverR,  ///< from two Wilson intervals; holds its coverage at small and at zero counts
  kKatz,    ///< normal on the logarithm; falls short of its coverage at small counts, undefined at zero
};

/// Combines the intervals of two independent estimates a >= 0 and b > 0 into one of their ratio a / b (MOVER-R,
/// Donner & Zou 2012, Stat Methods Med Res 21:347). The upper end is infinite where that of b reaches down to 0.
/// Throws InputError unless 0 <= of_a.low <= a <= of_a.high and the same of b, b > 0.
Interval mover_ratio(double a, Interval of_a, double b, Interval of_b);

/// Katz's interval of (x1/n1) / (x2/n2) (Katz, Baptista, Azen & Pike 1978, Biometrics 34:469).
/// Throws InputError unless 0 < x <= n in both.
Interval katz_interval(double x1, double n1, double x2, double n2, double level = 0.95);

/// The ratio of two independent rates, first / second. Not estimable where nothing is right in the second group, nor,
/// by Katz, where nothing is right in the first, or everything in either. Throws InputError unless 0 <= right <= n and
/// n > 0 in both.
Estimate rate_ratio(const GroupCount& first, const GroupCount& second, double level,
                    RatioMethod method = RatioMethod::kMoverR);

/// Over groups, the smallest rate over the largest. The interval follows from simultaneous Wilson intervals at
/// 1 - (1 - level)/k, as that of the gap: conservative, and no bootstrap, for the extremes are not smooth.
/// Not estimable where nothing is right in any group. Throws InputError when there are fewer than two groups.
Estimate min_max_ratio_estimate(std::span<const GroupCount> groups, double level);

/// Over groups, the largest error rate over the smallest, error = 1 - rate; its interval as above. Not estimable
/// where a group shows no error. Throws InputError when there are fewer than two groups.
Estimate error_ratio(std::span<const GroupCount> groups, double level);

}  // namespace evenface::stats
