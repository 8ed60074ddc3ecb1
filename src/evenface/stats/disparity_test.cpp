#include "evenface/stats/disparity.h"

#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/stats/group_values.h"
#include "evenface/stats/known_truth.h"

namespace evenface::stats {
namespace {

// oracle: fairface_before_after.json, 14 groups of race and gender
constexpr std::array<double, 14> kRows{376, 356, 365, 354, 352, 378, 354, 383, 385, 396, 357, 372, 385, 349};
constexpr std::array<double, 14> kBefore{275, 262, 240, 220, 195, 274, 107, 151, 248, 238, 171, 198, 239, 198};
constexpr std::array<double, 14> kAfter{266, 221, 223, 224, 203, 247, 191, 213, 197, 201, 192, 191, 208, 213};

std::vector<GroupCount> groups_of(const std::array<double, 14>& right) {
  std::vector<GroupCount> groups;
  for (std::size_t g = 0; g < 14; ++g) groups.push_back({kRows[g], right[g]});
  return groups;
}

TEST(Disparity, MatchesThePublishedFigures) {
  const auto before = groups_of(kBefore), after = groups_of(kAfter);
  EXPECT_NEAR(gap(before), 0.4337, 5e-5);
  EXPECT_NEAR(gap(after), 0.19987, 5e-6);
  EXPECT_NEAR(min_max_ratio(before), 0.4107, 5e-5);
  EXPECT_NEAR(min_max_ratio(after), 0.71748, 5e-6);
  EXPECT_NEAR(population_sd(before), 0.121592, 5e-7);
  EXPECT_NEAR(population_sd(after), 0.05848, 5e-6);
  EXPECT_NEAR(spread_of(corrected_variance(before)), 0.119194, 5e-7);
  EXPECT_NEAR(spread_of(corrected_variance(after)), 0.053033, 5e-7);
  EXPECT_NEAR(spread_of(corrected_variance(before) * 14 / 13), 0.123693, 5e-7);
  EXPECT_NEAR(spread_of(corrected_variance(after) * 14 / 13), 0.055035, 5e-7);
}

// (sim) of methods: the mean of the corrected variance over repetitions is the true variance.
TEST(CorrectedVariance, IsUnbiased) {
  constexpr int k = 14, n = 143, draws = 4000;
  for (const double spread : {0.0, 0.05}) {
    Stream s(1, "unbiased", {static_cast<std::uint64_t>(spread * 100)});
    double sum = 0, squares = 0;
    for (int d = 0; d < draws; ++d) {
      std::vector<GroupCount> groups;
      for (int g = 0; g < k; ++g)
        groups.push_back({n, static_cast<double>(s.binomial(n, 0.5 + (g % 2 ? spread : -spread)))});
      const double v = corrected_variance(groups);
      sum += v, squares += v * v;
    }
    const double mean = sum / draws, se = std::sqrt((squares / draws - mean * mean) / draws);
    EXPECT_NEAR(mean, spread * spread, 4 * se) << spread;
  }
}

TEST(GapEstimate, HoldsTheTrueGapOfEqualGroups) {
  const std::vector<GroupCount> groups(14, GroupCount{100, 90});
  const Estimate e = gap_estimate(groups, 0.95);
  EXPECT_EQ(e.value, 0);
  EXPECT_EQ(e.interval->low, 0);
  EXPECT_GT(e.interval->high, 0.1);
}

// oracle: null_gap.json, 14 groups of 100 rows at .9. Max and min are all that the gap depends on, so its mean is
// summed over their joint distribution: P(all within a..b) = (F(b) - F(a - 1))^14.
TEST(Gap, OfEqualGroupsIsThePublishedMean) {
  constexpr int n = 100, k = 14;
  const std::vector<double> p = binomial_probabilities(n, 0.9);
  std::vector<double> below{0};
  for (const double x : p) below.push_back(below.back() + x);
  const auto within = [&](int a, int b) {
    return a > b ? 0 : std::pow(below[static_cast<std::size_t>(b + 1)] - below[static_cast<std::size_t>(a)], k);
  };
  double mean = 0;
  for (int a = 0; a <= n; ++a)
    for (int b = a; b <= n; ++b) {
      const std::array groups{GroupCount{n, static_cast<double>(a)}, GroupCount{n, static_cast<double>(b)}};
      mean += gap(groups) * (within(a, b) - within(a + 1, b) - within(a, b - 1) + within(a + 1, b - 1));
    }
  EXPECT_NEAR(mean, 0.101342, 5e-7);
}

// oracle: fairface_race_accuracy.json, and the false positive rates of compas.json
TEST(GroupCount, MatchesPublishedRates) {
  constexpr std::array<GroupCount, 7> races{
      {{2085, 1575}, {1556, 1339}, {1623, 963}, {1550, 1209}, {1415, 881}, {1516, 1107}, {1209, 747}}};
  GroupCount all, others;
  for (const GroupCount& g : races) all.n += g.n, all.right += g.right;
  others = {all.n - races[0].n, all.right - races[0].right};
  EXPECT_NEAR(all.rate(), 0.7139857586269855, 1e-15);
  EXPECT_NEAR(others.rate(), 0.7042507610779118, 1e-15);
  EXPECT_NEAR(races[1].rate() - races[2].rate(), 0.2671941895661182, 1e-15);
  EXPECT_NEAR((GroupCount{805 + 990, 805}.rate()), 0.448468, 5e-7);
  EXPECT_NEAR((GroupCount{349 + 1139, 349}.rate()), 0.234543, 5e-7);
}

TEST(Disparity, NeedsTwoGroups) {
  const std::vector<GroupCount> one{{100, 50}};
  EXPECT_THROW(gap(one), InputError);
  EXPECT_THROW(corrected_variance(one), InputError);
}

// docs/statistics.md: right 90/70, 80/80 and 85/75 of 100.
TEST(CorrectedSpread, OfSeveralRunsTakesTheRootLast) {
  std::vector<std::vector<GroupValue>> runs;
  for (const auto& [a, b] : {std::pair(90.0, 70.0), {80.0, 80.0}, {85.0, 75.0}})
    runs.push_back(values_of(std::vector<GroupCount>{{100, a}, {100, b}}));
  const Estimate spread = corrected_spread(runs, 0.95, 1000, 1);
  EXPECT_NEAR(*spread.value, 0.0581, 5e-5);
  EXPECT_EQ(spread.interval->low, 0);
  EXPECT_GT(spread.interval->high, 0.1);
  const Estimate alike = corrected_spread(std::vector(3, runs[0]), 0.95, 1000, 1);
  EXPECT_NEAR(*alike.value, spread_of(corrected_variance(runs[0])), 1e-15);
  EXPECT_GT(alike.interval->high, *alike.value);
}

// Ten groups, three runs on the same rows, whose noise has an SD of 1: t with two degrees of freedom holds more.
TEST(CorrectedSpread, OfSeveralRunsHoldsTheTruth) {
  constexpr int kDraws = 300;
  for (const double truth : {0.0, 1.0, 3.0}) {
    int held = 0;
    for (std::uint64_t draw = 0; draw < kDraws; ++draw) {
      Stream stream(6, "runs", {draw});
      std::vector<std::vector<GroupValue>> runs(3);
      for (int g = 0; g < 10; ++g) {
        const double value = (g % 2 ? truth : -truth) + stream.normal();
        for (auto& run : runs) run.push_back({value + 0.1 * stream.normal(), 1, 100});
      }
      const Interval i = *corrected_spread(runs, 0.95, 200, draw).interval;
      held += i.low <= truth && truth <= i.high;
    }
    EXPECT_GT(held / static_cast<double>(kDraws), 0.95 - 4 * std::sqrt(0.95 * 0.05 / kDraws)) << truth;
  }
}

}  // namespace
}  // namespace evenface::stats
