#include "evenface/stats/interval.h"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/tools/roots.hpp>

#include "evenface/core/error.h"

namespace evenface::stats {

bool has_width(const Interval& interval) {
  constexpr double kRounding = 1e-12;
  return interval.high - interval.low > kRounding;
}

double normal_quantile(double p) { return boost::math::quantile(boost::math::normal(), p); }

double t_quantile(double p, double df) { return boost::math::quantile(boost::math::students_t(df), p); }

double t_two_sided_p(double t, double df) {
  if (std::isinf(t)) return kLeastP;
  return std::max(kLeastP, 2 * boost::math::cdf(boost::math::complement(boost::math::students_t(df), std::abs(t))));
}

namespace {

void require_proportion(double successes, double trials, double level) {
  require(trials > 0 && 0 <= successes && successes <= trials, "successes must lie in 0..trials, with trials above 0",
          successes, trials);
  require(0 < level && level < 1, "the level must lie between 0 and 1", level);
}

}  // namespace

Interval wilson_interval(double successes, double trials, double level) {
  require_proportion(successes, trials, level);
  const double z = normal_quantile(0.5 + level / 2), z2 = z * z;
  const double n = trials, p = successes / n;
  const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = z / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  // At 0 and n the ends are exact; rounding must not hide that.
  return {successes == 0 ? 0 : std::max(0.0, centre - half), successes == trials ? 1 : std::min(1.0, centre + half)};
}

Interval clopper_pearson_interval(double successes, double trials, double level) {
  const double x = successes, n = trials;
  require_proportion(x, n, level);
  const double tail = (1 - level) / 2;
  using boost::math::beta_distribution;
  return {x == 0 ? 0 : boost::math::quantile(beta_distribution<>(x, n - x + 1), tail),
          x == n ? 1 : boost::math::quantile(beta_distribution<>(x + 1, n - x), 1 - tail)};
}

Interval rate_interval(RateInterval kind, double successes, double trials, double level) {
  return kind == RateInterval::kWilson ? wilson_interval(successes, trials, level)
                                       : clopper_pearson_interval(successes, trials, level);
}

const char* name_of(RateInterval kind) { return kind == RateInterval::kWilson ? "Wilson" : "Clopper-Pearson"; }

Interval mover_difference(double a, Interval of_a, double b, Interval of_b) {
  return {a - b - std::hypot(a - of_a.low, of_b.high - b), a - b + std::hypot(of_a.high - a, b - of_b.low)};
}

Interval mover_mean(std::span<const double> values, std::span<const Interval> intervals) {
  double sum = 0, below = 0, above = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += values[i];
    below += (values[i] - intervals[i].low) * (values[i] - intervals[i].low);
    above += (intervals[i].high - values[i]) * (intervals[i].high - values[i]);
  }
  const auto k = static_cast<double>(values.size());
  return {(sum - std::sqrt(below)) / k, (sum + std::sqrt(above)) / k};
}

Interval newcombe_interval(double x1, double n1, double x2, double n2, double level) {
  return mover_difference(x1 / n1, wilson_interval(x1, n1, level), x2 / n2, wilson_interval(x2, n2, level));
}

Interval newcombe_paired_interval(const PairCounts& pairs, double level) {
  const auto e = static_cast<double>(pairs.both), lost = static_cast<double>(pairs.lost);
  const auto won = static_cast<double>(pairs.won), h = static_cast<double>(pairs.neither);
  const double n = e + lost + won + h;
  const double after = (e + won) / n, before = (e + lost) / n;
  const Interval a = wilson_interval(e + won, n, level), b = wilson_interval(e + lost, n, level);
  const double margins = (e + won) * (lost + h) * (e + lost) * (won + h);
  double phi = 0;
  if (margins > 0) {
    const double cross = e * h - won * lost;
    phi = (cross > 0 ? std::max(cross - n / 2, 0.0) : cross) / std::sqrt(margins);
  }
  const auto half = [phi](double x, double y) { return std::sqrt(std::max(0.0, x * x - 2 * phi * x * y + y * y)); };
  return {after - before - half(after - a.low, b.high - before), after - before + half(a.high - after, before - b.low)};
}

namespace {

/// The noncentrality at which a noncentral chi-square value is at most `q` with chance `p`; 0 where none is.
double noncentrality(double q, double df, double p) {
  constexpr double kRounding = 1e-6;  // of the degrees of freedom: far below any chance
  if (q < kRounding * df) return 0;
  const auto excess = [&](double lambda) {
    if (lambda == 0) return boost::math::cdf(boost::math::chi_squared(df), q) - p;
    return boost::math::cdf(boost::math::non_central_chi_squared(df, lambda), q) - p;
  };
  if (excess(0) <= 0) return 0;
  double high = q + 10;
  while (excess(high) > 0) high *= 2;
  std::uintmax_t steps = 200;
  const auto [a, b] =
      boost::math::tools::toms748_solve(excess, 0.0, high, boost::math::tools::eps_tolerance<double>(40), steps);
  return (a + b) / 2;
}

}  // namespace

Interval spread_interval(double squares, std::span<const double> variances, double level) {
  const auto k = static_cast<double>(variances.size());
  double sum = 0, sum_of_squares = 0;
  for (const double v : variances) sum += v, sum_of_squares += v * v;
  require(k > 1 && sum > 0 && squares >= 0 && std::ranges::min(variances) >= 0,
          "a spread needs two groups and a sampling variance", k, sum, squares);
  // Traces of (M V) and of its square, where M takes the mean away.
  const double mean = (1 - 1 / k) * sum, half_variance = (1 - 2 / k) * sum_of_squares + sum * sum / (k * k);
  const double c = half_variance / mean, df = mean / c, q = squares / c, tail = (1 - level) / 2;
  return {std::sqrt(noncentrality(q, df, 1 - tail) * c / k),
          std::sqrt(noncentrality(std::max(q, df), df, tail) * c / k)};
}

}  // namespace evenface::stats
