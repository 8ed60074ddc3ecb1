#include "evenface/stats/significance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/math/distributions/binomial.hpp>

#include "evenface/core/error.h"

namespace evenface::stats {

double mcnemar_exact(std::int64_t lost, std::int64_t won) {
  require(lost >= 0 && won >= 0, "counts can't be negative", lost, won);
  if (lost + won == 0) return 1;
  const boost::math::binomial fair(static_cast<double>(lost + won), 0.5);
  return std::min(1.0, 2 * boost::math::cdf(fair, static_cast<double>(std::min(lost, won))));
}

double fisher_exact(std::int64_t x1, std::int64_t n1, std::int64_t x2, std::int64_t n2) {
  require(0 <= x1 && x1 <= n1 && 0 <= x2 && x2 <= n2, "successes must lie in 0..trials", x1, n1, x2, n2);
  const auto log_choose = [](std::int64_t n, std::int64_t k) {
    return std::lgamma(static_cast<double>(n) + 1) - std::lgamma(static_cast<double>(k) + 1) -
           std::lgamma(static_cast<double>(n - k) + 1);
  };
  const std::int64_t successes = x1 + x2;
  const auto log_probability = [&](std::int64_t x) {
    return log_choose(n1, x) + log_choose(n2, successes - x) - log_choose(n1 + n2, successes);
  };
  constexpr double kTies = 1e-7;  // relative: tables as probable as the one seen, but for rounding
  const double seen = log_probability(x1) + kTies;
  double p = 0;
  for (std::int64_t x = std::max<std::int64_t>(0, successes - n2); x <= std::min(n1, successes); ++x)
    if (const double l = log_probability(x); l <= seen) p += std::exp(l);
  return std::min(1.0, p);
}

std::vector<double> holm(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<double> adjusted(p.size());
  double so_far = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    so_far = std::max(so_far, std::min(1.0, static_cast<double>(p.size() - rank) * p[order[rank]]));
    adjusted[order[rank]] = so_far;
  }
  return adjusted;
}

}  // namespace evenface::stats
