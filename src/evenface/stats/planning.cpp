#include "evenface/stats/planning.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <boost/math/distributions/normal.hpp>

#include "evenface/core/error.h"
#include "evenface/stats/interval.h"

namespace evenface::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void require_plan(double p, double alpha, double power) {
  require(0 <= p && p <= 1, "a rate must lie in 0..1", p);
  require(0 < alpha && alpha < 1, "alpha must lie between 0 and 1", alpha);
  require(0 < power && power < 1, "the power must lie between 0 and 1", power);
}

/// Two rates that lie `gap` apart, with `p` in their middle if 0..1 has room for that.
std::pair<double, double> around(double p, double gap) {
  const double low = std::clamp(p - gap / 2, 0.0, 1 - gap);
  return {low, low + gap};
}

/// The smallest whole number of rows that is `enough`; more rows are, too.
template <class Enough>
double fewest_rows(Enough enough) {
  constexpr double kMost = 1e12;
  double few = 0, many = 1;
  while (!enough(many)) {
    if (many > kMost) return kInfinity;
    few = many, many *= 2;
  }
  while (many - few > 1) {
    const double middle = std::floor((few + many) / 2);
    (enough(middle) ? many : few) = middle;
  }
  return many;
}

}  // namespace

double power_of_test(double p1, double n1, double p2, double n2, double alpha, PlannedTest test) {
  require_plan(p1, alpha, 0.5);
  require_plan(p2, alpha, 0.5);
  require(n1 > 0 && n2 > 0, "a test needs rows in both groups", n1, n2);
  const double pooled = (n1 * p1 + n2 * p2) / (n1 + n2), gap = std::abs(p1 - p2);
  const double correction = test == PlannedTest::kFisher ? (1 / n1 + 1 / n2) / 2 : 0;
  const double needed =
      correction - normal_quantile(alpha / 2) * std::sqrt(std::max(0.0, pooled * (1 - pooled)) * (1 / n1 + 1 / n2));
  const double sd = std::sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2);
  if (sd == 0) return gap > 0 && gap >= needed ? 1 : 0;
  const boost::math::normal normal;
  return boost::math::cdf(normal, (gap - needed) / sd) + boost::math::cdf(normal, (-gap - needed) / sd);
}

double detectable_gap(double p, double n, double alpha, double power, PlannedTest test) {
  require_plan(p, alpha, power);
  const auto found = [&](double gap) {
    const auto [low, high] = around(p, gap);
    return power_of_test(low, n, high, n, alpha, test) >= power;
  };
  if (!found(1)) return kInfinity;
  double low = 0, high = 1;
  for (int step = 0; step < 60; ++step) (found((low + high) / 2) ? high : low) = (low + high) / 2;
  return high;
}

double rows_needed(double p, double gap, double alpha, double power, PlannedTest test) {
  require_plan(p, alpha, power);
  require(0 < gap && gap <= 1, "a gap must lie in 0..1, above 0", gap);
  const auto [low, high] = around(p, gap);
  return fewest_rows([&](double n) { return power_of_test(low, n, high, n, alpha, test) >= power; });
}

double rows_needed_beside(double p1, double p2, double others, double alpha, double power, PlannedTest test) {
  require_plan(p1, alpha, power);
  require(p1 != p2, "the rates of which a difference is to be found must differ", p1);
  return fewest_rows([&](double n) { return power_of_test(p1, n, p2, others, alpha, test) >= power; });
}

double rows_needed_in_proportion(double p1, double p2, double others_per_row, double alpha, double power,
                                 PlannedTest test) {
  require_plan(p1, alpha, power);
  require(p1 != p2, "the rates of which a difference is to be found must differ", p1);
  require(others_per_row > 0, "a test needs rows in both groups", others_per_row);
  return fewest_rows([&](double n) { return power_of_test(p1, n, p2, n * others_per_row, alpha, test) >= power; });
}

}  // namespace evenface::stats
