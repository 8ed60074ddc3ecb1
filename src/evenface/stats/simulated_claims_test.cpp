// The short version of bench/calibration: the error rates that docs/calibration.md states, with fixed seeds. What can
// be enumerated is; else the tolerance is four Monte-Carlo standard errors.
#include <algorithm>
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "evenface/stats/before_after.h"
#include "evenface/stats/disparity.h"
#include "evenface/stats/interval.h"
#include "evenface/stats/known_truth.h"
#include "evenface/stats/significance.h"

namespace evenface::stats {
namespace {

constexpr int kGroups = 14;
constexpr std::int64_t kRows = 143;

/// The share of `draws` for which `holds`; draw i has a stream of its own.
double share_of_draws(const char* purpose, int draws, const std::function<bool(Stream&)>& holds) {
  int found = 0;
  for (int i = 0; i < draws; ++i) {
    Stream s(1, purpose, {static_cast<std::uint64_t>(i)});
    found += holds(s);
  }
  return static_cast<double>(found) / draws;
}

/// Four Monte-Carlo standard errors of a share at its bound.
double tolerance(double bound, int draws) { return 4 * std::sqrt(bound * (1 - bound) / draws); }

TEST(ErrorRatesOfIntervals, WilsonCoversOnAverageAndClopperPearsonAlways) {
  for (const std::int64_t n : {20, 50, 143, 400}) {
    double mean = 0;
    for (int i = 1; i <= 49; ++i) {
      const double p = 0.02 * i;
      const auto probability = binomial_probabilities(n, p);
      double wilson = 0, exact = 0;
      for (std::int64_t x = 0; x <= n; ++x) {
        const auto covers = [&](const Interval& v) {
          return v.low <= p && p <= v.high ? probability[static_cast<std::size_t>(x)] : 0;
        };
        wilson += covers(wilson_interval(static_cast<double>(x), static_cast<double>(n)));
        exact += covers(clopper_pearson_interval(x, n));
      }
      EXPECT_GE(exact, 0.95) << p << " " << n;
      EXPECT_GE(wilson, 0.89) << p << " " << n;
      mean += wilson / 49;
    }
    EXPECT_GE(mean, 0.94) << n;
    EXPECT_LE(mean, 0.965) << n;
  }
}

TEST(ErrorRatesOfIntervals, NewcombeCoversOnAverage) {
  for (const auto& [n1, n2] : {std::pair<std::int64_t, std::int64_t>{20, 20}, {30, 100}}) {
    double mean = 0;
    const auto rates = {0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98};
    for (const double p1 : rates)
      for (const double p2 : rates) {
        const auto a = binomial_probabilities(n1, p1), b = binomial_probabilities(n2, p2);
        for (std::size_t x = 0; x < a.size(); ++x)
          for (std::size_t y = 0; y < b.size(); ++y) {
            const Interval v = newcombe_interval(static_cast<double>(x), static_cast<double>(n1),
                                                 static_cast<double>(y), static_cast<double>(n2));
            if (v.low <= p1 - p2 && p1 - p2 <= v.high) mean += a[x] * b[y] / 49;
          }
      }
    EXPECT_GE(mean, 0.94) << n1 << " " << n2;
    EXPECT_LE(mean, 0.965) << n1 << " " << n2;
  }
}

TEST(ErrorRatesOfGroups, NoBiasIsFoundWhereThereIsNone) {
  const std::vector<double> rates(kGroups, 0.7);
  constexpr int kDraws = 2000;
  const double found = share_of_draws("no bias", kDraws, [&](Stream& s) {
    const auto groups = draw_groups(rates, kRows, s);
    std::int64_t right = 0;
    for (const GroupCount& g : groups) right += std::llround(g.right);
    std::vector<double> p;
    for (const GroupCount& g : groups)
      p.push_back(fisher_exact(std::llround(g.right), kRows, right - std::llround(g.right), kRows * (kGroups - 1)));
    return std::ranges::min(holm(p)) < 0.05;
  });
  EXPECT_LE(found, 0.05 + tolerance(0.05, kDraws));
  EXPECT_GE(found, 0.02);  // exact tests are conservative, not blind
}

TEST(ErrorRatesOfGroups, IntervalsOfSpreadAndGapCover) {
  constexpr int kDraws = 1000;
  for (const double sd : {0.0, 0.02, 0.05, 0.12}) {
    const auto rates = equally_spaced(0.7, sd, kGroups);
    const auto covers = [](const Estimate& e, double truth) {
      return e.interval->low <= truth + 1e-12 && truth - 1e-12 <= e.interval->high;
    };
    const double spread = share_of_draws(
        "spread", kDraws, [&](Stream& s) { return covers(corrected_spread(draw_groups(rates, kRows, s), 0.95), sd); });
    const double gap = share_of_draws("gap", kDraws, [&](Stream& s) {
      return covers(gap_estimate(draw_groups(rates, kRows, s), 0.95), rates.back() - rates.front());
    });
    EXPECT_GE(spread, 0.95 - tolerance(0.95, kDraws)) << sd;
    EXPECT_LE(spread, 0.98 + tolerance(0.98, kDraws)) << sd;
    EXPECT_GE(gap, 0.95 - tolerance(0.95, kDraws)) << sd;
  }
}

// Where all groups are alike the resampled gap never comes near the true one, 0.
TEST(ErrorRatesOfGroups, APercentileIntervalOfTheGapWouldMissTheTruth) {
  const std::vector<double> rates(kGroups, 0.7);
  const double covered = share_of_draws("resampled gap", 50, [&](Stream& s) {
    std::vector<double> seen, resampled;
    for (const GroupCount& g : draw_groups(rates, kRows, s)) seen.push_back(g.rate());
    for (int i = 0; i < 200; ++i) resampled.push_back(gap(draw_groups(seen, kRows, s)));
    std::ranges::sort(resampled);
    return resampled[5] <= 0;
  });
  EXPECT_EQ(covered, 0);
}

struct Compared {
  double covered, fairer, less_fair, flagged, lost;
};

/// Shares over simulated pairs of arms; `change` is the true change of the spread. Flagged and lost: some group
/// whose rate is the same in both arms.
Compared compare_draws(const char* purpose, const RunsModel& model, double change, int draws) {
  std::array<int, 5> found{};
  for (int i = 0; i < draws; ++i) {
    Stream s(1, purpose, {static_cast<std::uint64_t>(i)});
    const BeforeAfter r = compare_before_after(draw_runs(model, s), {.bootstrap = 150, .seed = s.bits64()}, {});
    const Interval& v = *r.spread.change.interval;
    const auto any = [&](Outcome outcome) {
      return std::ranges::any_of(r.groups, [&](const GroupChange& g) {
        const auto index = static_cast<std::size_t>(g.group);
        return model.before[index] == model.after[index] && g.outcome == outcome;
      });
    };
    found[0] += v.low <= change && change <= v.high;
    found[1] += r.verdict == Verdict::kFairer;
    found[2] += r.verdict == Verdict::kLessFair;
    found[3] += any(Outcome::kLost) || any(Outcome::kWon);
    found[4] += any(Outcome::kLost);
  }
  const auto share = [&](int hits) { return static_cast<double>(hits) / draws; };
  return {share(found[0]), share(found[1]), share(found[2]), share(found[3]), share(found[4])};
}

TEST(ErrorRatesOfVerdicts, TwoModelsThatDoNotDifferSeldomGetOne) {
  const auto rates = equally_spaced(0.6, 0.08, kGroups);
  constexpr int kDraws = 300;
  const Compared c =
      compare_draws("two models", {.before = rates, .after = rates, .seed_sd = {}, .rows = kRows}, 0, kDraws);
  EXPECT_LE(c.fairer, 0.025 + tolerance(0.025, kDraws));
  EXPECT_LE(c.less_fair, 0.025 + tolerance(0.025, kDraws));
  EXPECT_LE(c.flagged, 0.05 + tolerance(0.05, kDraws));
  EXPECT_LE(c.lost, 0.05 + tolerance(0.05, kDraws));
}

// Two trainings of one method differ, so one run each says nothing of the method.
TEST(ErrorRatesOfVerdicts, TwoTrainingsOfOneMethodAreFlagged) {
  const auto rates = equally_spaced(0.6, 0.08, kGroups);
  const Compared c =
      compare_draws("one method twice",
                    {.before = rates, .after = rates, .seed_sd = std::vector(kGroups, 0.063), .rows = kRows}, 0, 100);
  EXPECT_GE(c.flagged, 0.5);
}

TEST(ErrorRatesOfVerdicts, OfOneRunEachCoverTheChange) {
  const auto before = equally_spaced(0.6, 0.12, kGroups), after = equally_spaced(0.6, 0.05, kGroups);
  constexpr int kDraws = 200;
  const Compared c =
      compare_draws("one run each", {.before = before, .after = after, .seed_sd = {}, .rows = kRows}, -0.07, kDraws);
  EXPECT_GE(c.covered, 0.94 - tolerance(0.94, kDraws));
  EXPECT_GE(c.fairer, 0.9);
}

TEST(ErrorRatesOfVerdicts, OfSeveralSeedsSeldomErrWhereNothingChanged) {
  const auto rates = equally_spaced(0.5, 0.08, kGroups);
  constexpr int kDraws = 200;
  const Compared c = compare_draws(
      "seeds, no change",
      {.before = rates, .after = rates, .seed_sd = std::vector(kGroups, 0.026), .rows = kRows, .runs = 3}, 0, kDraws);
  EXPECT_LE(c.fairer, 0.033 + tolerance(0.033, kDraws));
  EXPECT_LE(c.less_fair, 0.033 + tolerance(0.033, kDraws));
  EXPECT_LE(c.flagged, 0.067 + tolerance(0.067, kDraws));
  EXPECT_LE(c.lost, 0.05 + tolerance(0.05, kDraws));
}

TEST(ErrorRatesOfVerdicts, OfSeveralSeedsCoverTheChange) {
  const auto before = equally_spaced(0.4, 0.12, kGroups), after = equally_spaced(0.4, 0.05, kGroups);
  const std::vector<double> seed_sd(kGroups, 0.026);
  constexpr int kDraws = 100;
  const Compared c =
      compare_draws("seeds, change", {.before = before, .after = after, .seed_sd = seed_sd, .rows = kRows, .runs = 5},
                    true_spread(after, seed_sd) - true_spread(before, seed_sd), kDraws);
  EXPECT_GE(c.covered, 0.94 - tolerance(0.94, kDraws));
  EXPECT_GE(c.fairer, 0.9);
}

}  // namespace
}  // namespace evenface::stats
