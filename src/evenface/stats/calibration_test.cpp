#include "evenface/stats/calibration.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
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

TEST(Brier, MatchesScikitLearn) {
  for (const json& c : scores()["binary"]) {
    const Measured brier = brier_score(counts_of(c), 2);
    EXPECT_NEAR(*brier.value, c["brier"].get<double>(), 1e-12) << c["name"];  // sums are rounded to 6e-14
    if (!c.contains("brier_interval")) continue;
    EXPECT_NEAR(brier.interval(0.95).low, c["brier_interval"][0].get<double>(), 1e-11) << c["name"];
    EXPECT_NEAR(brier.interval(0.95).high, c["brier_interval"][1].get<double>(), 1e-11) << c["name"];
  }
}

TEST(Brier, HasWidthWhereAllRowsAreAlike) {
  ScoreCells cells(1);
  for (int i = 0; i < 40; ++i) cells.add(0, 1, true);
  const Measured brier = brier_score(cells.of(0), 30);
  EXPECT_EQ(*brier.value, 0);
  EXPECT_NEAR(brier.interval(0.95).high, wilson_interval(0, 40).high, 1e-15);
}

TEST(Brier, RefusesLogits) {
  ScoreCells cells(1);
  cells.add(0, 1.5, true);
  EXPECT_THROW(brier_score(cells.of(0), 1), InputError);
  EXPECT_THROW(calibration_error(cells.of(0), {}, 1, {}), InputError);
}

TEST(CalibrationError, MatchesScikitLearnsQuantileBins) {
  const json& r = scores()["calibration"];
  const CalibrationError c = calibration_error(counts_of(scores()["binary"][r["case"].get<std::size_t>()]),
                                               {.bins = r["bins"], .draws = 100}, 30, {});
  EXPECT_NEAR(*c.ece.value, r["ece"].get<double>(), 1e-14);
  EXPECT_EQ(c.bins, 15);
  EXPECT_FALSE(c.ece.interval);
}

/// `n` scores at the quantiles of Beta(2, 2), whose distribution function is 3x^2 - 2x^3; truth drawn from them
/// after the scores were moved away from what they ought to be.
ScoreCells of_beta(int n, double too_high, std::uint64_t seed) {
  Stream stream(seed, "beta");
  ScoreCells cells(1);
  for (int i = 0; i < n; ++i) {
    double low = 0, high = 1;
    for (int step = 0; step < 50; ++step) {
      const double x = (low + high) / 2;
      (3 * x * x - 2 * x * x * x < (i + 0.5) / n ? low : high) = x;
    }
    cells.add(0, std::min(1.0, low + too_high), stream.uniform() < low);
  }
  return cells;
}

// "A perfectly calibrated model shows ECE .116 at n = 143": with 15 bins, and scores that are Beta(2, 2).
TEST(CalibrationError, OfAPerfectModelIsFarFromZero) {
  const CalibrationError c = calibration_error(of_beta(143, 0, 1).of(0), {.draws = 4000}, 30, {});
  const double se = (c.null.upper - c.null.mean) / 1.6 / std::sqrt(4000);
  EXPECT_NEAR(c.null.mean, 0.116, 0.0005 + 4 * se);
  EXPECT_LT(se, 0.0005);
  EXPECT_EQ(c.bins, 15);
}

TEST(CalibrationError, OfPerfectModelsIsBeyondChanceInFivePercent) {
  constexpr int kDraws = 400;
  int found = 0;
  double excess = 0;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const CalibrationError c = calibration_error(of_beta(143, 0, i).of(0), {.draws = 199, .seed = i}, 30, {});
    found += c.null.p <= 0.05, excess += c.excess / kDraws;
  }
  EXPECT_NEAR(found / static_cast<double>(kDraws), 0.05, 4 * std::sqrt(0.05 * 0.95 / kDraws));
  EXPECT_NEAR(excess, 0, 4 * 0.025 / std::sqrt(kDraws) * std::sqrt(1 + 1.0 / 199));  // SD of an ECE here: .022
}

