#include "evenface/stats/scores.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/stats/multiclass.h"
#include "evenface/stats/scores_reference.h"

namespace evenface::stats {
namespace {
using nlohmann::json;
using reference::scores;

std::vector<ScoreCount> counts_of(const json& c) {
  ScoreCells cells(1);
  for (std::size_t i = 0; i < c["truth"].size(); ++i)
    cells.add(0, c["score"][i], c["truth"][i] == 1, c["weight"].empty() ? 1 : c["weight"][i].get<double>());
  return cells.of(0);
}

// Sums of 150 terms of at most 1 err by at most 150 roundings.
constexpr double kRounding = 150 * 2.3e-16;
constexpr double kInterval = 1e-9;  // ends by bisection or from quantiles

TEST(RocAuc, MatchesScikitLearn) {
  for (const json& c : scores()["binary"]) {
    const Measured auc = roc_auc(counts_of(c), 2);
    ASSERT_EQ(auc.estimable(), !c["roc_auc"].is_null()) << c["name"];
    if (!auc.estimable()) continue;
    EXPECT_NEAR(*auc.value, c["roc_auc"].get<double>(), kRounding) << c["name"];
    if (!c.contains("roc_auc_interval")) continue;
    const Interval i = auc.interval(0.95);
    EXPECT_NEAR(i.low, c["roc_auc_interval"][0].get<double>(), kInterval) << c["name"];
    EXPECT_NEAR(i.high, c["roc_auc_interval"][1].get<double>(), kInterval) << c["name"];
  }
}

TEST(AveragePrecision, MatchesScikitLearn) {
  for (const json& c : scores()["binary"]) {
    if (c["roc_auc"].is_null()) {
      EXPECT_FALSE(average_precision(counts_of(c), 2).estimable()) << c["name"];
      continue;
    }
    const Measured precision = average_precision(counts_of(c), 2);
    EXPECT_NEAR(*precision.value, c["average_precision"].get<double>(), kRounding) << c["name"];
    const Interval i = precision.interval(0.95);
    EXPECT_LT(i.low, *precision.value);
    EXPECT_LE(i.high, 1);
  }
}

// Boyd, Eng & Page 2013: theta = .5 with 25 positives has the logit interval 1/(1 + exp(+-z/sqrt(25/4))).
TEST(AveragePrecision, HasBoydsLogitInterval) {
  ScoreCells cells(1);
  for (int i = 0; i < 25; ++i) cells.add(0, 0.5, true), cells.add(0, 0.5, false);
  const Interval i = average_precision(cells.of(0), 2).interval(0.95);
  EXPECT_NEAR(i.low, 1 / (1 + std::exp(1.959963984540054 / 2.5)), 1e-12);
  EXPECT_NEAR(i.high, 1 / (1 + std::exp(-1.959963984540054 / 2.5)), 1e-12);
}

TEST(Scores, OneClassOnlyIsNotEstimable) {
  ScoreCells cells(1);
  for (int i = 0; i < 40; ++i) cells.add(0, i, true);
  EXPECT_EQ(roc_auc(cells.of(0), 30).reason, "not estimable: 40 rows of the class and 0 others, fewer than 30");
  EXPECT_FALSE(average_precision(cells.of(0), 30).estimable());
}

TEST(Scores, AGroupAgainstTheRestMatchesTheReference) {
  const json& r = scores()["difference"];
  const Difference d =
      difference_of(roc_auc(counts_of(scores()["binary"][0]), 2), roc_auc(counts_of(scores()["binary"][1]), 2), 0.95);
  EXPECT_NEAR(d.estimate.interval->low, r["interval"][0].get<double>(), kInterval);
  EXPECT_NEAR(d.estimate.interval->high, r["interval"][1].get<double>(), kInterval);
  EXPECT_NEAR(*d.p, r["p"].get<double>(), kInterval);
}

/// Normal scores, `shift` apart, of as many positives as negatives.
ScoreCells drawn(Stream& stream, double shift, int rows, std::int64_t groups = 1) {
  ScoreCells cells(groups);
  for (int i = 0; i < rows; ++i) {
    const bool positive = i % 2 == 0;
    cells.add(i / 2 % groups, stream.normal() + (positive ? shift : 0), positive);
  }
  return cells;
}

/// Four standard errors of a share of `draws`.
double tolerance(double share, int draws) { return 4 * std::sqrt(share * (1 - share) / draws); }

// Of normal scores that lie d apart the area is Phi(d / sqrt 2). Logit DeLong covers at .95 give or take the
// .01 seen in simulations of its authors' kind at 50 rows of each class.
TEST(RocAuc, IntervalCoversTheTruth) {
  constexpr int kDraws = 2000;
  for (const double shift : {0.0, 1.0, 2.0}) {
    const double truth = std::erfc(-shift / 2) / 2;
    int covered = 0;
    for (int i = 0; i < kDraws; ++i) {
      Stream stream(11, "auc", {static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(10 * shift)});
      const Interval interval = roc_auc(drawn(stream, shift, 100).of(0), 30).interval(0.95);
      covered += interval.low <= truth && truth <= interval.high;
    }
    EXPECT_NEAR(covered / static_cast<double>(kDraws), 0.95, 0.01 + tolerance(0.95, kDraws)) << shift;
  }
}

/// Average precision of as many positives as negatives, normal and `shift` apart: the integral over the score of
/// precision x density of the positives.
double true_precision(double shift) {
  constexpr double kStep = 1e-3;
  const auto above = [](double x) { return std::erfc(x / std::sqrt(2)) / 2; };
  double sum = 0;
  for (double x = -8; x < 8 + shift; x += kStep)
    sum += kStep * std::exp(-(x - shift) * (x - shift) / 2) / std::sqrt(2 * M_PI) * above(x - shift) /
           (above(x - shift) + above(x));
  return sum;
}

// Conservative: the area is treated like a share of the positives, which varies more.
TEST(AveragePrecision, IntervalCoversTheTruth) {
  constexpr int kDraws = 1000;
  for (const double shift : {0.5, 1.0, 2.0}) {
    const double truth = true_precision(shift);
    int covered = 0;
    for (std::uint64_t i = 0; i < kDraws; ++i) {
      Stream stream(13, "precision", {i, static_cast<std::uint64_t>(10 * shift)});
      const Interval interval = average_precision(drawn(stream, shift, 100).of(0), 30).interval(0.95);
      covered += interval.low <= truth && truth <= interval.high;
    }
    EXPECT_GT(covered / static_cast<double>(kDraws), 0.95 - tolerance(0.95, kDraws)) << shift;
  }
}

TEST(RocAuc, GroupsThatAreAlikeDifferInFivePercent) {
  constexpr int kDraws = 2000;
  int found = 0, differs = 0;
  for (int i = 0; i < kDraws; ++i) {
    Stream stream(12, "alike", {static_cast<std::uint64_t>(i)});
    const ScoreCells cells = drawn(stream, 1, 300, 3);
    const Difference d = difference_of(roc_auc(cells.of(0), 30), roc_auc(cells.all_but(0), 30), 0.95);
    found += *d.p < 0.05;
    differs += d.estimate.interval->low > 0 || d.estimate.interval->high < 0;
  }
  EXPECT_NEAR(found / static_cast<double>(kDraws), 0.05, 0.01 + tolerance(0.05, kDraws));
  EXPECT_EQ(found, differs);
}

RC_GTEST_PROP(RocAuc, DoesNotDependOnScaleAndTurnsRound, ()) {
  const auto rows = *rc::gen::container<std::vector<std::pair<int, bool>>>(
      40, rc::gen::pair(rc::gen::inRange(0, 12), rc::gen::arbitrary<bool>()));
  ScoreCells plain(1), cubed(1), turned(1);
  for (const auto& [score, positive] : rows) {
    plain.add(0, score, positive), cubed.add(0, std::pow(score, 3), positive), turned.add(0, -score, positive);
  }
  const Measured a = roc_auc(plain.of(0), 2), b = roc_auc(cubed.of(0), 2), c = roc_auc(turned.of(0), 2);
  RC_ASSERT(a.estimable() == c.estimable());
  if (!a.estimable()) return;
  RC_ASSERT(*a.value == *b.value);
  RC_ASSERT(std::abs(*a.value - (1 - *c.value)) < kRounding);
  for (const Measured* m : {&a, &c}) {
    const Interval wide = m->interval(0.99), narrow = m->interval(0.9);
    RC_ASSERT(wide.low <= narrow.low && narrow.low <= *m->value);
    RC_ASSERT(*m->value <= narrow.high && narrow.high <= wide.high);
    RC_ASSERT(wide.high > wide.low);
  }
}

TEST(RocAuc, AWeightOfTwoIsTwoRows) {
  ScoreCells weighted(1), twice(1);
  for (int i = 0; i < 50; ++i)
    for (int copy = 0; copy < 2; ++copy) {
      if (copy == 0) weighted.add(0, i * 7 % 13, i % 3 == 0, 2);
      twice.add(0, i * 7 % 13, i % 3 == 0);
    }
  EXPECT_DOUBLE_EQ(*roc_auc(weighted.of(0), 2).value, *roc_auc(twice.of(0), 2).value);
  EXPECT_DOUBLE_EQ(*average_precision(weighted.of(0), 2).value, *average_precision(twice.of(0), 2).value);
  // but it is one row's worth of evidence
  EXPECT_LT(roc_auc(weighted.of(0), 2).interval(0.95).low, roc_auc(twice.of(0), 2).interval(0.95).low);
}

TEST(ScoreCells, ShardsAddUpBitForBitInAnyOrder) {
  Stream stream(7, "score shards");
  ScoreCells whole(3);
  std::vector<ScoreCells> shards(64, whole);
  for (int row = 0; row < 20000; ++row) {
    const auto group = static_cast<std::int64_t>(stream.below(3));
    const double score = std::round(stream.uniform() * 5000) / 5000, weight = stream.uniform(0, 3);
    const bool positive = stream.uniform() < 0.3;
    whole.add(group, score, positive, weight);
    shards[stream.below(64)].add(group, score, positive, weight);
  }
  ScoreCells merged(3);
  for (std::size_t i = shards.size(); i-- > 0;) merged += shards[i];
  for (std::int64_t g = -1; g < 3; ++g) {
    const auto a = whole.all_but(g), b = merged.all_but(g);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      ASSERT_EQ(a[i].score, b[i].score);
      for (const auto& [x, y] : {std::pair(a[i].positives, b[i].positives), std::pair(a[i].negatives, b[i].negatives)})
        ASSERT_TRUE(x.rows == y.rows && x.mass == y.mass && x.squares == y.squares);
    }
    EXPECT_EQ(*roc_auc(a, 2).value, *roc_auc(b, 2).value);
  }
}

TEST(ScoreCells, RefuseWhatIsNoScore) {
  ScoreCells cells(1);
  EXPECT_THROW(cells.add(0, std::nan(""), true), InputError);
  EXPECT_THROW(cells.add(0, HUGE_VAL, true), InputError);
  EXPECT_THROW(cells.add(0, 0.5, true, -1), InputError);
  EXPECT_THROW(cells.add(0, 0.5, true, std::nan("")), InputError);
}

class Multiclass : public ::testing::Test {
 protected:
  void SetUp() override {
    const json& r = scores()["multiclass"];
    for (std::size_t i = 0; i < r["truth"].size(); ++i)
      cells_.add(static_cast<std::int64_t>(i % 2), r["truth"][i], r["probabilities"][i].get<std::vector<double>>());
  }
  MulticlassScores cells_{2, 3};
};

TEST_F(Multiclass, MatchesScikitLearn) {
  const json& r = scores()["multiclass"];
  MulticlassScores whole(3, 3);  // group 2 is empty: all others are all rows
  for (std::size_t i = 0; i < r["truth"].size(); ++i)
    whole.add(static_cast<std::int64_t>(i % 2), r["truth"][i], r["probabilities"][i].get<std::vector<double>>());
  const std::vector<int> all{0, 1, 2};
  EXPECT_NEAR(*macro_mean(whole, 2, all, roc_auc, 2, true).value, r["roc_auc"].get<double>(), kRounding);
  EXPECT_NEAR(*macro_mean(whole, 2, all, average_precision, 2, true).value, r["average_precision"].get<double>(),
              kRounding);
  EXPECT_NEAR(whole.squared_errors_of_others(2).mean(), r["brier"].get<double>(), 1e-12);
  double right = 0;
  for (const ScoreCount& s : whole.top_label().all_but(-1)) right += s.positives.mass;
  EXPECT_NEAR(right / 120, r["accuracy"].get<double>(), 1e-15);
}

TEST_F(Multiclass, TakesOnlyClassesThatEveryGroupHas) {
  EXPECT_EQ(comparable_classes(cells_, std::vector<std::int64_t>{0, 1}, 2), (std::vector<int>{0, 1, 2}));
  EXPECT_TRUE(comparable_classes(cells_, std::vector<std::int64_t>{0, 1}, 50).empty());
  EXPECT_FALSE(macro_mean(cells_, 0, {}, roc_auc, 50).estimable());
  MulticlassScores some(2, 3);
  for (int i = 0; i < 40; ++i) {
    some.add(0, i % 3, std::vector{0.5, 0.25, 0.25});
    some.add(1, i % 2, std::vector{0.5, 0.25, 0.25});  // no row of the third class
  }
  EXPECT_EQ(comparable_classes(some, std::vector<std::int64_t>{0, 1}, 5), (std::vector<int>{0, 1}));
}

TEST_F(Multiclass, RefusesWhatIsNoDistribution) {
  EXPECT_THROW(cells_.add(0, 0, std::vector{0.5, 0.5, 0.5}), InputError);
  EXPECT_THROW(cells_.add(0, 0, std::vector{1.5, -0.5, 0.0}), InputError);
  EXPECT_THROW(cells_.add(0, 0, std::vector{std::nan(""), 0.5, 0.5}), InputError);
  EXPECT_NO_THROW(cells_.add(0, 0, std::vector{0.333, 0.333, 0.333}));
}

TEST_F(Multiclass, MeanOfClassesIsConservative) {
  const std::vector<int> all{0, 1, 2};
  const Interval mean = macro_mean(cells_, 0, all, roc_auc, 2).interval(0.95);
  double width = 0;
  for (const int c : all) {
    const Interval i = roc_auc(cells_.one_class(c).of(0), 2).interval(0.95);
    width += (i.high - i.low) / 3;
  }
  EXPECT_NEAR(mean.high - mean.low, width, 1e-12);
}

double width(const Measured& m) { return m.interval(0.95).high - m.interval(0.95).low; }

// Four rows of a person that are all alike tell as much as one. K/(K - 1) for all persons in place of one for each
// class, and Student's t in place of the normal, move the width by 1 %.
TEST(RocAuc, CountsAPersonOnce) {
  ScoreCells rows(1), persons(1), each(1);
  for (std::uint64_t person = 0; person < 200; ++person) {
    Stream stream(1, "person", {person});
    const bool positive = person % 2 == 0;
    const double score = std::round(20 * (stream.normal() + positive)) / 20;  // with ties
    rows.add(0, score, positive), each.add(0, score, positive, 1, person);
    for (int i = 0; i < 4; ++i) persons.add(0, score, positive, 1, person);
  }
  const Measured one = roc_auc(rows.of(0), 30), four = roc_auc(persons.of(0), 30);
  EXPECT_NEAR(*one.value, *four.value, 1e-12);
  EXPECT_NEAR(width(four), width(one), 0.015 * width(one));
  EXPECT_NEAR(width(roc_auc(each.of(0), 30)), width(one), 0.015 * width(one));
  EXPECT_EQ(four.method, "DeLong by person, logit");
  EXPECT_FALSE(roc_auc(persons.of(0), 101).estimable());
  EXPECT_NEAR(*average_precision(persons.of(0), 30).value, *average_precision(rows.of(0), 30).value, 1e-12);
  EXPECT_NEAR(width(average_precision(persons.of(0), 30)), width(average_precision(rows.of(0), 30)), 1e-12);
}

// Persons of one class each, four rows that share half of their variance: the area is Phi(1 / sqrt(2 (1 + 1))).
TEST(RocAuc, HoldsTheTruthWhereRowsBelongToPersons) {
  constexpr int kDraws = 400;
  const double truth = 0.5 * std::erfc(-0.5 / std::sqrt(2.0));
  int by_person = 0, by_row = 0;
  for (std::uint64_t draw = 0; draw < kDraws; ++draw) {
    Stream stream(5, "persons", {draw});
    ScoreCells persons(1), rows(1);
    for (std::uint64_t person = 0; person < 80; ++person) {
      const double own = stream.normal() + static_cast<double>(person % 2);
      for (int i = 0; i < 4; ++i) {
        const double score = own + stream.normal();
        persons.add(0, score, person % 2 == 1, 1, person), rows.add(0, score, person % 2 == 1);
      }
    }
    const Interval p = roc_auc(persons.of(0), 30).interval(0.95), r = roc_auc(rows.of(0), 30).interval(0.95);
    by_person += p.low <= truth && truth <= p.high, by_row += r.low <= truth && truth <= r.high;
  }
  EXPECT_NEAR(by_person / static_cast<double>(kDraws), 0.95, 4 * std::sqrt(0.95 * 0.05 / kDraws));
  EXPECT_LT(by_row / static_cast<double>(kDraws), 0.85);
}

}  // namespace
}  // namespace evenface::stats
