#include "evenface/stats/shrinkage.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"

namespace evenface::stats {
namespace {

// False positives of negatives, oracle: compas.json (four groups of its table, then Hispanic and Other).
const std::vector<GroupCount> kCompas{{805 + 990, 805}, {349 + 1139, 349}, {3 + 5, 3},
                                      {2 + 21, 2},      {405, 87},         {244, 36}};

TEST(Moments, MatchThePublishedFigures) {
  const Shrinkage s = shrink(kCompas, 0.95, PriorFit::kMoments);
  EXPECT_NEAR(s.prior.rho, 0.094579, 5e-7);
  EXPECT_NEAR(s.prior.strength(), 9.573194, 5e-7);
  EXPECT_NEAR(*s.rates[3].value, 0.156474, 5e-7);
  EXPECT_NEAR(*s.rates[2].value, 0.346941, 5e-7);
}

// scipy's betabinom maximised by Nelder-Mead: tests/reference/disparity_reference.py
TEST(MarginalLikelihood, MatchesScipy) {
  const RatePrior prior = fit_prior(kCompas);
  EXPECT_NEAR(prior.rate, 0.25044116, 2e-7);
  EXPECT_NEAR(prior.rho, 0.05949283, 2e-7);
}

TEST(Shrinkage, GivesThePooledRateWhereRatesDifferBySamplingOnly) {
  const std::vector<GroupCount> alike{{100, 50}, {60, 31}, {80, 39}, {90, 46}, {100, 49}};
  for (const PriorFit fit : {PriorFit::kMarginalLikelihood, PriorFit::kMoments}) {
    const Shrinkage s = shrink(alike, 0.95, fit);
    EXPECT_EQ(s.prior.rho, 0);
    EXPECT_TRUE(std::isinf(s.prior.strength()));
    for (const Estimate& e : s.rates) {
      EXPECT_NEAR(*e.value, 215.0 / 430, 1e-15);
      EXPECT_GT(e.interval->high - e.interval->low, 0.02);
    }
  }
}

TEST(Shrinkage, MovesSmallGroupsMost) {
  const Shrinkage s = shrink(kCompas, 0.95);
  for (std::size_t g = 0; g < kCompas.size(); ++g) {
    const double raw = kCompas[g].rate(), value = *s.rates[g].value;
    EXPECT_LT(std::abs(value - s.prior.rate), std::abs(raw - s.prior.rate));
    EXPECT_NEAR((value - raw) / (s.prior.rate - raw), s.prior.strength() / (s.prior.strength() + kCompas[g].n), 1e-9);
  }
}

TEST(Shrinkage, TakesGroupsThatAreAllRightOrAllWrong) {
  for (const double right : {0.0, 40.0}) {
    const Shrinkage s = shrink(std::vector<GroupCount>(6, {40, right}), 0.95);
    for (const Estimate& e : s.rates) {
      EXPECT_EQ(*e.value, right / 40);
      EXPECT_GT(e.interval->high - e.interval->low, 0.05);
    }
  }
  const std::vector<GroupCount> extremes{{30, 0}, {30, 30}, {30, 0}, {30, 30}, {30, 30}};
  EXPECT_GT(fit_prior(extremes).rho, 0.95);
  EXPECT_EQ(fit_prior(extremes, PriorFit::kMoments).rho, 1);
  EXPECT_NEAR(*shrink(extremes, 0.95, PriorFit::kMoments).rates[0].value, 0, 1e-15);
}

TEST(Shrinkage, NeedsFiveGroups) {
  const Shrinkage s = shrink(std::span(kCompas).first(4), 0.95);
  ASSERT_EQ(s.rates.size(), 4);
  EXPECT_EQ(s.rates[0].reason, "not estimable: 4 groups, fewer than the 5 that shrinkage needs");
  EXPECT_THROW(shrink(std::span(kCompas).first(1), 0.95), InputError);
  EXPECT_THROW(fit_prior(std::vector<GroupCount>{{5, 6}, {5, 1}}), InputError);
}

// Empirical Bayes coverage: rates drawn from the prior, counts from the rates. Groups of a draw share the fit, so a
// draw counts as one: three standard errors of 100 draws below the nominal 95 %.
TEST(Shrinkage, IntervalsCoverAndShrunkRatesAreCloser) {
  struct Setting {
    int groups;
    std::int64_t rows;
    double rate, rho;
  };
  for (const auto& [k, rows, rate, rho] : {Setting{5, 40, 0.7, 0.02},
                                           {8, 100, 0.9, 0.01},
                                           {14, 143, 0.6, 0.01},
                                           {6, 40, 0.98, 0.01},
                                           {30, 30, 0.8, 0.002}}) {
    Stream s(14, "shrinkage", {static_cast<std::uint64_t>(k), static_cast<std::uint64_t>(rho * 1000)});
    constexpr int draws = 100;
    double covered = 0, shrunk_error = 0, raw_error = 0;
    for (int d = 0; d < draws; ++d) {
      std::vector<double> truth;
      std::vector<GroupCount> groups;
      for (int g = 0; g < k; ++g) {
        const double strength = 1 / rho - 1, p = truth.emplace_back(s.beta(rate * strength, (1 - rate) * strength));
        const auto n = rows + static_cast<std::int64_t>(s.below(static_cast<std::uint64_t>(rows)));
        groups.push_back({static_cast<double>(n), static_cast<double>(s.binomial(n, p))});
      }
      const Shrinkage fitted = shrink(groups, 0.95);
      for (std::size_t g = 0; g < groups.size(); ++g) {
        const Estimate& e = fitted.rates[g];
        covered += (e.interval->low <= truth[g] && truth[g] <= e.interval->high) / static_cast<double>(k);
        shrunk_error += std::pow(*e.value - truth[g], 2), raw_error += std::pow(groups[g].rate() - truth[g], 2);
      }
    }
    EXPECT_GE(covered / draws, 0.95 - 3 * std::sqrt(0.05 * 0.95 / draws)) << k << " groups, rho " << rho;
    EXPECT_LT(shrunk_error, raw_error) << k << " groups, rho " << rho;
  }
}

}  // namespace
}  // namespace evenface::stats
