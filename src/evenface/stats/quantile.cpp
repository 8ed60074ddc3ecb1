#include "evenface/stats/quantile.h"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/normal.hpp>

#include "evenface/core/error.h"

namespace evenface::stats {

double quantile(std::span<double> values, double share) {
  require(!values.empty() && 0 <= share && share <= 1, "a quantile needs values and a share in 0..1", values.size(),
          share);
  const double place = share * static_cast<double>(values.size() - 1);
  const auto i = static_cast<std::size_t>(place);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(i);
  std::ranges::nth_element(values, at);
  const double rest = place - static_cast<double>(i);
  return rest > 0 ? *at * (1 - rest) + *std::min_element(at + 1, values.end()) * rest : *at;
}

Interval percentile_interval(std::span<double> replicates, double level) {
  return {quantile(replicates, (1 - level) / 2), quantile(replicates, (1 + level) / 2)};
}

Interval bca_interval(std::span<double> replicates, double observed, double acceleration, double level) {
  constexpr double kRounding = 1e-12;
  double below = 0;  // replicates that equal the observed value count half
  for (const double r : replicates) below += r < observed - kRounding ? 1 : r <= observed + kRounding ? 0.5 : 0;
  const auto n = static_cast<double>(replicates.size());
  const double bias = normal_quantile(std::clamp(below / n, 0.5 / n, 1 - 0.5 / n));
  const auto end = [&](double share) {
    const double z = bias + normal_quantile(share);
    return quantile(replicates, boost::math::cdf(boost::math::normal(), bias + z / (1 - acceleration * z)));
  };
  return {end((1 - level) / 2), end((1 + level) / 2)};
}

}  // namespace evenface::stats
