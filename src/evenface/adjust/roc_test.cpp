#include "evenface/adjust/roc.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "evenface/core/error.h"

namespace evenface::adjust {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(RocCurve, HasAPointPerDistinctScore) {
  const RocCurve curve = roc_curve(std::vector<ScoredRow>{{1, false}, {3, true}, {1, true}, {0, false}}, false);
  EXPECT_EQ(curve.positives, 2);
  EXPECT_EQ(curve.negatives, 2);
  ASSERT_EQ(curve.points.size(), 4u);
  const std::vector<std::array<double, 3>> expected{{0, 0, kInfinity}, {0, 1, 2}, {1, 2, 0.5}, {2, 2, -kInfinity}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(curve.points[i].false_positives, expected[i][0]);
    EXPECT_EQ(curve.points[i].true_positives, expected[i][1]);
    EXPECT_EQ(curve.points[i].cut.threshold, expected[i][2]);
  }
}

TEST(RocCurve, TellsNeighbouringNumbersApart) {
  const double high = 1, low = std::nextafter(high, 0.0);
  const RocCurve curve = roc_curve(std::vector<ScoredRow>{{low, false}, {high, true}}, true);
  ASSERT_EQ(curve.points.size(), 3u);  // no flipped cut: no number lies between the two
  EXPECT_TRUE(curve.points[1].cut.holds(high));
  EXPECT_FALSE(curve.points[1].cut.holds(low));
}

TEST(RocCurve, RefusesWhatIsNoNumber) {
  EXPECT_THROW(roc_curve(std::vector<ScoredRow>{{std::nan(""), true}}, false), InputError);
  EXPECT_THROW(roc_curve(std::vector<ScoredRow>{{kInfinity, true}}, false), InputError);
  EXPECT_THROW(roc_curve(std::vector<ScoredRow>{{1, true, -1}}, false), InputError);
}

RC_GTEST_PROP(RocCurve, CountsWhatItsCutsDecide, ()) {
  const auto cells = *rc::gen::container<std::vector<std::tuple<int, bool, int>>>(
      rc::gen::tuple(rc::gen::inRange(-5, 5), rc::gen::arbitrary<bool>(), rc::gen::inRange(0, 4)));
  std::vector<ScoredRow> rows;
  for (const auto& [score, positive, weight] : cells) rows.push_back({score / 7.0, positive, weight / 2.0});
  for (const auto& [false_positives, true_positives, cut] : roc_curve(rows, true).points) {
    double fp = 0, tp = 0;
    for (const ScoredRow& row : rows)
      if (cut.holds(row.score)) (row.positive ? tp : fp) += row.weight;
    RC_ASSERT(fp == false_positives);
    RC_ASSERT(tp == true_positives);
  }
}

}  // namespace
}  // namespace evenface::adjust
