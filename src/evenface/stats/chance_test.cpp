#include "evenface/stats/chance.h"

#include <cmath>

#include <gtest/gtest.h>

#include "evenface/stats/worst_group.h"

namespace evenface::stats {
namespace {

PairedCells equal_groups(int k, int n, int right) {
  PairedCells cells(k, 1, 1);
  for (int g = 0; g < k; ++g) cells.add(g, 0b11, right), cells.add(g, 0b00, n - right);
  return cells;
}

// oracle: null_gap.json, the exact mean of max minus min of 14 independent binomials (n = 100, p = .9).
// Permutation fixes the total, which shrinks each group's variance by 1 - 1/14; the oracle is met by
// drawing the total itself from its binomial.
TEST(RawNull, GivesTheGapThatChanceAloneGives) {
  Stream s(2, "totals");
  double mean = 0;
  constexpr int tables = 400;
  for (int t = 0; t < tables; ++t) {
    const auto total = s.binomial(1400, 0.9);
    PairedCells cells(14, 1, 1);
    for (std::int64_t g = 0, left = total; g < 14; ++g) {
      const auto right = std::min<std::int64_t>(100, left);
      cells.add(g, 0b11, right), cells.add(g, 0b00, 100 - right);
      left -= right;
    }
    mean += raw_null(cells, Arm::kBefore, gap, 50, static_cast<std::uint64_t>(t), {}).mean / tables;
  }
  EXPECT_NEAR(mean, 0.101342, 0.0015);
}

TEST(RawNull, FindsNothingInEqualGroupsAndSomethingInUnequalOnes) {
  const NullReference none = raw_null(equal_groups(5, 100, 50), Arm::kBefore, gap, 999, 1, {});
  EXPECT_EQ(none.p, 1);
  PairedCells unequal = equal_groups(5, 100, 50);
  unequal += [] {
    PairedCells extra(5, 1, 1);
    extra.add(0, 0b11, 100);
    return extra;
  }();
  EXPECT_LE(raw_null(unequal, Arm::kBefore, gap, 999, 1, {}).p, 0.005);
}

// Under the null the p value is uniform: at most 5 % (and three standard errors) fall below .05.
TEST(RawNull, KeepsItsLevel) {
  Stream s(3, "level");
  constexpr int tables = 500;
  int rejected = 0;
  for (int t = 0; t < tables; ++t) {
    PairedCells cells(6, 2, 1);
    for (int g = 0; g < 6; ++g)
      for (int row = 0; row < 60; ++row) cells.add(g, s.below(8));
    rejected += raw_null(cells, Arm::kBefore, gap, 199, static_cast<std::uint64_t>(t), {}).p <= 0.05;
  }
  EXPECT_LE(rejected, 25 + 15);
  EXPECT_GE(rejected, 25 - 15);
}

// Chosen and estimated on the same rows the worst of equal groups looks worse than it is; cross-fitted it does not.
TEST(WorstGroup, IsNotLoweredByBeingChosen) {
  Stream s(4, "halves");
  constexpr int tables = 400;
  double naive = 0, fitted = 0;
  for (int t = 0; t < tables; ++t) {
    PairedCells a(10, 1, 1), b(10, 1, 1);
    for (int g = 0; g < 10; ++g)
      for (int row = 0; row < 50; ++row) a.add(g, s.uniform() < 0.7 ? 3 : 0), b.add(g, s.uniform() < 0.7 ? 3 : 0);
    fitted += *cross_fitted_worst(a, b, Arm::kBefore, 0.95).rate.value / tables;
    a += b;
    double worst = 1;
    for (const GroupCount& g : mean_counts(a, Arm::kBefore)) worst = std::min(worst, g.rate());
    naive += worst / tables;
  }
  EXPECT_LT(naive, 0.66);
  EXPECT_NEAR(fitted, 0.7, 4 * std::sqrt(0.7 * 0.3 / (100.0 * tables)));
}

}  // namespace
}  // namespace evenface::stats
