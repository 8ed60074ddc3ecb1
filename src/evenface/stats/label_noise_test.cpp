#include "evenface/stats/label_noise.h"

#include <cmath>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"

namespace evenface::stats {
namespace {

/// Seen accuracy where a classifier is truly right with chance `accuracy` and labels are wrong with chance `error`,
/// counted out over the four cases rather than by the formula under test.
double seen(double accuracy, double error, int classes) {
  const double both_wrong_alike = (1 - accuracy) * error / (classes - 1);
  return accuracy * (1 - error) + both_wrong_alike;
}

TEST(TippingPoint, IsTheLabelErrorThatMadeTheGap) {
  for (const int classes : {2, 7})
    for (const double error : {0.0, 0.05, 0.2}) {
      const double n = 1e6;
      const TippingPoint t = tipping_point({n, n * 0.9}, {n, n * seen(0.9, error, classes)}, classes, 0.95);
      EXPECT_NEAR(*t.clean.value, error, 1e-12);
    }
}

// The other bound: the better group's shortfall from 1 is all label errors, and the worse group has the gap more.
TEST(TippingPoint, IsAtLeastTheGap) {
  const double n = 1000, better = seen(1, 0.1, 5), worse = seen(1, 0.25, 5);
  const TippingPoint t = tipping_point({n, n * better}, {n, n * worse}, 5, 0.95);
  EXPECT_NEAR(*t.least.value, 0.15, 1e-12);
  EXPECT_GT(*t.clean.value, *t.least.value);
}

TEST(TippingPoint, Covers) {
  struct Setting {
    int classes;
    double accuracy, error;
  };
  for (const auto& [classes, accuracy, error] : {Setting{2, 0.9, 0.05}, {7, 0.6, 0.1}, {7, 0.97, 0.0}}) {
    Stream s(17, "tipping", {static_cast<std::uint64_t>(classes), static_cast<std::uint64_t>(accuracy * 100)});
    constexpr int draws = 4000;
    int covered = 0;
    for (int d = 0; d < draws; ++d) {
      const GroupCount better{200, static_cast<double>(s.binomial(200, accuracy))};
      const GroupCount worse{150, static_cast<double>(s.binomial(150, seen(accuracy, error, classes)))};
      const Estimate e = tipping_point(better, worse, classes, 0.95).clean;
      covered += e.interval->low <= error && error <= e.interval->high;
    }
    EXPECT_GE(covered, draws * (0.94 - 3 * std::sqrt(0.05 * 0.95 / draws))) << classes;
    EXPECT_LE(covered, draws * 0.98) << classes;
  }
}

TEST(TippingPoint, HasNoAnswerAtChance) {
  EXPECT_NE(tipping_point({100, 55}, {100, 52}, 2, 0.95).clean.reason.find("chance, 0.5 for 2 classes"),
            std::string::npos);
  EXPECT_FALSE(tipping_point({100, 80}, {100, 45}, 2, 0.95).clean.estimable());
  EXPECT_TRUE(tipping_point({100, 80}, {100, 45}, 2, 0.95).least.estimable());
  EXPECT_THROW(tipping_point({100, 80}, {100, 60}, 1, 0.95), InputError);
}

}  // namespace
}  // namespace evenface::stats
