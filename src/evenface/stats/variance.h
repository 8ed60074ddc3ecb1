#pragma once
#include <span>

namespace evenface::stats {

/// A variance, or 0 where it is no more than rounding of figures about 1 makes.
double without_rounding(double variance);

/// Of independent values, about their mean; 0 for fewer than two, and where rounding alone tells them apart.
double sample_variance(std::span<const double> values);

}  // namespace evenface::stats
