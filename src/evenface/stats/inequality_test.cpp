#include "evenface/stats/inequality.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"

namespace evenface::stats {
namespace {

// oracle: verification.json, GARBE of false match and false non-match rates, each counting half
TEST(Gini, MatchesThePublishedGarbe) {
  const std::array fmr{0.0001, 0.0003, 0.0002, 0.0005}, fnmr{0.01, 0.02, 0.015, 0.03};
  EXPECT_NEAR(0.5 * *gini(fmr) + 0.5 * *gini(fnmr), 0.341414, 5e-7);
}

// oracle: fairface_race_accuracy.json, of the error rates
TEST(Gini, MatchesThePublishedErrorRates) {
  constexpr std::array<double, 7> correct{1575, 1339, 963, 1209, 881, 1107, 747};
  constexpr std::array<double, 7> rows{2085, 1556, 1623, 1550, 1415, 1516, 1209};
  std::vector<GroupCount> errors;
  for (std::size_t g = 0; g < 7; ++g) errors.push_back({rows[g], rows[g] - correct[g]});
  EXPECT_NEAR(*gini_of_rates(errors).value, 0.205656015181285, 1e-12);
}

/// oracle: generalized_entropy.json
Confusion published() {
  const std::string truth = "1001001011", flipped = "3459";
  Confusion table(2);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const int y = truth[i] - '0', h = flipped.find(static_cast<char>('0' + i)) == std::string::npos ? y : 1 - y;
    table.add(y, h, {1, 1, 1});
  }
  return table;
}

TEST(EntropyOfBenefits, MatchesThePublishedFigures) {
  EXPECT_NEAR(*entropy_of_benefits(published(), 1, 2, 0.95).value, 0.2, 1e-12);
  EXPECT_NEAR(*entropy_of_benefits(published(), 1, 1, 0.95).value, 0.27725887222397816, 1e-12);
}

TEST(GeneralizedEntropy, MatchesThePublishedFiguresRowByRow) {
  std::vector<double> benefits;
  for (int y = 0; y < 2; ++y)
    for (int h = 0; h < 2; ++h)
      benefits.insert(benefits.end(), static_cast<std::size_t>(published().at(y, h).rows), h - y + 1);
  EXPECT_NEAR(*generalized_entropy(benefits, 2), 0.2, 1e-12);
  EXPECT_NEAR(*generalized_entropy(benefits, 1), 0.27725887222397816, 1e-12);
  EXPECT_FALSE(generalized_entropy(benefits, 0));
}

std::vector<double> some_values() {
  std::vector<double> values;
  for (const int x : *rc::gen::container<std::vector<int>>(12, rc::gen::inRange(1, 1000))) values.push_back(x);
  return values;
}

RC_GTEST_PROP(Inequality, DependsOnNeitherScaleNorOrderAndIsZeroWhenEqual, ()) {
  const auto values = some_values();
  auto other = values;
  std::ranges::reverse(other);
  for (double& x : other) x *= 0.25;
  RC_ASSERT(std::abs(*gini(values) - *gini(other)) < 1e-12);
  for (const double alpha : {-1.0, 0.0, 0.5, 1.0, 2.0})
    RC_ASSERT(std::abs(*generalized_entropy(values, alpha) - *generalized_entropy(other, alpha)) < 1e-12);
  const std::vector<double> equal(7, values[0]);
  RC_ASSERT(*gini(equal) < 1e-12 && *generalized_entropy(equal, 1) < 1e-12);
}

// The definition of G, term by term; half the squared coefficient of variation; Theil as the limit of its neighbours.
RC_GTEST_PROP(Inequality, FollowsItsDefinitions, ()) {
  const auto values = some_values();
  double pairs = 0, mean = 0, squares = 0;
  for (const double x : values) {
    mean += x / 12, squares += x * x / 12;
    for (const double y : values) pairs += std::abs(x - y);
  }
  RC_ASSERT(std::abs(*gini(values) - 12.0 / 11 * pairs / (2 * 144 * mean)) < 1e-12);
  RC_ASSERT(std::abs(*generalized_entropy(values, 2) - (squares / (mean * mean) - 1) / 2) < 1e-12);
  for (const double limit : {0.0, 1.0}) {
    const double between =
        (*generalized_entropy(values, limit - 1e-4) + *generalized_entropy(values, limit + 1e-4)) / 2;
    RC_ASSERT(std::abs(*generalized_entropy(values, limit) - between) < 1e-5);
  }
}

TEST(EntropyOfBenefits, Covers) {
  for (const double alpha : {1.0, 2.0})
    for (const int n : {60, 300}) {
      Stream s(20, "benefits", {static_cast<std::uint64_t>(alpha), static_cast<std::uint64_t>(n)});
      constexpr double kMissed = 0.08, kFalse = 0.15;
      constexpr int draws = 2000;
      Confusion truth(2);
      truth.add(1, 0, {1, kMissed, 1}), truth.add(0, 1, {1, kFalse, 1}), truth.add(0, 0, {1, 1 - kMissed - kFalse, 1});
      const double expected = *entropy_of_benefits(truth, 1, alpha, 0.95).value;
      int covered = 0;
      for (int d = 0; d < draws; ++d) {
        Confusion table(2);
        const std::int64_t missed = s.binomial(n, kMissed), wrong = s.binomial(n - missed, kFalse / (1 - kMissed));
        const auto add = [&](int y, int h, std::int64_t rows) {
          table.add(y, h, {rows, static_cast<double>(rows), static_cast<double>(rows)});
        };
        add(1, 0, missed), add(0, 1, wrong), add(0, 0, n - missed - wrong);
        const Interval i = *entropy_of_benefits(table, 1, alpha, 0.95).interval;
        covered += i.low <= expected && expected <= i.high;
      }
      EXPECT_GE(covered, draws * (0.93 - 3 * std::sqrt(0.05 * 0.95 / draws))) << alpha << " " << n;
    }
}

TEST(EntropyOfBenefits, ShowsNoIntervalWithoutWidth) {
  Confusion flawless(3);
  for (int y = 0; y < 3; ++y) flawless.add(y, y, {20, 20, 20});
  const Estimate e = entropy_of_benefits(flawless, 1, 1, 0.95);
  EXPECT_EQ(*e.value, 0);
  EXPECT_GT(e.interval->high, 0.005);
}

TEST(Inequality, SaysWhyThereIsNoAnswer) {
  Confusion missed(2);
  missed.add(1, 2, {20, 20, 20});  // no prediction: not predicted as positive
  EXPECT_NE(entropy_of_benefits(missed, 1, 1, 0.95).reason.find("no row has a benefit"), std::string::npos);
  EXPECT_NE(entropy_of_benefits(Confusion(2), 1, 1, 0.95).reason.find("no rows"), std::string::npos);
  EXPECT_THROW(entropy_of_benefits(missed, 1, 0, 0.95), InputError);
  const std::vector<GroupCount> none{{20, 0}, {30, 0}}, one{{20, 10}};
  EXPECT_FALSE(gini_of_rates(none).estimable());
  EXPECT_FALSE(entropy_of_rates(none, 2).estimable());
  EXPECT_THROW(gini_of_rates(one), InputError);
  const std::vector<double> negative{1, -1};
  EXPECT_THROW(gini(negative), InputError);
  EXPECT_THROW(generalized_entropy({}, 1), InputError);
}

}  // namespace
}  // namespace evenface::stats
