#include "evenface/stats/ratio.h"

#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"

namespace evenface::stats {
namespace {

// oracle: fairface_race_accuracy.json, Latino_Hispanic over Black; compas.json, African-American over Caucasian FPR
TEST(KatzInterval, MatchesPublishedValues) {
  const Estimate accuracy = rate_ratio({1623, 963}, {1556, 1339}, 0.95, RatioMethod::kKatz);
  EXPECT_NEAR(*accuracy.value, 0.6895039888238388, 1e-12);
  EXPECT_NEAR(accuracy.interval->low, 0.6591841265363191, 1e-12);
  EXPECT_NEAR(accuracy.interval->high, 0.7212184448403741, 1e-12);
  const Estimate fpr = rate_ratio({805 + 990, 805}, {349 + 1139, 349}, 0.95, RatioMethod::kKatz);
  EXPECT_NEAR(*fpr.value, 1.912093, 5e-7);
  EXPECT_NEAR(fpr.interval->low, 1.721239, 5e-7);
  EXPECT_NEAR(fpr.interval->high, 2.124108, 5e-7);
}

// Fagerland, Lydersen & Laake, Statistical Analysis of Contingency Tables, chapter 4: the trial of Perondi et al.
// (2004).
TEST(RateRatio, MatchesThePublishedMoverR) {
  const Estimate e = rate_ratio({34, 7}, {34, 1}, 0.95);
  EXPECT_NEAR(*e.value, 7, 1e-12);
  EXPECT_NEAR(e.interval->low, 1.1537, 5e-5);
  EXPECT_NEAR(e.interval->high, 41.9763, 5e-5);
}

// By its derivation an end is the ratio t at which the MOVER interval of p1 - t p2 just reaches 0.
TEST(MoverRatio, EndsWhereTheDifferenceReachesZero) {
  struct Case {
    double x1, n1, x2, n2;
  };
  for (const auto& [x1, n1, x2, n2] : {Case{30, 200, 45, 180}, {7, 34, 1, 34}, {20, 20, 19, 20}, {1, 29, 28, 29}}) {
    const double a = x1 / n1, b = x2 / n2;
    const Interval of_a = wilson_interval(x1, n1), of_b = wilson_interval(x2, n2);
    const Interval r = mover_ratio(a, of_a, b, of_b);
    const auto difference = [&](double t) { return mover_difference(a, of_a, t * b, {t * of_b.low, t * of_b.high}); };
    EXPECT_NEAR(difference(r.low).low, 0, 1e-9);
    EXPECT_NEAR(difference(r.high).high, 0, 1e-9);
    const Interval inverse = mover_ratio(b, of_b, a, of_a);
    EXPECT_NEAR(inverse.low * r.high, 1, 1e-9);
    EXPECT_NEAR(inverse.high * r.low, 1, 1e-9);
  }
}

TEST(RateRatio, IsNotEstimableWithoutADivisor) {
  EXPECT_FALSE(rate_ratio({20, 5}, {20, 0}, 0.95).estimable());
  EXPECT_NE(rate_ratio({20, 5}, {20, 0}, 0.95).reason.find("none of 20 rows"), std::string::npos);
  EXPECT_FALSE(rate_ratio({20, 0}, {20, 5}, 0.95, RatioMethod::kKatz).estimable());
  EXPECT_FALSE(rate_ratio({20, 20}, {20, 20}, 0.95, RatioMethod::kKatz).estimable());
  const Estimate none = rate_ratio({20, 0}, {20, 5}, 0.95);
  EXPECT_EQ(*none.value, 0);
  EXPECT_EQ(none.interval->low, 0);
  EXPECT_GT(none.interval->high, 0.5);
  EXPECT_LT(rate_ratio({20, 20}, {20, 20}, 0.95).interval->low, 0.9);
  EXPECT_THROW(rate_ratio({0, 0}, {20, 5}, 0.95), InputError);
}

// Coverage wobbles with the discrete counts; each setting may fall short by what Wilson's own does (.90), their mean
// must not. Infinite ratios (nothing to divide by) are no miss: they have no interval.
TEST(RateRatio, CoversAtTheNominalRate) {
  constexpr int draws = 4000;
  double sum = 0;
  int settings = 0;
  for (const double p : {.05, .3, .9})
    for (const double n : {30.0, 200.0}) {
      Stream s(9, "ratio", {static_cast<std::uint64_t>(p * 100), static_cast<std::uint64_t>(n)});
      const double other = p * 0.8;
      int covered = 0, judged = 0;
      for (int i = 0; i < draws; ++i) {
        const auto rows = static_cast<std::int64_t>(n);
        const Estimate e = rate_ratio({n, static_cast<double>(s.binomial(rows, other))},
                                      {n, static_cast<double>(s.binomial(rows, p))}, 0.95);
        if (!e.estimable()) continue;
        ++judged, covered += e.interval->low <= 0.8 && 0.8 <= e.interval->high;
      }
      const double coverage = covered / static_cast<double>(judged);
      EXPECT_GT(coverage, .90) << "p " << p << " n " << n;
      sum += coverage, ++settings;
    }
  EXPECT_GT(sum / settings, .94);
  EXPECT_LT(sum / settings, .975);
}

// oracle: fairface_race_accuracy.json
constexpr std::array<double, 7> kCorrect{1575, 1339, 963, 1209, 881, 1107, 747};
constexpr std::array<double, 7> kRows{2085, 1556, 1623, 1550, 1415, 1516, 1209};

TEST(ErrorRatio, MatchesThePublishedFigure) {
  std::vector<GroupCount> groups;
  for (std::size_t g = 0; g < 7; ++g) groups.push_back({kRows[g], kCorrect[g]});
  const Estimate e = error_ratio(groups, 0.95);
  EXPECT_NEAR(*e.value, 2.915917783248294, 1e-12);
  EXPECT_LT(e.interval->low, *e.value);
  EXPECT_GT(e.interval->high, *e.value);
  const Estimate r = min_max_ratio_estimate(groups, 0.95);
  EXPECT_NEAR(*r.value, min_max_ratio(groups), 1e-15);
}

TEST(RatiosOverGroups, AreNotEstimableAtZero) {
  const std::vector<GroupCount> perfect{{50, 50}, {50, 40}}, hopeless{{50, 0}, {60, 0}}, one{{50, 20}};
  EXPECT_NE(error_ratio(perfect, 0.95).reason.find("no error among its 50 rows"), std::string::npos);
  EXPECT_FALSE(min_max_ratio_estimate(hopeless, 0.95).estimable());
  EXPECT_THROW(min_max_ratio_estimate(one, 0.95), InputError);
  EXPECT_THROW(error_ratio(one, 0.95), InputError);
}

// Simultaneous intervals hold all groups with 95 % at least, and then the ratio too (three standard errors of 2,000).
TEST(RatiosOverGroups, CoverTheTruth) {
  Stream s(10, "ratios");
  constexpr int draws = 2000;
  int errors = 0, rates = 0;
  for (int d = 0; d < draws; ++d) {
    std::vector<GroupCount> groups;
    for (int g = 0; g < 6; ++g) groups.push_back({150, static_cast<double>(s.binomial(150, g == 0 ? 0.6 : 0.8))});
    const Estimate e = error_ratio(groups, 0.95), r = min_max_ratio_estimate(groups, 0.95);
    errors += e.interval->low <= 2 && 2 <= e.interval->high;
    rates += r.interval->low <= 0.75 && 0.75 <= r.interval->high;
  }
  EXPECT_GE(errors, draws * (0.95 - 3 * std::sqrt(0.05 * 0.95 / draws)));
  EXPECT_GE(rates, draws * (0.95 - 3 * std::sqrt(0.05 * 0.95 / draws)));
}

}  // namespace
}  // namespace evenface::stats
