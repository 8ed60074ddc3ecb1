#include "evenface/stats/significance.h"

#include <gmock/gmock.h>

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

// Holm 1979; the values are those of R's p.adjust(c(.01, .04, .03, .005), "holm").
TEST(Holm, MatchesR) {
  EXPECT_THAT(holm({.01, .04, .03, .005}), testing::Pointwise(testing::DoubleNear(1e-15), {.03, .06, .06, .02}));
}

TEST(Holm, NeverExceedsOneAndKeepsTheOrder) {
  EXPECT_THAT(holm({.9, .8, .001}), testing::Pointwise(testing::DoubleNear(1e-15), {1.0, 1.0, .003}));
  EXPECT_TRUE(holm({}).empty());
}

}  // namespace
}  // namespace evenface::stats
