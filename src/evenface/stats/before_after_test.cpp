#include "evenface/stats/before_after.h"

#include <cmath>

#include <gmock/gmock.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/stats/bootstrap.h"

namespace evenface::stats {
namespace {

// oracle: fairface_before_after.json
constexpr std::array<const char*, 14> kGroups{
    "Black Male",          "Black Female",          "East Asian Male",      "East Asian Female",
    "Indian Male",         "Indian Female",         "Latino_Hispanic Male", "Latino_Hispanic Female",
    "Middle Eastern Male", "Middle Eastern Female", "Southeast Asian Male", "Southeast Asian Female",
    "White Male",          "White Female"};
constexpr std::array<int, 14> kRows{376, 356, 365, 354, 352, 378, 354, 383, 385, 396, 357, 372, 385, 349};
constexpr std::array<int, 14> kBefore{275, 262, 240, 220, 195, 274, 107, 151, 248, 238, 171, 198, 239, 198};
constexpr std::array<int, 14> kLost{50, 57, 51, 39, 36, 44, 20, 30, 80, 70, 44, 48, 62, 32};
constexpr std::array<int, 14> kWon{41, 16, 34, 43, 44, 17, 104, 92, 29, 33, 65, 41, 31, 47};

PairedCells published() {
  PairedCells cells(14, 1, 1);
  for (std::size_t g = 0; g < 14; ++g) {
    const auto group = static_cast<std::int64_t>(g);
    cells.add(group, 0b01, kLost[g]);
    cells.add(group, 0b10, kWon[g]);
    cells.add(group, 0b11, kBefore[g] - kLost[g]);
    cells.add(group, 0b00, kRows[g] - kBefore[g] - kWon[g]);
  }
  return cells;
}

TEST(OneRunEach, MatchesThePublishedComparison) {
  const BeforeAfter r = compare_before_after(published(), {}, {.threads = 2});
  EXPECT_FALSE(r.several_seeds);
  EXPECT_NEAR(*r.over_faces.before.value, 3016.0 / 5162, 1e-12);
  EXPECT_NEAR(*r.over_faces.after.value, 2990.0 / 5162, 1e-12);
  EXPECT_NEAR(*r.gap.before.value, 0.4337, 5e-5);
  EXPECT_NEAR(*r.gap.after.value, 0.19987, 5e-6);
  EXPECT_NEAR(*r.spread.before.value, 0.119194, 5e-7);
  EXPECT_NEAR(*r.spread.after.value, 0.053033, 5e-7);

  std::map<std::string, double> won, lost;
  for (const GroupChange& g : r.groups) {
    if (g.outcome == Outcome::kWon) won[kGroups[static_cast<std::size_t>(g.group)]] = g.p_adjusted;
    if (g.outcome == Outcome::kLost) lost[kGroups[static_cast<std::size_t>(g.group)]] = g.p_adjusted;
  }
  EXPECT_THAT(
      won, testing::UnorderedElementsAre(testing::Pair("Latino_Hispanic Male", testing::DoubleNear(9.7e-14, 5e-16)),
                                         testing::Pair("Latino_Hispanic Female", testing::DoubleNear(2.1e-7, 5e-9))));
  EXPECT_THAT(lost,
              testing::UnorderedElementsAre(testing::Pair("Middle Eastern Male", testing::DoubleNear(1.3e-5, 5e-7)),
                                            testing::Pair("Middle Eastern Female", testing::DoubleNear(0.0034, 5e-5)),
                                            testing::Pair("Black Female", testing::DoubleNear(1.7e-5, 5e-7)),
                                            testing::Pair("Indian Female", testing::DoubleNear(0.0066, 5e-5)),
                                            testing::Pair("White Male", testing::DoubleNear(0.0137, 5e-5))));
  EXPECT_EQ(r.verdict, Verdict::kFairer);
  EXPECT_TRUE(r.with_losers);
}

TEST(Bootstrap, IsTheSameOnEveryThreadCount) {
  const auto one = bootstrap_spread(published(), 200, 3, {.threads = 1});
  const auto four = bootstrap_spread(published(), 200, 3, {.threads = 4});
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_EQ(one[i].after, four[i].after);
}

TEST(PairedCells, OfShardsAdd) {
  PairedCells whole(2, 1, 1), a(2, 1, 1), b(2, 1, 1);
  Stream s(1, "shards");
  for (int i = 0; i < 1000; ++i) {
    const auto group = static_cast<std::int64_t>(s.below(2));
    const Pattern pattern = s.below(4);
    whole.add(group, pattern);
    (i % 3 ? a : b).add(group, pattern);
  }
  a += b;
  for (std::int64_t g = 0; g < 2; ++g) EXPECT_EQ(a.of(g), whole.of(g));
}

TEST(ShareRight, CountsTheRunsOfEachArm) {
  const PairedCells cells(1, 3, 2);
  EXPECT_DOUBLE_EQ(share_right(cells, 0b01'011, Arm::kBefore), 2.0 / 3);
  EXPECT_DOUBLE_EQ(share_right(cells, 0b01'011, Arm::kAfter), 0.5);
}

TEST(Compare, ShowsSmallGroupsButKeepsThemOutOfTheSpread) {
  PairedCells cells(3, 1, 1);
  for (const std::int64_t g : {0, 1}) cells.add(g, 0b11, 60), cells.add(g, 0b00, 40);
  cells.add(2, 0b01, 25);  // all lost, but only 25 rows
  const BeforeAfter r = compare_before_after(cells, {.bootstrap = 100}, {});
  EXPECT_EQ(r.estimable_groups, 2);
  EXPECT_EQ(r.groups[2].outcome, Outcome::kNotEstimable);
  EXPECT_THAT(r.groups[2].accuracy.change.reason, testing::HasSubstr("25 rows, fewer than 30"));
  EXPECT_LT(r.groups[2].p_adjusted, 1e-6);
  EXPECT_EQ(*r.gap.before.value, 0);
}

/// Three runs an arm over groups of these sizes, of which 70 and 76 of 100 rows are right, a run's share of them moved
/// by its seed.
PairedCells three_runs_each(const std::vector<int>& sizes) {
  PairedCells cells(std::ssize(sizes), 3, 3);
  Stream seeds(5, "seeds");
  std::array<double, 6> rate;
  for (std::size_t run = 0; run < 6; ++run) rate[run] = (run < 3 ? 0.7 : 0.76) + 0.01 * seeds.normal();
  for (std::size_t g = 0; g < sizes.size(); ++g) {
    Stream s(9, "rows", {g});
    for (int row = 0; row < sizes[g]; ++row) {
      const double hard = s.uniform();
      Pattern pattern = 0;
      for (std::size_t run = 0; run < 6; ++run) pattern |= Pattern{(hard + s.uniform()) / 2 < rate[run]} << run;
      cells.add(static_cast<std::int64_t>(g), pattern, 1);
    }
  }
  return cells;
}

TEST(SeveralSeeds, OfASmallGroupSayLittleOfLargeOnes) {
  const std::vector<GroupChange> large = group_changes(three_runs_each({2000, 2000, 2000}), {});
  for (const int small : {2, 25, 35}) {
    const std::vector<GroupChange> more = group_changes(three_runs_each({2000, 2000, 2000, small}), {});
    for (std::size_t g = 0; g < large.size(); ++g) {
      const Interval alone = *large[g].accuracy.change.interval, beside = *more[g].accuracy.change.interval;
      EXPECT_NEAR((beside.high - beside.low) / (alone.high - alone.low), 1, small < 30 ? 1e-9 : 0.1);
    }
  }
}

TEST(Compare, RefusesTwoRunsAnArmAndLoneGroups) {
  EXPECT_THROW(compare_before_after(PairedCells(2, 2, 2), {}, {}), InputError);
  PairedCells cells(2, 1, 1);
  cells.add(0, 3, 100);
  cells.add(1, 3, 29);
  EXPECT_THROW(compare_before_after(cells, {}, {}), InputError);
}

TEST(Price, FollowsTheInterval) {
  EXPECT_EQ(price_of({-0.03, -0.001}, 0.01), Price::kLost);
  EXPECT_EQ(price_of({-0.009, 0.02}, 0.01), Price::kWithinMargin);
  EXPECT_EQ(price_of({-0.011, 0.02}, 0.01), Price::kOpen);
}

}  // namespace
}  // namespace evenface::stats
