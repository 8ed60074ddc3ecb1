#include "evenface/stats/equivalence.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/stats/interval.h"

namespace evenface::stats {
namespace {

Equivalence pair(GroupCount a, GroupCount b, double margin) {
  return test_equivalence(std::vector{a, b}, {.margin = margin}).pairs[0].answer;
}

// statsmodels' confint_proportions_2indep(method="newcomb", alpha=0.1): tests/reference/disparity_reference.py
TEST(Equivalence, UsesTheNinetyPercentInterval) {
  const auto r = test_equivalence(std::vector<GroupCount>{{400, 320}, {500, 410}}, {.margin = 0.05});
  const Estimate& d = r.pairs[0].difference;
  EXPECT_NEAR(*d.value, -0.02, 1e-15);
  EXPECT_NEAR(d.interval->low, -0.063801054, 5e-9);
  EXPECT_NEAR(d.interval->high, 0.022991051, 5e-9);
  EXPECT_EQ(d.method, "Newcombe, 90 %");
}

TEST(Equivalence, HasFourAnswers) {
  EXPECT_EQ(pair({5000, 4000}, {5000, 4050}, 0.05), Equivalence::kEquivalent);
  EXPECT_EQ(pair({60, 48}, {60, 47}, 0.05), Equivalence::kNoEvidence);
  EXPECT_EQ(pair({500, 400}, {500, 300}, 0.05), Equivalence::kDifferent);
  EXPECT_EQ(test_equivalence(std::vector<GroupCount>{{29, 20}, {500, 400}}, {.min_rows = 30}).all,
            Equivalence::kNotEstimable);
  // A difference that is surely not 0 and surely below the margin doesn't matter.
  EXPECT_EQ(pair({100000, 80000}, {100000, 81000}, 0.05), Equivalence::kEquivalent);
}

TEST(Equivalence, OfAllGroupsIsThatOfEveryPair) {
  const auto all = [](std::vector<GroupCount> groups) { return test_equivalence(groups, {.min_rows = 30}).all; };
  const GroupCount a{5000, 4000}, b{5000, 4050}, far{5000, 3000}, few{100, 79}, tiny{20, 16};
  EXPECT_EQ(all({a, b, a}), Equivalence::kEquivalent);
  EXPECT_EQ(all({a, b, few}), Equivalence::kNoEvidence);
  EXPECT_EQ(all({a, b, tiny}), Equivalence::kNotEstimable);
  EXPECT_EQ(all({a, far, tiny}), Equivalence::kDifferent);
}

TEST(NewcombeP, IsWhereTheIntervalReachesZero) {
  const GroupCount a{70, 56}, b{80, 48};
  const double p = newcombe_p(a, b);
  EXPECT_NEAR(newcombe_interval(a.right, a.n, b.right, b.n, 1 - p).low, 0, 1e-9);
  EXPECT_NEAR(newcombe_p(b, a), p, 1e-12);
  EXPECT_EQ(newcombe_p({10, 5}, {20, 10}), 1);
  EXPECT_EQ(newcombe_p({1e6, 9e5}, {1e6, 1e5}), 1e-15);
}

TEST(Equivalence, RefusesSettingsThatMeanNothing) {
  const std::vector<GroupCount> groups{{50, 40}, {50, 30}};
  EXPECT_THROW(test_equivalence(groups, {.margin = 0}), InputError);
  EXPECT_THROW(test_equivalence(groups, {.alpha = 0.5}), InputError);
  EXPECT_THROW(test_equivalence(std::span(groups).first(1), {}), InputError);
  EXPECT_THROW(test_equivalence(std::vector<GroupCount>{{5, 6}, {5, 1}}, {}), InputError);
}

// At the margin itself equivalence is declared in at most 5 %, and so for all groups if one is at the margin (three
// standard errors of 2,000 draws, and half a point for Newcombe's own error in one tail).
TEST(Equivalence, KeepsItsLevelAtTheMargin) {
  Stream s(15, "margin");
  constexpr int draws = 2000;
  int two = 0, three = 0;
  for (int d = 0; d < draws; ++d) {
    const auto group = [&](double p) { return GroupCount{600, static_cast<double>(s.binomial(600, p))}; };
    const std::vector<GroupCount> groups{group(0.85), group(0.75), group(0.80)};
    two += pair(groups[0], groups[1], 0.1) == Equivalence::kEquivalent;
    three += test_equivalence(groups, {.margin = 0.1}).all == Equivalence::kEquivalent;
  }
  EXPECT_LE(two, draws * (0.055 + 3 * std::sqrt(0.05 * 0.95 / draws)));
  EXPECT_GE(two, draws * (0.045 - 3 * std::sqrt(0.05 * 0.95 / draws)));
  EXPECT_LE(three, two);
}

// Of equal groups some pair is called different in at most 5 % of draws.
TEST(Equivalence, SeldomCallsEqualGroupsDifferent) {
  Stream s(16, "equal");
  constexpr int draws = 600;
  int different = 0;
  for (int d = 0; d < draws; ++d) {
    std::vector<GroupCount> groups;
    for (int g = 0; g < 7; ++g) groups.push_back({100, static_cast<double>(s.binomial(100, 0.8))});
    different += test_equivalence(groups, {.margin = 0.05}).all == Equivalence::kDifferent;
  }
  EXPECT_LE(different, draws * (0.05 + 3 * std::sqrt(0.05 * 0.95 / draws)));
}

}  // namespace
}  // namespace evenface::stats
