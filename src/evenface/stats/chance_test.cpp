#include "evenface/stats/chance.h"

#include <array>
#include <cmath>

#include <gmock/gmock.h>

#include "evenface/core/random.h"
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

double log_choose(double n, double k) { return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1); }

/// Probability that a group of n rows out of N holds x of the K marked ones.
double dealt(double N, double K, double n, double x) {
  if (x < 0 || x > K || x > n || n - x > N - K) return 0;
  return std::exp(log_choose(K, x) + log_choose(N - K, n - x) - log_choose(N, n));
}

Cells binary_cells(const std::vector<std::array<int, 4>>& groups) {  // rows at truth, predicted = 00, 01, 10, 11
  Cells cells(std::ssize(groups), 2, 1);
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (int cell = 0; cell < 4; ++cell)
      for (int row = 0; row < groups[g][static_cast<std::size_t>(cell)]; ++row)
        cells.add(static_cast<std::int64_t>(g), cell / 2, std::array{cell % 2});
  return cells;
}

const Metric kRecallOf1{.measure = Measure::kRecall, .positive = 1};
constexpr std::array kFirstRun{0};
constexpr int kDraws = 20000;
/// Five standard errors of a share of kDraws draws.
double tolerance(double p) { return 5 * std::sqrt(p * (1 - p) / kDraws) + 1.0 / kDraws; }

// Two groups of 40 and 25 rows: the p of a gap is a sum of hypergeometric probabilities.
TEST(MetricNull, HasTheExactPOfAnAccuracyGap) {
  const Cells cells = binary_cells({{12, 4, 4, 20}, {6, 6, 5, 8}});
  double exact = 0;
  const double seen = 32 / 40.0 - 14 / 25.0;
  for (int x = 0; x <= 40; ++x)
    if (std::abs(x / 40.0 - (46 - x) / 25.0) >= seen - 1e-12) exact += dealt(65, 46, 40, x);
  const NullReference null = metric_null(cells, kFirstRun, {}, NullKind::kRaw, gap, kDraws, 1, {.threads = 2});
  EXPECT_DOUBLE_EQ(null.observed, seen);
  EXPECT_NEAR(null.p, exact, tolerance(exact));
}

// Recall's denominator is dealt too when group is permuted over all rows, and stays within class.
TEST(MetricNull, HasTheExactPOfARecallGap) {
  const Cells cells = binary_cells({{12, 4, 2, 10}, {6, 6, 6, 8}});
  const double seen = 10 / 12.0 - 8 / 14.0;
  double raw = 0, within = 0;
  for (int positive = 1; positive <= 25; ++positive)  // of the 26 in the group of 28 rows
    for (int hit = 0; hit <= positive; ++hit) {
      if (std::abs(hit / double(positive) - (18 - hit) / (26.0 - positive)) < seen - 1e-12) continue;
      const double p = dealt(26, 18, positive, hit);
      raw += dealt(54, 26, 28, positive) * p;
      if (positive == 12) within += p;
    }
  for (const auto& [kind, exact] : {std::pair(NullKind::kRaw, raw), {NullKind::kWithinClass, within}})
    EXPECT_NEAR(metric_null(cells, kFirstRun, kRecallOf1, kind, gap, kDraws, 1, {.threads = 2}).p, exact,
                tolerance(exact));
}

// Small strata of many kinds are shuffled, large ones drawn: both give exact probabilities.
TEST(MetricNull, DealsFewRowsAsItDealsMany) {
  const auto share_of_draws = [](int groups, int rows_of_each, int right_of_each) {
    std::vector<std::array<int, 4>> rows(static_cast<std::size_t>(groups),
                                         {right_of_each, rows_of_each - right_of_each, 0, 0});
    const Figure right_in_first = [](std::span<const GroupCount> g) { return g[0].right; };
    const auto null = metric_null(binary_cells(rows), kFirstRun, {}, NullKind::kRaw, right_in_first, kDraws, 3, {});
    double exact = 0;
    for (int x = right_of_each; x <= rows_of_each; ++x)
      exact += dealt(groups * rows_of_each, groups * right_of_each, rows_of_each, x);
    EXPECT_NEAR(null.p, exact, tolerance(exact)) << groups;
    EXPECT_NEAR(null.mean, right_of_each, 5 * std::sqrt(rows_of_each / 4.0 / kDraws)) << groups;
  };
  share_of_draws(20, 9, 3);  // 180 rows, fewer than ten for each of 19 draws
  share_of_draws(3, 400, 300);
}

// Both groups are right on 90 % of the one class and 50 % of the other, but one has more rows of the harder class:
// a gap of 20 points, all of it mix.
TEST(MetricNull, TellsTheMixOfClassesFromTheRest) {
  const Cells cells = binary_cells({{270, 30, 50, 50}, {90, 10, 150, 150}});
  const auto null = [&](NullKind kind) { return metric_null(cells, kFirstRun, {}, kind, gap, 999, 1, {}); };
  EXPECT_EQ(null(NullKind::kRaw).p, 0.001);
  const NullReference within = null(NullKind::kWithinClass);
  EXPECT_NEAR(within.mean, 0.2, 5 * std::sqrt((100 * 0.09 + 300 * 0.25) / 1e4 / 999));
  EXPECT_GT(within.p, 0.3);
}

