#include "evenface/stats/cluster.h"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/stats/interval.h"

namespace evenface::stats {
namespace {

// The variance of a rate over 12 persons by statsmodels' OLS on a constant with cov_type="cluster":
// tests/reference/disparity_reference.py.
TEST(ClusteredCount, MatchesTheClusterRobustVarianceOfStatsmodels) {
  PersonTotals totals;
  for (std::uint64_t i = 0; i < 12; ++i) {
    const double rows = 1 + static_cast<double>(i * 5 % 7);
    totals.add(i, rows, std::floor(rows * static_cast<double>(i * 7 % 12) / 11));
  }
  const ClusteredCount c = clustered_count(totals);
  EXPECT_EQ(c.persons, 12);
  const double n = c.rows.n, p = c.rows.rate();
  EXPECT_NEAR(c.design_effect * p * (1 - p) / (n - 1), 0.007202148437500, 1e-12);
  EXPECT_NEAR(c.effective.rate(), p, 1e-15);
  EXPECT_NEAR(c.effective.n, n / c.design_effect * std::pow(t_quantile(0.975, n - 1) / t_quantile(0.975, 11), 2), 1e-9);
}

TEST(ClusteredCount, IsThePlainCountWhereEveryPersonHasOneRow) {
  PersonTotals totals;
  for (std::uint64_t i = 0; i < 50; ++i) totals.add(i, 1, i < 40);
  const ClusteredCount c = clustered_count(totals);
  EXPECT_NEAR(c.design_effect, 1, 1e-12);
  EXPECT_NEAR(c.effective.n, 50, 1e-9);
  EXPECT_NEAR(c.effective.right, 40, 1e-9);
}

TEST(ClusteredCount, CountsPersonsWhereTheirRowsAreAllAlike) {
  PersonTotals alike, flawless, one;
  for (std::uint64_t i = 0; i < 40; ++i) alike.add(i, 10, i % 4 ? 10 : 0), flawless.add(i, 10, 10);
  one.add(7, 25, 20);
  // K/(K - 1) and n/(n - 1) make it a little more than the ten rows that each person has.
  EXPECT_NEAR(clustered_count(alike).design_effect, 10 * 40.0 / 39 * 399 / 400, 1e-9);
  EXPECT_NEAR(clustered_count(flawless).effective.n, 40, 1e-9);
  EXPECT_NEAR(clustered_count(one).effective.n, 1, 1e-12);
  EXPECT_NEAR(clustered_count(one).effective.right, 0.8, 1e-12);
}

TEST(ClusteredCount, IsNeverBelowOne) {
  PersonTotals opposed;  // every person has one right and one wrong row
  for (std::uint64_t i = 0; i < 30; ++i) opposed.add(i, 2, 1);
  EXPECT_EQ(clustered_count(opposed).design_effect, 1);
  EXPECT_LE(clustered_count(opposed).effective.n, 60);
  EXPECT_THROW(clustered_count(PersonTotals()), InputError);
  EXPECT_THROW(opposed.add(1, 2, 3), InputError);
}

TEST(PersonTotals, OfShardsAdd) {
  PersonTotals whole;
  std::array<PersonTotals, 64> shards;
  Stream s(23, "shards");
  for (std::size_t row = 0; row < 3000; ++row) {
    const std::uint64_t person = s.below(200);
    const double right = static_cast<double>(s.below(4)) / 3;  // a mean over three seeds
    whole.add(person, 1, right), shards[row % 64].add(person, 1, right);
  }
  PersonTotals sum;
  for (std::size_t i = 64; i-- > 0;) sum += shards[i];
  EXPECT_EQ(clustered_count(sum).effective.n, clustered_count(whole).effective.n);
  EXPECT_EQ(clustered_count(sum).effective.right, clustered_count(whole).effective.right);
}

// Nominal 95 %, rows of a person correlated by .3: Wilson on effective rows covers, on all rows it doesn't.
TEST(ClusteredCount, MakesWilsonCover) {
  double sum = 0, naive_sum = 0;
  int settings = 0;
  for (const double p : {0.6, 0.9})
    for (const int persons : {12, 40, 150}) {
      Stream s(24, "persons", {static_cast<std::uint64_t>(p * 100), static_cast<std::uint64_t>(persons)});
      constexpr double kStrength = 1 / 0.3 - 1;
      constexpr int draws = 600;
      int covered = 0, naive = 0;
      for (int d = 0; d < draws; ++d) {
        PersonTotals totals;
        for (int i = 0; i < persons; ++i) {
          const auto rows = static_cast<std::int64_t>(1 + s.below(9));
          const double own = s.beta(p * kStrength, (1 - p) * kStrength);
          totals.add(static_cast<std::uint64_t>(i), static_cast<double>(rows),
                     static_cast<double>(s.binomial(rows, own)));
        }
        const ClusteredCount c = clustered_count(totals);
        const Interval i = wilson_interval(c.effective.right, c.effective.n);
        const Interval all = wilson_interval(c.rows.right, c.rows.n);
        covered += i.low <= p && p <= i.high, naive += all.low <= p && p <= all.high;
      }
      EXPECT_GE(covered, draws * (0.93 - 3 * std::sqrt(0.05 * 0.95 / draws))) << persons << " persons, p " << p;
      sum += static_cast<double>(covered) / draws, naive_sum += static_cast<double>(naive) / draws, ++settings;
    }
  EXPECT_GE(sum / settings, 0.94);
  EXPECT_LE(sum / settings, 0.97);
  EXPECT_LT(naive_sum / settings, 0.85);
}

}  // namespace
}  // namespace evenface::stats
