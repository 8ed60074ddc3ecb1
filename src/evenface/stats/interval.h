#pragma once
#include <cstdint>
#include <limits>
#include <span>

namespace evenface::stats {

/// A two-sided interval; low <= high. For a probability 0 <= low and high <= 1.
struct Interval {
  double low, high;
};

/// Whether its ends lie apart by more than rounding of figures about 1.
bool has_width(const Interval& interval);

/// The normal distribution's quantile; 0 < p < 1.
double normal_quantile(double p);

/// Student's t quantile with `df` degrees of freedom; 0 < p < 1, df > 0.
double t_quantile(double p, double df);

/// No p is 0: one that is too small for a number is this.
inline constexpr double kLeastP = std::numeric_limits<double>::min();

/// Two-sided p of Student's t with `df` degrees of freedom.
double t_two_sided_p(double t, double df);

/// Wilson score interval for `successes` out of `trials` (Wilson 1927;
/// recommended for small n by Brown, Cai & DasGupta 2001). Successes may be
/// fractional: the mean over training seeds of the rows that are right.
/// `level` is the coverage, e.g. 0.95.
/// Throws InputError unless 0 <= successes <= trials, trials > 0, 0 < level < 1.
Interval wilson_interval(double successes, double trials, double level = 0.95);

/// Clopper-Pearson interval (1934), from beta quantiles: never below the nominal
/// coverage. Throws as wilson_interval.
Interval clopper_pearson_interval(double successes, double trials, double level = 0.95);

/// The two intervals of one rate.
enum class RateInterval { kWilson, kClopperPearson };
Interval rate_interval(RateInterval kind, double successes, double trials, double level);
/// "Wilson" or "Clopper-Pearson".
const char* name_of(RateInterval kind);

/// The difference x1/n1 - x2/n2 of independent groups: Newcombe 1998 (Stat Med 17:873),
/// method 10, from two Wilson intervals. Throws as wilson_interval.
Interval newcombe_interval(double x1, double n1, double x2, double n2, double level = 0.95);

/// Combines the intervals of two independent estimates into one of their difference a - b (MOVER,
/// Donner & Zou 2002). Conservative when the two are positively correlated.
Interval mover_difference(double a, Interval of_a, double b, Interval of_b);

/// The interval of the mean of independent estimates from theirs (Zou, Huang & Zhang 2009, Comput Stat Data Anal
/// 53:1080). It has width where they have. Of many
/// lopsided intervals, such as Wilson's near 0 or 1, it is too short on the short side.
Interval mover_mean(std::span<const double> values, std::span<const Interval> intervals);

/// The outcomes of the same rows judged twice.
struct PairCounts {
  std::int64_t both;  ///< right before and after
  std::int64_t lost;  ///< right before, wrong after
  std::int64_t won;   ///< wrong before, right after
  std::int64_t neither;
  std::int64_t total() const { return both + lost + won + neither; }
};

/// The change after - before of a paired proportion: Newcombe 1998 (Stat Med 17:2635), method 10, with the
/// continuity-corrected phi, which is 0 where a margin is 0. Throws InputError when there are no rows.
Interval newcombe_paired_interval(const PairCounts& pairs, double level = 0.95);

/// The standard deviation of k true rates, from `squares` = sum (p_g - mean)^2 of their estimates, whose sampling
/// variances are `variances`. Q = squares / c is noncentral chi-square with f degrees of freedom, where c and f give
/// the sum of squares the mean and the variance that it has if all true rates are equal (Satterthwaite 1946; with equal
/// variances c is that variance and f = k - 1); its inversion gives the ends sqrt(lambda c / k). For the upper end Q
/// counts as at least f, its expectation where all true rates are equal: rates that happen to lie closer together than
/// sampling alone lets them would else rule out every spread, though a spread that sampling hides may be there. The
/// interval is then wider than the inversion's, never narrower. Throws InputError unless there are two variances, none
/// below 0 and one above, and squares >= 0.
Interval spread_interval(double squares, std::span<const double> variances, double level = 0.95);

}  // namespace evenface::stats