TEST(MetricNull, OfSeveralRunsIsTheNullOfTheirMeanAccuracy) {
  Stream s(5, "runs");
  Cells cells(4, 3, 3);
  PairedCells right(4, 3, 0);
  for (int row = 0; row < 2000; ++row) {
    const auto group = static_cast<std::int64_t>(s.below(4));
    const int truth = static_cast<int>(s.below(3));
    std::array<int, 3> predicted{};
    Pattern pattern = 0;
    for (std::size_t run = 0; run < 3; ++run) {
      predicted[run] = static_cast<int>(s.below(4));
      if (predicted[run] == truth) pattern |= Pattern{1} << run;
    }
    cells.add(group, truth, predicted), right.add(group, pattern);
  }
  const std::array all{0, 1, 2};
  const auto a = metric_null(cells, all, {}, NullKind::kRaw, gap, 500, 7, {.threads = 3});
  const auto b = raw_null(right, Arm::kBefore, gap, 500, 7, {.threads = 1});
  EXPECT_NEAR(a.observed, b.observed, 1e-12);
  for (std::size_t i = 0; i < 500; ++i) EXPECT_NEAR(a.draws[i], b.draws[i], 1e-12);
}

TEST(MetricNull, SaysWhereItIsNotApplicable) {
  const auto reason = [](const std::vector<std::array<int, 4>>& groups, const Metric& metric, NullKind kind) {
    return metric_null(binary_cells(groups), kFirstRun, metric, kind, gap, 200, 1, {}).reason;
  };
  EXPECT_THAT(reason({{40, 3, 0, 0}, {0, 0, 9, 30}}, {}, NullKind::kWithinClass),
              testing::HasSubstr("the annotated class determines the group"));
  EXPECT_THAT(reason({{40, 3, 0, 0}, {0, 0, 9, 30}}, {}, NullKind::kRaw), "");
  EXPECT_THAT(reason({{40, 3, 0, 0}, {10, 2, 9, 30}}, kRecallOf1, NullKind::kRaw),
              testing::HasSubstr("fewer than two groups have a value"));
  EXPECT_THAT(reason({{40, 3, 0, 1}, {10, 2, 0, 1}}, kRecallOf1, NullKind::kRaw),
              testing::ContainsRegex("in [0-9]+ % of the draws fewer than two groups have a value"));
}

// 20 rows a person that are all right or all wrong: by rows chance is far too narrow, by persons it keeps its level.
TEST(UnitNull, KeepsItsLevelWhereRowsOfAPersonAgree) {
  Stream s(6, "persons");
  constexpr int tables = 400;
  int by_row = 0, by_person = 0;
  for (int t = 0; t < tables; ++t) {
    std::vector<Unit> units;
    PairedCells rows(3, 1, 0);
    for (int person = 0; person < 90; ++person) {
      const auto n = static_cast<std::int64_t>(1 + s.below(20)), group = static_cast<std::int64_t>(person % 3);
      const bool right = s.uniform() < 0.7;
      units.push_back({group, {{right ? static_cast<double>(n) : 0, static_cast<double>(n)}}});
      rows.add(group, right, n);
    }
    const auto seed = static_cast<std::uint64_t>(t);
    by_person += unit_null(units, 3, gap, 199, seed, {}).p <= 0.05;
    by_row += raw_null(rows, Arm::kBefore, gap, 199, seed, {}).p <= 0.05;
  }
  EXPECT_NEAR(by_person, 20, 4 * std::sqrt(400 * 0.05 * 0.95));
  EXPECT_GT(by_row, tables / 2);
}

TEST(UnitNull, DependsOnNeitherOrderNorThreads) {
  Stream s(7, "units");
  std::vector<Unit> units;
  for (int i = 0; i < 300; ++i) {
    const double weight = 0.5 + s.uniform();
    const auto group = static_cast<std::int64_t>(s.below(4));
    const double right = s.uniform() < 0.6 ? weight : 0;
    units.push_back({group, {{right, weight}}, static_cast<std::int64_t>(s.below(2))});
  }
  const auto one = unit_null(units, 4, gap, 300, 1, {.threads = 1});
  s.shuffle(units);
  const auto four = unit_null(units, 4, gap, 300, 1, {.threads = 4});
  EXPECT_EQ(one.draws, four.draws);
  EXPECT_NEAR(one.observed, four.observed, 1e-12);
}

TEST(UnitNull, IsNotApplicableWhereTheStratumDeterminesTheGroup) {
  const std::vector<Unit> units{{0, {{1, 1}}, 5}, {0, {{0, 1}}, 5}, {1, {{1, 1}}, 6}};
  EXPECT_THAT(unit_null(units, 2, gap, 99, 1, {}).reason, testing::HasSubstr("no stratum holds units of two groups"));
}

// The two halves are related where no group is worse than another: as if independent, 90 of 100 intervals held the
// rate.
TEST(WorstGroup, HasAnIntervalThatHoldsTheRate) {
  constexpr int kTables = 2000;
  for (const int groups : {2, 4, 14}) {
    Stream s(static_cast<std::uint64_t>(groups), "halves");
    int held = 0;
    for (int t = 0; t < kTables; ++t) {
      PairedCells a(groups, 1, 1), b(groups, 1, 1);
      for (int g = 0; g < groups; ++g)
        for (PairedCells* const half : {&a, &b}) {
          const std::int64_t right = s.binomial(100, 0.8);
          half->add(g, 3, right), half->add(g, 0, 100 - right);
        }
      const Estimate rate = cross_fitted_worst(a, b, Arm::kBefore, 0.95).rate;
      held += rate.interval->low <= 0.8 && 0.8 <= rate.interval->high;
    }
    EXPECT_GT(held, 0.93 * kTables) << groups;
    EXPECT_LT(held, 0.97 * kTables) << groups;
  }
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
