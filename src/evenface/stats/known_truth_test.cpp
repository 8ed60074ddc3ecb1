#include "evenface/stats/known_truth.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/stats/bootstrap.h"

namespace evenface::stats {
namespace {

TEST(BinomialProbabilities, MatchTheTable) {  // Binomial(4, 1/2) is 1 4 6 4 1 of 16
  const auto p = binomial_probabilities(4, 0.5);
  const double expected[] = {1 / 16.0, 4 / 16.0, 6 / 16.0, 4 / 16.0, 1 / 16.0};
  for (std::size_t x = 0; x < 5; ++x) EXPECT_NEAR(p[x], expected[x], 1e-14);
  const auto many = binomial_probabilities(2000, 0.02);
  EXPECT_NEAR(std::accumulate(many.begin(), many.end(), 0.0), 1, 1e-10);
}

TEST(EquallySpaced, HasTheSpreadAskedFor) {
  EXPECT_NEAR(true_spread(equally_spaced(0.6, 0.12, 14)), 0.12, 1e-14);
  EXPECT_THROW(equally_spaced(0.9, 0.12, 14), InputError);
}

// Two runs differ on a row when not both take the row's number: 1 - .75^2 of the rows, and there with probability
// 2 p (1 - p).
TEST(DrawRuns, AgreesAcrossRunsAsTheModelSays) {
  Stream s(1, "agreement");
  const RunsModel model{.before = {0.3}, .after = {0.3}, .seed_sd = {}, .rows = 40000};
  const auto cells = draw_runs(model, s);
  const PairCounts c = pair_counts(cells, 0);
  const double expected = (1 - 0.75 * 0.75) * 2 * 0.3 * 0.7;
  EXPECT_NEAR(static_cast<double>(c.lost + c.won) / 40000, expected, 4 * std::sqrt(expected * (1 - expected) / 40000));
  EXPECT_NEAR(static_cast<double>(c.both + c.lost) / 40000, 0.3, 4 * std::sqrt(0.3 * 0.7 / 40000));
}

TEST(DrawRuns, LetsAMethodFindOtherRowsHard) {
  Stream s(2, "by method");
  const RunsModel model{
      .before = {0.5}, .after = {0.5}, .seed_sd = {}, .rows = 40000, .runs = 1, .by_row = 1, .by_method = 0.4};
  const PairCounts c = pair_counts(draw_runs(model, s), 0);
  EXPECT_NEAR(static_cast<double>(c.lost + c.won) / 40000, 0.2, 4 * std::sqrt(0.2 * 0.8 / 40000));
}

// The corrected variance is unbiased, so its mean over draws of rows and seeds is the square of the true spread.
TEST(TrueSpread, IsWhatTheCorrectedVarianceEstimates) {
  const auto rates = equally_spaced(0.6, 0.05, 6);
  const std::vector<double> seed_sd{0.02, 0.03, 0.04, 0.05, 0.06, 0.07};
  constexpr int kDraws = 3000;
  double sum = 0, squares = 0;
  for (int d = 0; d < kDraws; ++d) {
    Stream s(3, "spread", {static_cast<std::uint64_t>(d)});
    const auto cells = draw_runs({.before = rates, .after = rates, .seed_sd = seed_sd, .rows = 80}, s);
    const double v = corrected_variance(counts_of_run(cells, 1));
    sum += v, squares += v * v;
  }
  const double mean = sum / kDraws, error = std::sqrt((squares / kDraws - mean * mean) / kDraws);
  EXPECT_NEAR(mean, std::pow(true_spread(rates, seed_sd), 2), 4 * error);
}

}  // namespace
}  // namespace evenface::stats
