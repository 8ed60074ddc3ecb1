#pragma once
#include <span>

#include "evenface/stats/interval.h"

namespace evenface::stats {

/// The quantile of values at a share 0..1, linear between neighbours (type 7 of Hyndman & Fan 1996).
/// Reorders the values. Throws InputError when there are none.
double quantile(std::span<double> values, double share);

/// The percentile interval of bootstrap replicates. Reorders them.
Interval percentile_interval(std::span<double> replicates, double level);

/// The bias-corrected and accelerated interval of bootstrap replicates (Efron 1987): `acceleration` is a
/// sixth of the skewness of the influences. Reorders the replicates.
Interval bca_interval(std::span<double> replicates, double observed, double acceleration, double level);

}  // namespace evenface::stats
