#include "evenface/stats/multinomial.h"

#include <array>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "evenface/core/error.h"

namespace evenface::stats {
namespace {

/// Means and covariances of counts n p and n (p_i [i = j] - p_i p_j), within five standard errors.
void expect_moments(std::int64_t n, std::span<const double> masses) {
  const std::size_t cells = masses.size();
  const double whole = std::accumulate(masses.begin(), masses.end(), 0.0), rows = static_cast<double>(n);
  const Multinomial urn(n, masses);
  Stream s(1, "multinomial", {static_cast<std::uint64_t>(n)});
  constexpr int draws = 40000;
  std::vector<std::int64_t> counts(cells);
  std::vector<double> sum(cells), products(cells * cells);
  for (int d = 0; d < draws; ++d) {
    urn.draw(s, counts);
    ASSERT_EQ(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}), n);
    for (std::size_t i = 0; i < cells; ++i) {
      const double x = static_cast<double>(counts[i]) - rows * masses[i] / whole;
      sum[i] += x;
      for (std::size_t j = 0; j <= i; ++j)
        products[i * cells + j] += x * (static_cast<double>(counts[j]) - rows * masses[j] / whole);
    }
  }
  for (std::size_t i = 0; i < cells; ++i) {
    const double p = masses[i] / whole, variance = rows * p * (1 - p);
    EXPECT_NEAR(sum[i] / draws, 0, 5 * std::sqrt(variance / draws) + 1e-12) << i;
    for (std::size_t j = 0; j <= i; ++j) {
      const double q = masses[j] / whole, other = rows * q * (1 - q);
      // The product of two nearly normal counts has a variance of at most 2 times that of each, and 1/np for skew.
      const double sd = std::sqrt((2 + 1 / (rows * std::min(p, q) + 1e-9)) * variance * other);
      EXPECT_NEAR(products[i * cells + j] / draws, i == j ? variance : -rows * p * q, 5 * sd / std::sqrt(draws) + 1e-12)
          << i << " " << j;
    }
  }
}

TEST(Multinomial, HasTheRightMomentsRowByRowAndCellByCell) {
  expect_moments(9, std::array{1.0, 2.0, 0.5, 4.0});
  expect_moments(300, std::array{0.25, 1.0, 0.0, 2.0, 7.5});
}

TEST(Multinomial, NeverMeetsAnEmptyCell) {
  Stream s(2, "empty");
  std::array<std::int64_t, 3> counts{};
  for (const std::int64_t n : {5, 5000})
    for (int d = 0; d < 1000; ++d) {
      Multinomial(n, std::array{0.0, 3.0, 0.0}).draw(s, counts);
      ASSERT_EQ(counts, (std::array<std::int64_t, 3>{0, n, 0}));
    }
  EXPECT_THROW(Multinomial(1, std::array{0.0}), InternalError);
}

}  // namespace
}  // namespace evenface::stats