TEST(CalibrationError, FindsScoresThatAreTooHigh) {
  const auto counts = of_beta(600, 0.15, 3).of(0);
  const CalibrationError c = calibration_error(counts, {}, 30, {});
  EXPECT_LT(c.null.p, 0.002);
  EXPECT_GT(c.excess, 0.05);
  const Measured bias = calibration_bias(counts, 30);
  EXPECT_GT(bias.interval(0.95).low, 0.08);  // .15 less what the ceiling of 1 takes, sampling error .02
  EXPECT_LT(bias.interval(0.95).high, 0.22);
}

TEST(CalibrationError, DoesNotDependOnThreadsOrOnHowLargeBinsAreDrawn) {
  ScoreCells cells(1);
  for (int i = 0; i < 3000; ++i) cells.add(0, i / 3000.0, i % 2 == 0);
  const CalibrationError one = calibration_error(cells.of(0), {}, 30, {.threads = 1});
  const CalibrationError two = calibration_error(cells.of(0), {}, 30, {.threads = 2});
  EXPECT_EQ(one.null.draws, two.null.draws);
  // With 20,000 rows of one score per bin the sums are drawn from the normal distribution:
  // E|X| = sqrt(2/pi) sd, sd^2 = n p (1 - p).
  ScoreCells many(1);
  for (int bin = 0; bin < 4; ++bin)
    for (int i = 0; i < 20000; ++i) many.add(0, 0.2 + 0.2 * bin, i % 2 == 0);
  const CalibrationError c = calibration_error(many.of(0), {.bins = 4}, 30, {});
  double expected = 0;
  for (const double p : {0.2, 0.4, 0.6, 0.8}) expected += std::sqrt(2 / M_PI * p * (1 - p) / 20000) / 4;
  EXPECT_NEAR(c.null.mean, expected, 4 * expected * 0.76 / 2 / std::sqrt(1000));  // sd of |X| is .76 of its mean
}

TEST(CalibrationError, KeepsEqualScoresTogether) {
  ScoreCells cells(1);
  for (int i = 0; i < 90; ++i) cells.add(0, i < 60 ? 0.3 : 0.7, i % 3 == 0);
  const CalibrationError c = calibration_error(cells.of(0), {}, 30, {});
  EXPECT_EQ(c.bins, 2);
  EXPECT_NEAR(*c.ece.value, (60 * (1.0 / 3 - 0.3) + 30 * (0.7 - 1.0 / 3)) / 90, 1e-14);
}

TEST(CalibrationError, OverRunsIsTheMeanWithDrawsTakenTogether) {
  const CalibrationError good = calibration_error(of_beta(300, 0, 1).of(0), {}, 30, {});
  const CalibrationError bad = calibration_error(of_beta(300, 0.15, 2).of(0), {}, 30, {});
  const CalibrationError same = mean_of(std::vector{good, good});
  EXPECT_EQ(*same.ece.value, *good.ece.value);
  EXPECT_EQ(same.null.p, good.null.p);
  const CalibrationError mean = mean_of(std::vector{good, bad});
  EXPECT_NEAR(*mean.ece.value, (*good.ece.value + *bad.ece.value) / 2, 1e-15);
  EXPECT_NEAR(mean.excess, (good.excess + bad.excess) / 2, 1e-14);
  EXPECT_NEAR(mean.null.upper, (good.null.upper + bad.null.upper) / 2, 1e-15);
  const CalibrationError few = calibration_error(of_beta(20, 0, 1).of(0), {}, 30, {});
  EXPECT_FALSE(mean_of(std::vector{good, few}).ece.estimable());
}

TEST(CalibrationError, OfFewRowsIsNotEstimable) {
  const CalibrationError c = calibration_error(of_beta(20, 0, 1).of(0), {}, 30, {});
  EXPECT_FALSE(c.ece.estimable());
  EXPECT_EQ(c.ece.reason, "not estimable: 20 rows, fewer than 30");
}

}  // namespace
}  // namespace evenface::stats
