#include "evenface/stats/significance.h"

#include <algorithm>
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
