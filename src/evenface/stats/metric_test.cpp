#include "evenface/stats/metric.h"

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"

namespace evenface::stats {
namespace {

/// Binary rows as texts of 0 and 1, one run.
Cells cells_of(const std::string& truth, const std::string& predicted, const std::string& group) {
  Cells cells(3, 2, 1);
  for (std::size_t i = 0; i < truth.size(); ++i)
    cells.add(group[i] - 'a', truth[i] - '0', std::array{predicted[i] - '0'});
  return cells;
}

// The worked example of Fairlearn's user guide (oracles/fairlearn_docs.json).
class FairlearnGuide : public ::testing::Test {
 protected:
  const Cells cells_ = cells_of("011110101000111111", "001011100111100110", "bbabbcccaacabccbcc");
  double value(Measure measure, std::int64_t group) const {
    return *value_of({.measure = measure, .positive = 1}, cells_.confusion(group, 0));
  }
};

TEST_F(FairlearnGuide, RatesOfEachGroup) {
  for (const auto& [measure, expected] : {std::pair(Measure::kRecall, std::array{0.5, 0.6, 0.4}),
                                          std::pair(Measure::kFalsePositiveRate, std::array{1.0, 0.0, 2.0 / 3}),
                                          std::pair(Measure::kSelectionRate, std::array{0.75, 0.5, 0.5}),
                                          std::pair(Measure::kFalseNegativeRate, std::array{0.5, 0.4, 0.6}),
                                          std::pair(Measure::kSpecificity, std::array{0.0, 1.0, 1.0 / 3})})
    for (std::int64_t g = 0; g < 3; ++g)
      EXPECT_DOUBLE_EQ(value(measure, g), expected[static_cast<std::size_t>(g)]) << static_cast<int>(measure);
}

/// scikit-learn 1.7's classification_report of y = 0 0 0 1 1 2 2 2 2, h = 0 0 1 1 2 2 2 0 2.
TEST(Metric, AveragesAsScikitLearnDoes) {
  Confusion table(3);
  const std::array truth{0, 0, 0, 1, 1, 2, 2, 2, 2}, predicted{0, 0, 1, 1, 2, 2, 2, 0, 2};
  for (std::size_t i = 0; i < truth.size(); ++i) table.add(truth[i], predicted[i], {1, 1, 1});
  const auto value = [&](Measure m, Average a) {
    return *value_of({.measure = m, .average = a, .classes = {0, 1, 2}}, table);
  };
  EXPECT_NEAR(value(Measure::kPrecision, Average::kMacro), (2.0 / 3 + 1.0 / 2 + 3.0 / 4) / 3, 1e-15);
  EXPECT_NEAR(value(Measure::kRecall, Average::kMacro), (2.0 / 3 + 1.0 / 2 + 3.0 / 4) / 3, 1e-15);
  EXPECT_NEAR(value(Measure::kF1, Average::kMacro), (2.0 / 3 + 1.0 / 2 + 3.0 / 4) / 3, 1e-15);
  EXPECT_NEAR(value(Measure::kF1, Average::kMicro), 6.0 / 9, 1e-15);
}

/// scikit-learn 1.9's confusion_matrix of the same rows, each class against the others, added up.
TEST(Metric, AveragesOtherRatesByTheirCounts) {
  Confusion table(3);
  const std::array truth{0, 0, 0, 1, 1, 2, 2, 2, 2}, predicted{0, 0, 1, 1, 2, 2, 2, 0, 2};
  for (std::size_t i = 0; i < truth.size(); ++i) table.add(truth[i], predicted[i], {1, 1, 1});
  const auto value = [&](Measure m, Average a) {
    return *value_of({.measure = m, .average = a, .classes = {0, 1, 2}}, table);
  };
  EXPECT_NEAR(value(Measure::kFalsePositiveRate, Average::kMicro), 3.0 / 18, 1e-15);
  EXPECT_NEAR(value(Measure::kFalsePositiveRate, Average::kMacro), (1.0 / 6 + 1.0 / 7 + 1.0 / 5) / 3, 1e-15);
  EXPECT_NEAR(value(Measure::kSelectionRate, Average::kMicro), 1.0 / 3, 1e-15);
}

TEST(Metric, HasNoValueWithoutADenominator) {
  Confusion table(2);
  table.add(0, 0, {5, 5, 5});
  const auto value = [&](Measure m) { return value_of({.measure = m, .positive = 1}, table); };
  EXPECT_FALSE(value(Measure::kRecall));
  EXPECT_FALSE(value(Measure::kPrecision));
  EXPECT_FALSE(value(Measure::kF1));
  EXPECT_EQ(value(Measure::kSelectionRate), 0.0);
  EXPECT_FALSE(value_of({.measure = Measure::kRecall, .average = Average::kMacro, .classes = {0, 1}}, table));
}

TEST(Metric, ARowWithoutPredictionIsWrongAndMissed) {
  Confusion table(2);
  table.add(1, 2, {1, 1, 1});
  table.add(1, 1, {3, 3, 3});
  EXPECT_EQ(*value_of({}, table), 0.75);
  EXPECT_EQ(*value_of({.measure = Measure::kRecall, .positive = 1}, table), 0.75);
  EXPECT_EQ(*value_of({.measure = Measure::kPrecision, .positive = 1}, table), 1.0);
}

TEST(Share, CountsEffectiveRows) {
  Cells cells(1, 2, 1);
  for (const double weight : {1.0, 1.0, 2.0}) cells.add(0, 0, std::array{0}, weight);
  cells.add(0, 0, std::array{1}, 4.0);
  const Share share = share_of({}, cells.confusion(0, 0));
  EXPECT_EQ(*share.value(), 0.5);
  EXPECT_DOUBLE_EQ(share.effective_trials(), 64.0 / 22);  // 8^2 / (1 + 1 + 4 + 16)
  EXPECT_EQ(share.trials.rows, 4);
}

TEST(Share, HasFewerEffectiveRowsWhereHeavyRowsVaryMore) {
  Cells alike(1, 2, 1), hard(1, 2, 1), easy(1, 2, 1);
  const auto add = [](Cells& cells, int right, int wrong, double weight) {
    for (int i = 0; i < right + wrong; ++i) cells.add(0, 0, std::array{i < right ? 0 : 1}, weight);
  };
  add(alike, 8, 2, 4), add(alike, 32, 8, 1);
  add(hard, 5, 5, 4), add(hard, 35, 5, 1);
  add(easy, 10, 0, 4), add(easy, 30, 10, 1);
  const auto effective = [](const Cells& cells) { return share_of({}, cells.confusion(0, 0)).effective_trials(); };
  const double kish = 80.0 * 80 / (10 * 16 + 40);
  EXPECT_NEAR(effective(alike), kish, 1e-9);
  EXPECT_EQ(effective(easy), kish);
  // 55 of 80 by weight; squares of the right rows 5 * 16 + 35, of the wrong ones 5 * 16 + 5.
  const double p = 55.0 / 80;
  EXPECT_NEAR(effective(hard), p * (1 - p) * 6400 / ((1 - p) * (1 - p) * 115 + p * p * 85), 1e-9);
  EXPECT_LT(effective(hard), kish);
}

void expect_equal(const Cells& one, const Cells& other) {
  ASSERT_EQ(one.groups(), other.groups());
  for (std::int64_t g = 0; g < one.groups(); ++g) {
    const auto a = one.of(g), b = other.of(g);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].truth, b[i].truth);
      EXPECT_EQ(a[i].predicted, b[i].predicted);
      EXPECT_EQ(a[i].count.rows, b[i].count.rows);
      EXPECT_EQ(a[i].count.mass, b[i].count.mass);
      EXPECT_EQ(a[i].count.squares, b[i].count.squares);
    }
  }
}

