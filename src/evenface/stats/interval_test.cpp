#include "evenface/stats/interval.h"

#include <cmath>

#include <gtest/gtest.h>

#include "evenface/core/error.h"

namespace evenface::stats {
namespace {

struct Published {
  double x, n, low, high;
};

// oracle: intervals.json, compas.json, fairface_race_accuracy.json
TEST(WilsonInterval, MatchesPublishedValues) {
  for (const auto& [x, n, low, high] : {Published{81, 263, 0.255289, 0.36621},
                                        {15, 148, 0.0623864, 0.1604872},
                                        {0, 20, 0.0, 0.161125},
                                        {1, 29, 0.0061132, 0.1717552},
                                        {1575, 2085, 0.736486, 0.773366},
                                        {1339, 1556, 0.842437, 0.876867},
                                        {963, 1623, 0.569255, 0.616996},
                                        {1209, 1550, 0.758699, 0.799916},
                                        {881, 1415, 0.597058, 0.647507},
                                        {1107, 1516, 0.707307, 0.751951},
                                        {747, 1209, 0.590144, 0.644842}}) {
    const Interval i = wilson_interval(x, n);
    EXPECT_NEAR(i.low, low, 5e-7) << x << "/" << n;
    EXPECT_NEAR(i.high, high, 5e-7) << x << "/" << n;
  }
}

// compas.json gives 0.136843 as the lower end, cut and not rounded: the formula gives 0.1368443. So one unit of the
// last digit is allowed below.
TEST(WilsonInterval, MatchesThePublishedSmallGroup) {
  const Interval i = wilson_interval(3, 8);
  EXPECT_NEAR(i.low, 0.1368443, 5e-8);
  EXPECT_NEAR(i.low, 0.136843, 2e-6);
  EXPECT_NEAR(i.high, 0.694258, 5e-7);
}

TEST(ClopperPearsonInterval, MatchesPublishedValues) {
  for (const auto& [x, n, low, high] : {Published{81, 263, 0.252737, 0.367622},
                                        {3, 8, 0.085233, 0.755137},
                                        {1339, 1556, 0.842325, 0.877381},
                                        {1107, 1516, 0.707107, 0.75242}}) {
    const Interval i = clopper_pearson_interval(static_cast<std::int64_t>(x), static_cast<std::int64_t>(n));
    EXPECT_NEAR(i.low, low, 5e-7) << x << "/" << n;
    EXPECT_NEAR(i.high, high, 5e-7) << x << "/" << n;
  }
}

TEST(NewcombeInterval, MatchesPublishedValues) {
  const Interval a = newcombe_interval(56, 70, 48, 80);
  EXPECT_NEAR(a.low, 0.052431, 5e-7);
  EXPECT_NEAR(a.high, 0.333873, 5e-7);
  const Interval b = newcombe_interval(9, 10, 3, 10);
  EXPECT_NEAR(b.low, 0.1705227, 5e-8);
  EXPECT_NEAR(b.high, 0.809018, 5e-7);
  const Interval c = newcombe_interval(1339, 1556, 963, 1623);
  EXPECT_NEAR(c.low, 0.23741122792972388, 1e-12);
  EXPECT_NEAR(c.high, 0.2962962608307987, 1e-12);
}

// Newcombe 1998, Stat Med 17:2635, table III, method 10: pairs (e, f, g, h) with theta = (f - g)/n.
// There f counts "first only", so the first rating is our "after".
TEST(NewcombePairedInterval, MatchesPublishedValues) {
  struct Row {
    PairCounts pairs;
    double low, high;
  };
  for (const auto& [pairs, low, high] : {Row{{.both = 36, .lost = 2, .won = 12, .neither = 0}, 0.0569, 0.3404},
                                         {{.both = 20, .lost = 2, .won = 12, .neither = 16}, 0.0562, 0.3292}}) {
    const Interval i = newcombe_paired_interval(pairs);
    EXPECT_NEAR(i.low, low, 5e-5);
    EXPECT_NEAR(i.high, high, 5e-5);
  }
}

TEST(Intervals, HaveWidthAtTheEdges) {
  EXPECT_GT(wilson_interval(0, 20).high, 0.1);
  EXPECT_LT(wilson_interval(20, 20).low, 0.9);
  EXPECT_EQ(wilson_interval(20, 20).high, 1.0);
  const Interval nothing_changed = newcombe_paired_interval({.both = 10, .lost = 0, .won = 0, .neither = 0});
  EXPECT_LT(nothing_changed.low, -0.05);
  EXPECT_GT(nothing_changed.high, 0.05);
}

TEST(MoverMean, CombinesTheDistancesToTheEnds) {
  // Of one value its own interval; of two the root of the squared distances, halved.
  const Interval one = mover_mean(std::array{0.4}, std::array{Interval{0.3, 0.6}});
  EXPECT_DOUBLE_EQ(one.low, 0.3);
  EXPECT_DOUBLE_EQ(one.high, 0.6);
  const Interval two = mover_mean(std::array{0.4, 0.8}, std::array{Interval{0.1, 0.6}, Interval{0.4, 0.8}});
  EXPECT_DOUBLE_EQ(two.low, 0.6 - 0.25);
  EXPECT_DOUBLE_EQ(two.high, 0.6 + 0.1);
}

TEST(MoverMean, OfAllRightHasWidthAndEndsAtOne) {
  const Interval i = wilson_interval(35, 35);
  const Interval mean = mover_mean(std::array{1.0, 1.0}, std::array{i, i});
  EXPECT_EQ(mean.high, 1);
  EXPECT_LT(mean.low, 0.95);
}

TEST(Intervals, RefuseImpossibleCounts) {
  EXPECT_THROW(wilson_interval(5, 3), InputError);
  EXPECT_THROW(wilson_interval(0, 0), InputError);
  EXPECT_THROW(wilson_interval(1, 3, 1.0), InputError);
  EXPECT_THROW(newcombe_paired_interval({0, 0, 0, 0}), InputError);
}

// For q at the median of the central distribution the lower end is 0 and the upper above 0.
TEST(SpreadInterval, ContainsZeroWhenTheGroupsDifferByNoiseOnly) {
  const Interval i = spread_interval(13 * 0.001, std::vector(14, 0.001));
  EXPECT_EQ(i.low, 0);
  EXPECT_GT(i.high, 0);
}

TEST(SpreadInterval, SaysWhatSpreadSamplingCouldHide) {
  // With one degree of freedom Q is (z + d)^2: it stays below its expectation 1 with chance 2.5 % at d = 2.9593214.
  const double v = 0.9 * 0.1 / 99;
  const std::array both{v, v};
  const Interval i = spread_interval(0, both);
  EXPECT_EQ(i.low, 0);
  EXPECT_NEAR(i.high, 2.9593214 * std::sqrt(v / 2), 1e-8);
  for (const double q : {0.001, 0.5, 1.0}) EXPECT_NEAR(spread_interval(q * v, both).high, i.high, 1e-12);
  EXPECT_GT(spread_interval(1.1 * v, both).high, i.high);
}

TEST(SpreadInterval, RestsOnTheVarianceOfEachGroup) {
  // Where one of three groups alone varies the sum of squares is 2/3 v z^2: one degree of freedom, not two. Of
  // chi-square with one degree of freedom 5 % lie above 3.8414588.
  const double v = 0.01;
  const std::array one{v, 0.0, 0.0};
  EXPECT_EQ(spread_interval(2 * v / 3 * 3.8414, one, 0.9).low, 0);
  EXPECT_GT(spread_interval(2 * v / 3 * 3.8416, one, 0.9).low, 0);
  EXPECT_THROW(spread_interval(1, std::array{0.0, 0.0}), InputError);
}

}  // namespace
}  // namespace evenface::stats
