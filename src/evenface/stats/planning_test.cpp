#include "evenface/stats/planning.h"

#include <array>
#include <cmath>
#include <utility>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/stats/interval.h"
#include "evenface/stats/significance.h"

namespace evenface::stats {
namespace {

// Fleiss, Levin & Paik: n per group of a two-sided test of two proportions.
TEST(DetectableGap, AgreesWithTheStandardSampleSizeFormula) {
  const double d = detectable_gap(0.3, 143, 0.05);
  const double a = 0.3 - d / 2, b = 0.3 + d / 2;
  const double n =
      std::pow(1.959964 * std::sqrt(2 * 0.3 * 0.7) + 0.841621 * std::sqrt(a * (1 - a) + b * (1 - b)), 2) / (d * d);
  EXPECT_NEAR(n, 143, 0.01);
  EXPECT_TRUE(std::isinf(detectable_gap(0.5, 2, 0.001)));
}

// statsmodels' power_proportions_2indep: tests/reference/disparity_reference.py
TEST(PowerOfTest, MatchesStatsmodels) {
  EXPECT_NEAR(power_of_test(0.7, 143, 0.8, 143, 0.05), 0.497153940, 5e-10);
  EXPECT_NEAR(power_of_test(0.6, 100, 0.75, 400, 0.05 / 14), 0.527775755, 5e-10);
  EXPECT_NEAR(power_of_test(0.5, 80, 0.5, 80, 0.05), 0.05, 1e-12);
  EXPECT_EQ(power_of_test(0.7, 143, 0.8, 100, 0.05), power_of_test(0.8, 100, 0.7, 143, 0.05));
}

// Fisher's test by enumeration of all tables with scipy: the same script. Near a rate of 1 the approximation promises a
// few points less than there are.
TEST(PowerOfTest, IsNearTheExactPowerOfFishersTest) {
  EXPECT_NEAR(power_of_test(0.5, 40, 0.8, 40, 0.05, PlannedTest::kFisher), 0.749425, 0.02);
  EXPECT_NEAR(power_of_test(0.85, 60, 0.95, 120, 0.05, PlannedTest::kFisher), 0.558936 - 0.025, 0.025);
}

// Four standard errors of 4,000 draws, and two points for the approximation.
TEST(PowerOfTest, IsWhatASimulationShows) {
  Stream s(22, "power");
  constexpr int draws = 4000;
  int chi = 0, fisher = 0;
  for (int d = 0; d < draws; ++d) {
    const std::int64_t a = s.binomial(143, 0.45), b = s.binomial(143, 0.6);
    const std::array groups{GroupCount{143, static_cast<double>(a)}, GroupCount{143, static_cast<double>(b)}};
    chi += homogeneity(groups).p < 0.05, fisher += fisher_exact(a, 143, b, 143) < 0.05;
  }
  const double error = 0.02 + 4 * std::sqrt(0.25 / draws);
  EXPECT_NEAR(chi / static_cast<double>(draws), power_of_test(0.45, 143, 0.6, 143, 0.05), error);
  EXPECT_NEAR(fisher / static_cast<double>(draws), power_of_test(0.45, 143, 0.6, 143, 0.05, PlannedTest::kFisher),
              error);
}

// Fleiss, Levin & Paik, without and with the continuity correction: .10 against .20 at 5 % and 80 % takes 199 and 219.
TEST(RowsNeeded, MatchesPublishedSampleSizes) {
  EXPECT_EQ(rows_needed(0.15, 0.1, 0.05), 199);
  EXPECT_EQ(rows_needed(0.15, 0.1, 0.05, 0.8, PlannedTest::kFisher), 219);
  EXPECT_EQ(rows_needed(0.65, 0.1, 0.01, 0.95, PlannedTest::kFisher), 827);
}

TEST(RowsNeeded, IsTheInverseOfTheDetectableGap) {
  for (const PlannedTest test : {PlannedTest::kNormal, PlannedTest::kFisher})
    for (const double p : {0.05, 0.3, 0.9})
      for (const double gap : {0.04, 0.2}) {
        const double n = rows_needed(p, gap, 0.01, 0.8, test);
        EXPECT_LE(detectable_gap(p, n, 0.01, 0.8, test), gap);
        EXPECT_GT(detectable_gap(p, n - 1, 0.01, 0.8, test), gap);
      }
}

TEST(RowsNeededBeside, IsInfiniteWhereTheOthersAreTooFew) {
  EXPECT_TRUE(std::isinf(rows_needed_beside(0.7, 0.8, 50, 0.05)));
  const double n = rows_needed_beside(0.7, 0.8, 1e6, 0.05);
  EXPECT_GE(power_of_test(0.7, n, 0.8, 1e6, 0.05), 0.8);
  EXPECT_LT(power_of_test(0.7, n - 1, 0.8, 1e6, 0.05), 0.8);
  EXPECT_LT(n, rows_needed(0.75, 0.1, 0.05));
}

// Fleiss, Levin & Paik, chapter 4: unequal samples, r rows of the second beside each of the first.
double rows_by_formula(double p1, double p2, double r, double alpha, double power, PlannedTest test) {
  const double gap = std::abs(p1 - p2), pooled = (p1 + r * p2) / (r + 1);
  const double root = normal_quantile(1 - alpha / 2) * std::sqrt((r + 1) * pooled * (1 - pooled)) +
                      normal_quantile(power) * std::sqrt(r * p1 * (1 - p1) + p2 * (1 - p2));
  const double n = root * root / (r * gap * gap);
  return test == PlannedTest::kNormal ? n : n / 4 * std::pow(1 + std::sqrt(1 + 2 * (r + 1) / (n * r * gap)), 2);
}

TEST(RowsNeededInProportion, FollowsThePublishedFormula) {
  for (const PlannedTest test : {PlannedTest::kNormal, PlannedTest::kFisher})
    for (const double r : {0.25, 1.0, 427 / 373.0, 6.0})
      for (const auto& [p1, p2] : {std::pair{0.85, 0.9}, std::pair{0.3, 0.2}, std::pair{0.45, 0.6}})
        for (const auto& [alpha, power] : {std::pair{0.05, 0.8}, std::pair{0.05 / 14, 0.95}})
          EXPECT_EQ(rows_needed_in_proportion(p1, p2, r, alpha, power, test),
                    std::ceil(rows_by_formula(p1, p2, r, alpha, power, test)));
  EXPECT_EQ(rows_needed_in_proportion(0.1, 0.2, 1, 0.05, 0.8, PlannedTest::kFisher), 219);
}

TEST(RowsNeededInProportion, AnswersWhereTheOthersAreTooFew) {
  EXPECT_TRUE(std::isinf(rows_needed_beside(0.85, 0.9, 427, 0.025, 0.8, PlannedTest::kFisher)));
  const double n = rows_needed_in_proportion(0.85, 0.9, 427 / 373.0, 0.025, 0.8, PlannedTest::kFisher);
  EXPECT_GT(n, 373);
  EXPECT_EQ(rows_needed_beside(0.85, 0.9, n * 427 / 373.0, 0.025, 0.8, PlannedTest::kFisher), n);
}

// Four standard errors of 4,000 draws, and two points for the approximation.
TEST(RowsNeededInProportion, AreEnoughInASimulation) {
  Stream s(23, "in proportion");
  constexpr int kDraws = 4000;
  const double n = rows_needed_in_proportion(0.55, 0.7, 1.5, 0.025, 0.8, PlannedTest::kFisher);
  const auto own = static_cast<std::int64_t>(n), others = static_cast<std::int64_t>(std::ceil(1.5 * n));
  int found = 0;
  for (int d = 0; d < kDraws; ++d)
    found += fisher_exact(s.binomial(own, 0.55), own, s.binomial(others, 0.7), others) < 0.025;
  EXPECT_NEAR(found / static_cast<double>(kDraws), 0.8, 0.02 + 4 * std::sqrt(0.16 / kDraws));
}

TEST(Planning, RefusesWhatMeansNothing) {
  EXPECT_THROW(power_of_test(1.2, 10, 0.5, 10, 0.05), InputError);
  EXPECT_THROW(power_of_test(0.2, 0, 0.5, 10, 0.05), InputError);
  EXPECT_THROW(rows_needed(0.5, 0, 0.05), InputError);
  EXPECT_THROW(rows_needed(0.5, 0.1, 1), InputError);
  EXPECT_THROW(rows_needed_beside(0.5, 0.5, 10, 0.05), InputError);
  EXPECT_THROW(rows_needed_in_proportion(0.5, 0.5, 1, 0.05), InputError);
  EXPECT_THROW(rows_needed_in_proportion(0.4, 0.5, 0, 0.05), InputError);
  EXPECT_THROW(detectable_gap(0.5, 100, 0.05, 1), InputError);
  EXPECT_EQ(power_of_test(0, 50, 1, 50, 0.05), 1);
}

}  // namespace
}  // namespace evenface::stats