TEST(Cells, ShardsAddUpBitForBitInAnyOrder) {
  Stream stream(7, "shards");
  Cells whole(3, 4, 2);
  std::vector<Cells> shards(64, whole);
  for (int row = 0; row < 5000; ++row) {
    const auto group = static_cast<std::int64_t>(stream.below(3));
    const int truth = static_cast<int>(stream.below(4));
    const std::array predicted{static_cast<int>(stream.below(5)), static_cast<int>(stream.below(5))};
    const double weight = stream.uniform(0, 3);
    whole.add(group, truth, predicted, weight);
    shards[stream.below(64)].add(group, truth, predicted, weight);
  }
  Cells merged(3, 4, 2);
  for (std::size_t i = shards.size(); i-- > 0;) merged += shards[i];
  expect_equal(whole, merged);
}

/// Rows drawn from a seed, counted as a block and one by one; a class of -1 is no prediction.
void count_both_ways(int classes, int runs, std::size_t rows, bool weighted) {
  Stream stream(5, "block");
  std::vector<std::int32_t> group, truth;
  std::vector<std::vector<std::int32_t>> predicted(static_cast<std::size_t>(runs));
  std::vector<double> weights;
  Cells one_by_one(3, classes, runs), block = one_by_one;
  for (std::size_t row = 0; row < rows; ++row) {
    group.push_back(static_cast<std::int32_t>(stream.below(3)));
    truth.push_back(static_cast<std::int32_t>(stream.below(static_cast<std::uint64_t>(classes))));
    if (weighted) weights.push_back(stream.uniform(0, 3));
    std::vector<int> codes;
    for (auto& run : predicted) {
      run.push_back(static_cast<std::int32_t>(stream.below(static_cast<std::uint64_t>(classes) + 1)) - 1);
      codes.push_back(run.back() < 0 ? classes : run.back());
    }
    one_by_one.add(group.back(), truth.back(), codes, weighted ? weights.back() : 1);
  }
  block.add({group, truth, {predicted.begin(), predicted.end()}, weights});
  expect_equal(one_by_one, block);
}

TEST(Cells, CountABlockOfRowsAsOneByOne) {
  for (const std::size_t rows : {0, 1, 1023, 1025, 5000})
    for (const bool weighted : {false, true}) {
      count_both_ways(2, 1, rows, weighted);
      count_both_ways(8, 2, rows, weighted);
      count_both_ways(14, 10, rows, weighted);  // too many to have a place each
    }
}

TEST(Cells, RefuseMoreRunsThanTheyCanNumber) {
  EXPECT_NO_THROW(Cells(1, 14, 15));
  EXPECT_THROW(Cells(1, 14, 16), InputError);
}

}  // namespace
}  // namespace evenface::stats
