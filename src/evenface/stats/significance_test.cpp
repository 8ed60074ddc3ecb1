#include "evenface/stats/significance.h"

#include <array>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "evenface/core/error.h"

namespace evenface::stats {
namespace {

TEST(McNemar, IsTheTwoSidedBinomial) {
  EXPECT_EQ(mcnemar_exact(0, 0), 1);
  EXPECT_EQ(mcnemar_exact(5, 5), 1);
  EXPECT_NEAR(mcnemar_exact(0, 6), 2.0 / 64, 1e-15);
  EXPECT_NEAR(mcnemar_exact(6, 0), 2.0 / 64, 1e-15);
  EXPECT_NEAR(mcnemar_exact(1, 9), 2.0 * 11 / 1024, 1e-15);
}

// oracle: fairface_before_after.json, all 14 groups together
TEST(McNemar, MatchesThePublishedTotal) { EXPECT_NEAR(mcnemar_exact(663, 637), 0.488, 5e-4); }

// Fisher's tea tasting (3 of 4 against 1 of 4) and R's fisher.test(matrix(c(8, 2, 1, 5), 2)).
TEST(Fisher, MatchesPublishedValues) {
  EXPECT_NEAR(fisher_exact(3, 4, 1, 4), 0.485714285714, 1e-11);
  EXPECT_NEAR(fisher_exact(8, 10, 1, 6), 0.03496503496503, 1e-12);
  EXPECT_NEAR(fisher_exact(5, 10, 50, 100), 1, 1e-9);
}

// Two of the tables with these margins are as rare as the one seen.
TEST(ApartByChance, OfGroupsOfOneSizeIsFishers) {
  for (const std::int64_t n : {1, 2, 7, 30, 500}) {
    const auto rows = static_cast<double>(n);
    EXPECT_NEAR(apart_by_chance(rows, rows) / fisher_exact(0, n, n, n), 1, 1e-9) << n;
  }
  EXPECT_DOUBLE_EQ(apart_by_chance(3, 5), 2.0 / 56);
}

// scipy's fisher_exact: tests/reference/disparity_reference.py
TEST(Fisher, MatchesScipy) {
  EXPECT_NEAR(fisher_exact(2, 30, 14, 900) / 9.123195136029e-02, 1, 1e-9);
  EXPECT_NEAR(fisher_exact(700, 1000, 8100, 12000) / 1.056038922407e-01, 1, 1e-9);
  EXPECT_NEAR(fisher_exact(300, 1000, 9000, 20000) / 3.134512721725e-21, 1, 1e-9);
  EXPECT_NEAR(fisher_exact(0, 25, 400, 1000) / 3.942463967213e-06, 1, 1e-9);
}

// The definition: every table that is at most as probable as the one seen, counted out.
RC_GTEST_PROP(Fisher, SumsTheTablesThatAreNoMoreProbable, ()) {
  const auto n1 = *rc::gen::inRange<std::int64_t>(0, 30), n2 = *rc::gen::inRange<std::int64_t>(0, 30);
  const auto x1 = *rc::gen::inRange<std::int64_t>(0, n1 + 1), x2 = *rc::gen::inRange<std::int64_t>(0, n2 + 1);
  const auto choose = [](std::int64_t n, std::int64_t k) {
    double c = 1;
    for (std::int64_t i = 0; i < k; ++i) c = c * static_cast<double>(n - i) / static_cast<double>(i + 1);
    return 0 <= k && k <= n ? c : 0;
  };
  const auto ways = [&](std::int64_t x) { return choose(n1, x) * choose(n2, x1 + x2 - x); };
  double as_rare = 0, all = 0;
  for (std::int64_t x = 0; x <= n1; ++x) all += ways(x), as_rare += ways(x) <= ways(x1) * (1 + 1e-7) ? ways(x) : 0;
  RC_ASSERT(std::abs(fisher_exact(x1, n1, x2, n2) - as_rare / all) < 1e-11);
}

// Ten million rows take as many steps as a few standard deviations; a normal test agrees where counts are that large.
TEST(Fisher, TakesMillionsOfRows) {
  const double z2 = homogeneity(std::array{GroupCount{700000, 560300}, GroupCount{9300000, 7440000}}).statistic;
  EXPECT_NEAR(fisher_exact(560300, 700000, 7440000, 9300000), std::erfc(std::sqrt(z2 / 2)), 2e-3);
}

// Holm 1979; the values are those of R's p.adjust(c(.01, .04, .03, .005), "holm").
TEST(Holm, MatchesR) {
  EXPECT_THAT(holm({.01, .04, .03, .005}), testing::Pointwise(testing::DoubleNear(1e-15), {.03, .06, .06, .02}));
}

TEST(Holm, NeverExceedsOneAndKeepsTheOrder) {
  EXPECT_THAT(holm({.9, .8, .001}), testing::Pointwise(testing::DoubleNear(1e-15), {1.0, 1.0, .003}));
  EXPECT_TRUE(holm({}).empty());
}

// statsmodels' multipletests(method="fdr_by"): tests/reference/disparity_reference.py
TEST(BenjaminiYekutieli, MatchesStatsmodels) {
  EXPECT_THAT(
      benjamini_yekutieli({.01, .04, .03, .005, .2}),
      testing::Pointwise(testing::DoubleNear(5e-9), {0.05708333, 0.11416667, 0.11416667, 0.05708333, 0.45666667}));
  EXPECT_TRUE(benjamini_yekutieli({}).empty());
  EXPECT_THAT(benjamini_yekutieli({.9, .8}), testing::ElementsAre(1, 1));
}

RC_GTEST_PROP(Adjusted, PIsNeverBelowTheRawOneAndKeepsItsOrder, (const std::vector<std::uint16_t>& drawn)) {
  std::vector<double> p;
  for (const std::uint16_t x : drawn) p.push_back(x / 65535.0);
  for (const auto& adjusted : {holm(p), benjamini_yekutieli(p)})
    for (std::size_t i = 0; i < p.size(); ++i) {
      RC_ASSERT(p[i] <= adjusted[i] + 1e-15 && adjusted[i] <= 1);
      for (std::size_t j = 0; j < p.size(); ++j) RC_ASSERT(p[i] > p[j] || adjusted[i] <= adjusted[j]);
    }
}

// oracle: fairface_race_accuracy.json; then scipy's chi2_contingency (tests/reference/disparity_reference.py)
TEST(Homogeneity, MatchesPublishedValues) {
  const ChiSquare faces = homogeneity(std::array<GroupCount, 7>{
      {{2085, 1575}, {1556, 1339}, {1623, 963}, {1550, 1209}, {1415, 881}, {1516, 1107}, {1209, 747}}});
  EXPECT_NEAR(faces.statistic, 444.41266, 5e-6);
  EXPECT_EQ(faces.df, 6);
  EXPECT_LT(faces.p, 1e-90);
  const ChiSquare small = homogeneity(std::array{GroupCount{50, 30}, GroupCount{60, 45}, GroupCount{55, 28}});
  EXPECT_NEAR(small.statistic, 7.2797917319, 5e-10);
  EXPECT_NEAR(small.p, 0.026255077871, 5e-12);
  EXPECT_NEAR(small.least_expected, 18.7878787879, 5e-10);
}

TEST(Homogeneity, FindsNothingWhereAllAreRight) {
  EXPECT_EQ(homogeneity(std::array{GroupCount{50, 50}, GroupCount{60, 60}}).p, 1);
  EXPECT_EQ(homogeneity(std::array{GroupCount{50, 50}, GroupCount{60, 60}}).least_expected, 0);
  EXPECT_THROW(homogeneity(std::array{GroupCount{50, 50}}), InputError);
  EXPECT_THROW(homogeneity(std::array{GroupCount{50, 51}, GroupCount{60, 60}}), InputError);
}

}  // namespace
}  // namespace evenface::stats
