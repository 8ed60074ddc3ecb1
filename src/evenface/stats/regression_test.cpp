#include "evenface/stats/regression.h"

#include <cmath>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/stats/group_values.h"
#include "evenface/stats/scores_reference.h"

namespace evenface::stats {
namespace {
using nlohmann::json;

NumberCells cells_of(const json& regression, bool weighted) {
  NumberCells cells(2);
  for (std::int64_t g = 0; g < 2; ++g) {
    const json& r = regression["groups"][static_cast<std::size_t>(g)];
    for (std::size_t i = 0; i < r["truth"].size(); ++i)
      cells.add(g, r["truth"][i], r["predicted"][i], weighted ? r["weight"][i].get<double>() : 1);
  }
  return cells;
}

GroupValue value_of(const Moments& m) { return {m.mean(), m.variance_of_mean(), m.effective_rows()}; }

void expect_near(const Interval& found, const json& expected) {
  EXPECT_NEAR(found.low, expected[0].get<double>(), 1e-10);
  EXPECT_NEAR(found.high, expected[1].get<double>(), 1e-10);
}

TEST(Regression, MatchesScikitLearnAndSciPy) {
  const json& r = reference::scores()["regression"];
  const NumberCells plain = cells_of(r, false), weighted = cells_of(r, true);
  for (std::int64_t g = 0; g < 2; ++g) {
    const json& expected = r["groups"][static_cast<std::size_t>(g)];
    const Measured mae = mean_absolute_error(plain.of(g), 30), off = bias(plain.of(g), 30);
    EXPECT_NEAR(*mae.value, expected["mae"].get<double>(), 1e-12);
    EXPECT_NEAR(*off.value, expected["bias"].get<double>(), 1e-12);
    expect_near(mae.interval(0.95), expected["mae_interval"]);
    expect_near(off.interval(0.95), expected["bias_interval"]);
    EXPECT_NEAR(weighted.of(g).absolute.mean(), expected["mae_weighted"].get<double>(), 1e-12);
  }
  const Difference error = welch(value_of(plain.of(0).error), value_of(plain.all_but(0).error), 0.95);
  expect_near(*error.estimate.interval, r["bias_difference"]["interval"]);
  EXPECT_NEAR(*error.p, r["bias_difference"]["p"].get<double>(), 1e-10);
  const Difference absolute = welch(value_of(plain.of(0).absolute), value_of(plain.of(1).absolute), 0.95);
  expect_near(*absolute.estimate.interval, r["mae_difference"]["interval"]);
  EXPECT_NEAR(*absolute.p, r["mae_difference"]["p"].get<double>(), 1e-10);
}

TEST(Regression, GapComesFromSimultaneousIntervals) {
  const NumberCells cells = cells_of(reference::scores()["regression"], false);
  const std::vector<Measured> groups{mean_absolute_error(cells.of(0), 30), mean_absolute_error(cells.of(1), 30),
                                     mean_absolute_error(NumberErrors{}, 30)};
  const Estimate gap = gap_of(groups, 0.95);
  const Interval a = groups[0].interval(0.975), b = groups[1].interval(0.975);  // the empty group is left out
  EXPECT_DOUBLE_EQ(*gap.value, std::abs(*groups[0].value - *groups[1].value));
  EXPECT_DOUBLE_EQ(gap.interval->high, std::max(a.high, b.high) - std::min(a.low, b.low));
  EXPECT_EQ(gap.n, 130);
  EXPECT_FALSE(gap_of(std::vector{groups[0], groups[2]}, 0.95).estimable());
}

TEST(Regression, FewRowsAndRowsAllAlikeHaveNoInterval) {
  NumberCells cells(1);
  for (int i = 0; i < 10; ++i) cells.add(0, 30 + i, 33 + i);
  EXPECT_EQ(bias(cells.of(0), 30).reason, "not estimable: 10 rows, fewer than 30");
  const Measured off = bias(cells.of(0), 10);
  EXPECT_EQ(*off.value, 3);
  EXPECT_FALSE(off.interval);
  const Difference alike = welch(value_of(cells.of(0).error), value_of(cells.of(0).error), 0.95);
  EXPECT_FALSE(alike.estimate.interval);
  EXPECT_EQ(alike.p, 1);
  EXPECT_THROW(cells.add(0, std::nan(""), 3), InputError);
}

TEST(Regression, ShardsAddUpBitForBitInAnyOrder) {
  Stream stream(5, "age shards");
  NumberCells whole(2), merged(2);
  std::vector<NumberCells> shards(64, whole);
  for (int row = 0; row < 5000; ++row) {
    const auto group = static_cast<std::int64_t>(stream.below(2));
    const double truth = stream.uniform(0, 90), predicted = truth + 7 * stream.normal(), weight = stream.uniform(0, 3);
    whole.add(group, truth, predicted, weight);
    shards[stream.below(64)].add(group, truth, predicted, weight);
  }
  for (std::size_t i = shards.size(); i-- > 0;) merged += shards[i];
  for (std::int64_t g = 0; g < 2; ++g)
    for (const auto& [a, b] :
         {std::pair(whole.of(g).error, merged.of(g).error), std::pair(whole.of(g).absolute, merged.of(g).absolute)}) {
      EXPECT_EQ(a.mean(), b.mean());
      EXPECT_EQ(a.variance_of_mean(), b.variance_of_mean());
      EXPECT_EQ(a.effective_rows(), b.effective_rows());
    }
}

// The classical textbook case of a small variance around a large mean.
TEST(Moments, VarianceAroundALargeMean) {
  Moments m;
  for (const double x : {1e6 + 4, 1e6 + 7, 1e6 + 13, 1e6 + 16}) m.add(x);
  EXPECT_NEAR(m.variance_of_mean(), 30.0 / 4, 1e-2 * 30.0 / 4);
  EXPECT_THROW(m.add(1e15), InputError);
  EXPECT_THROW(m.add(std::nan("")), InputError);
  EXPECT_THROW(m.add(1, -1), InputError);
}

// Four rows of a person that are all alike tell as much as one.
TEST(Regression, CountsAPersonOnce) {
  NumberCells rows(1), persons(1);
  for (std::uint64_t person = 0; person < 50; ++person) {
    Stream stream(1, "person", {person});
    const double error = 3 * stream.normal();
    rows.add(0, 30, 30 + error);
    for (int i = 0; i < 4; ++i) persons.add(0, 30, 30 + error, 1, person);
  }
  const Measured one = mean_absolute_error(rows.of(0), 30), four = mean_absolute_error(persons.of(0), 30);
  EXPECT_EQ(four.n, 200);
  EXPECT_NEAR(one.interval(0.95).low, four.interval(0.95).low, 1e-9);
  EXPECT_NEAR(one.interval(0.95).high, four.interval(0.95).high, 1e-9);
  EXPECT_EQ(mean_absolute_error(persons.of(0), 60).reason, "not estimable: 50 persons, fewer than 60");
}

}  // namespace
}  // namespace evenface::stats
