#include "evenface/stats/quantile.h"

#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"

namespace evenface::stats {
namespace {

// numpy.quantile of the same values, its default method.
TEST(Quantile, MatchesNumpy) {
  std::vector<double> values{3.1, -1, 2.5, 8, 0.25, 7, 7};
  for (const auto& [share, expected] :
       {std::pair(0.0, -1.0), {0.025, -0.8125}, {0.3, 2.05}, {0.5, 3.1}, {0.9, 7.4}, {1.0, 8.0}})
    EXPECT_NEAR(quantile(values, share), expected, 1e-12) << share;
  EXPECT_THROW(quantile({}, 0.5), InputError);
}

TEST(BcaInterval, IsThePercentileIntervalWithoutBiasAndAcceleration) {
  std::vector<double> values;
  for (int i = -500; i <= 500; ++i) values.push_back(i);
  const Interval plain = percentile_interval(values, 0.9), bca = bca_interval(values, 0, 0, 0.9);
  EXPECT_NEAR(bca.low, plain.low, 1e-9);
  EXPECT_NEAR(bca.high, plain.high, 1e-9);
}

// Half the replicates below the observed value is no bias; Efron's formula by hand for the rest:
// b = Phi^-1(.6), acceleration .1, ends at Phi(b + (b -+ 1.6448536) / (1 - .1 (b -+ 1.6448536))), by Python's
// statistics.
TEST(BcaInterval, MovesItsEndsByBiasAndAcceleration) {
  std::vector<double> values;
  for (int i = 0; i <= 10000; ++i) values.push_back(i / 10000.0);
  const Interval i = bca_interval(values, 0.6, 0.1, 0.9);
  EXPECT_NEAR(i.low, 0.1664766, 1e-4);
  EXPECT_NEAR(i.high, 0.9952881, 1e-4);
}

}  // namespace
}  // namespace evenface::stats
