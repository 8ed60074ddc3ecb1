#include "evenface/stats/significance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>

#include "evenface/core/error.h"

namespace evenface::stats {
double mcnemar_exact(std::int64_t lost, std::int64_t won) {
  require(lost >= 0 && won >= 0, "counts can't be negative", lost, won);
  if (lost + won == 0) return 1;
  const boost::math::binomial fair(static_cast<double>(lost + won), 0.5);
  return std::clamp(2 * boost::math::cdf(fair, static_cast<double>(std::min(lost, won))), kLeastP, 1.0);
}

namespace {

/// Tables with the margins of x1 of n1 and x2 of n2, by their x1.
struct Tables {
  std::int64_t n1, n2, successes;

  std::int64_t least() const { return std::max<std::int64_t>(0, successes - n2); }
  std::int64_t most() const { return std::min(n1, successes); }
  std::int64_t mode() const {
    const auto a = static_cast<double>(n1 + 1), b = static_cast<double>(successes + 1);
    return std::clamp(static_cast<std::int64_t>(a * b / static_cast<double>(n1 + n2 + 2)), least(), most());
  }
  double log_probability(std::int64_t x) const {
    const auto log_choose = [](std::int64_t n, std::int64_t k) {
      return std::lgamma(static_cast<double>(n) + 1) - std::lgamma(static_cast<double>(k) + 1) -
             std::lgamma(static_cast<double>(n - k) + 1);
    };
    return log_choose(n1, x) + log_choose(n2, successes - x) - log_choose(n1 + n2, successes);
  }
  /// P(x + 1) / P(x).
  double ratio(std::int64_t x) const {
    const auto k = static_cast<double>(x);
    return (static_cast<double>(n1) - k) * (static_cast<double>(successes) - k) /
           ((k + 1) * (static_cast<double>(n2 - successes) + k + 1));
  }
  /// P(x) and all that lie beyond it, away from the mode. The terms fall; the rest of them is left out once it can't
  /// change the sum.
  double tail(std::int64_t x, int step) const {
    double sum = 0, term = 1;
    for (std::int64_t at = x; least() <= at && at <= most() && term > 1e-18 * sum; at += step) {
      sum += term;
      term *= step > 0 ? ratio(at) : 1 / ratio(at - 1);
    }
    return sum > 0 ? sum * std::exp(log_probability(x)) : 0;
  }
};

}  // namespace

double fisher_exact(std::int64_t x1, std::int64_t n1, std::int64_t x2, std::int64_t n2) {
  require(0 <= x1 && x1 <= n1 && 0 <= x2 && x2 <= n2, "successes must lie in 0..trials", x1, n1, x2, n2);
  const Tables tables{n1, n2, x1 + x2};
  const std::int64_t mode = tables.mode();
  if (x1 == mode) return 1;
  constexpr double kTies = 1e-7;  // relative: tables as probable as the one seen, but for rounding
  const double seen = tables.log_probability(x1) + kTies;
  // Probabilities fall from the mode to either end: the other tail begins where they reach the one seen.
  const int step = x1 < mode ? 1 : -1;
  std::int64_t more = mode, less = (step > 0 ? tables.most() : tables.least()) + step;
  if (tables.log_probability(mode) <= seen) less = mode;
  while (std::abs(less - more) > 1) {
    const std::int64_t middle = more + (less - more) / 2;
    (tables.log_probability(middle) <= seen ? less : more) = middle;
  }
  return std::clamp(tables.tail(x1, -step) + tables.tail(less, step), kLeastP, 1.0);
}

double apart_by_chance(double n1, double n2) {
  return std::clamp(2 * std::exp(std::lgamma(n1 + 1) + std::lgamma(n2 + 1) - std::lgamma(n1 + n2 + 1)), kLeastP, 1.0);
}

namespace {

/// The indices of p, smallest first.
std::vector<std::size_t> ascending(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  return order;
}

}  // namespace

std::vector<double> holm(const std::vector<double>& p) {
  const std::vector<std::size_t> order = ascending(p);
  std::vector<double> adjusted(p.size());
  double so_far = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    so_far = std::max(so_far, std::min(1.0, static_cast<double>(p.size() - rank) * p[order[rank]]));
    adjusted[order[rank]] = so_far;
  }
  return adjusted;
}

std::vector<double> benjamini_yekutieli(const std::vector<double>& p) {
  const std::vector<std::size_t> order = ascending(p);
  double harmonic = 0;
  for (std::size_t rank = 1; rank <= p.size(); ++rank) harmonic += 1 / static_cast<double>(rank);
  std::vector<double> adjusted(p.size());
  double so_far = 1;
  for (std::size_t rank = p.size(); rank-- > 0;) {
    const double share = static_cast<double>(p.size()) * harmonic / static_cast<double>(rank + 1);
    so_far = std::min(so_far, share * p[order[rank]]);
    adjusted[order[rank]] = so_far;
  }
  return adjusted;
}

ChiSquare homogeneity(std::span<const GroupCount> groups) {
  require(groups.size() >= 2, "rates of at least two groups are compared", groups.size());
  GroupCount all;
  for (const GroupCount& g : groups) {
    require(0 <= g.right && g.right <= g.n && g.n > 0, "right rows must lie in 0..n, with n above 0", g.right, g.n);
    all.n += g.n, all.right += g.right;
  }
  const double p = all.rate(), fewest = std::ranges::min_element(groups, {}, &GroupCount::n)->n;
  ChiSquare test{.df = static_cast<std::int64_t>(groups.size()) - 1, .least_expected = fewest * std::min(p, 1 - p)};
  if (p <= 0 || p >= 1) return test;
  for (const GroupCount& g : groups) test.statistic += std::pow(g.right - g.n * p, 2) / (g.n * p * (1 - p));
  constexpr double kRounding = 1e-6;
  if (test.statistic < kRounding * static_cast<double>(test.df)) return test;
  const boost::math::chi_squared null(static_cast<double>(test.df));
  test.p = std::max(kLeastP, boost::math::cdf(boost::math::complement(null, test.statistic)));
  return test;
}

}  // namespace evenface::stats
