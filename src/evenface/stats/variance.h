#pragma once
#include <span>

namespace evenface::stats {

/// A variance, or 0 where it is no more than rounding of figures about 1 makes.
double without_rounding(double variance);

/// Of independent values, about their mean; 0 for fewer than two, and where rounding alone tells them apart.
double sample_variance(std::span<const double> values);

/// A sum of squares of what units move, with two more units that move as much as those do: of few that moved, how many
/// do is not known well. `fourths` is the sum of fourth powers. Of paired proportions these are the two changed rows of
/// Bonett & Price (2012, J Educ Behav Stat 37:479).
double with_two_more(double squares, double fourths);

}  // namespace evenface::stats
