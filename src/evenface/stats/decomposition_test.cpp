#include "evenface/stats/decomposition.h"

#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/stats/interval.h"

namespace evenface::stats {
namespace {

ClassCounts plain(std::vector<std::vector<GroupCount>> of) {
  ClassCounts counts{std::move(of), {}};
  counts.effective.assign(counts.of.size(), 1);
  return counts;
}

// By hand. Class 0 is right 90 of 100 times pooled, class 1 60 of 100; pooled rate 150/200.
// Group 0: shares .8 .2, so its mix alone would give .8 x .9 + .2 x .6 = .84, .09 above; it has 80/100 = .80.
TEST(Decomposition, SplitsAGapByHand) {
  const auto groups = decompose_gaps(plain({{{80, 70}, {20, 10}}, {{20, 20}, {80, 50}}}), 0.95);
  EXPECT_NEAR(*groups[0].gap.value, 0.80 - 0.75, 1e-15);
  EXPECT_NEAR(*groups[0].composition.value, 0.84 - 0.75, 1e-15);
  EXPECT_NEAR(*groups[0].conditional.value, 0.80 - 0.84, 1e-15);
  EXPECT_NEAR(*groups[0].standardised.value, 0.5 * 0.875 + 0.5 * 0.5, 1e-15);
  EXPECT_NEAR(*groups[1].composition.value, 0.66 - 0.75, 1e-15);
  EXPECT_NEAR(*groups[1].conditional.value, 0.70 - 0.66, 1e-15);
  EXPECT_NEAR(*groups[1].standardised.value, 0.5 * 1 + 0.5 * 0.625, 1e-15);
  EXPECT_EQ(groups[0].overlap, 1);
}

RC_GTEST_PROP(Decomposition, AddsUpToTheGap, ()) {
  const auto size = *rc::gen::inRange(2, 8), classes = *rc::gen::inRange(1, 6);
  std::vector<std::vector<GroupCount>> of(static_cast<std::size_t>(size));
  for (auto& group : of)
    for (int y = 0; y < classes; ++y) {
      const auto n = *rc::gen::inRange(0, 60);
      group.push_back({static_cast<double>(n), static_cast<double>(*rc::gen::inRange(0, n + 1))});
    }
  for (const GapDecomposition& d : decompose_gaps(plain(of), 0.95)) {
    if (!d.composition.estimable()) continue;
    RC_ASSERT(std::abs(*d.composition.value + *d.conditional.value - *d.gap.value) < 1e-14);
    for (const Estimate* e : {&d.gap, &d.composition, &d.conditional}) {
      RC_ASSERT(e->interval->low <= *e->value + 1e-15 && *e->value <= e->interval->high + 1e-15);
      RC_ASSERT(e->interval->high > e->interval->low);
    }
  }
}

// Where mixes agree and no class is harder the first-order variance is 0; the interval must not be.
TEST(Decomposition, ShowsNoIntervalWithoutWidth) {
  const auto groups = decompose_gaps(plain({{{5, 0}, {5, 0}}, {{5, 0}, {5, 0}}}), 0.95);
  for (const Estimate* e : {&groups[0].gap, &groups[0].composition, &groups[0].conditional})
    EXPECT_GT(e->interval->high - e->interval->low, 0.01);
}

/// A population: shares of classes and the chance of being right, by group.
struct Population {
  std::vector<std::int64_t> rows;
  std::vector<std::vector<double>> shares, rates;

  ClassCounts draw(Stream& s) const {
    std::vector<std::vector<GroupCount>> of;
    for (std::size_t g = 0; g < rows.size(); ++g) {
      std::int64_t left = rows[g];
      double share_left = 1;
      auto& group = of.emplace_back();
      for (std::size_t y = 0; y < shares[g].size(); ++y) {
        const bool last = y + 1 == shares[g].size();
        const std::int64_t n = last ? left : s.binomial(left, std::min(1.0, shares[g][y] / share_left));
        group.push_back({static_cast<double>(n), static_cast<double>(s.binomial(n, rates[g][y]))});
        left -= n, share_left -= shares[g][y];
      }
    }
    return plain(of);
  }
  ClassCounts expected() const {
    std::vector<std::vector<GroupCount>> of;
    for (std::size_t g = 0; g < rows.size(); ++g) {
      auto& group = of.emplace_back();
      for (std::size_t y = 0; y < shares[g].size(); ++y) {
        const double n = static_cast<double>(rows[g]) * shares[g][y];
        group.push_back({n, n * rates[g][y]});
      }
    }
    return plain(of);
  }
};

Population population(Stream& s, int groups, int classes, std::int64_t rows, double rate, double sd) {
  Population p;
  for (int g = 0; g < groups; ++g) {
    p.rows.push_back(rows + static_cast<std::int64_t>(s.below(static_cast<std::uint64_t>(rows))));
    std::vector<double> shares, rates;
    double sum = 0;
    for (int y = 0; y < classes; ++y) sum += shares.emplace_back(s.gamma(3));
    for (int y = 0; y < classes; ++y) {
      shares[static_cast<std::size_t>(y)] /= sum;
      rates.push_back(std::clamp(rate + sd * s.normal(), 0.02, 0.99));
    }
    p.shares.push_back(shares), p.rates.push_back(rates);
  }
  return p;
}

// Nominal 95 %. The mean over a setting must not fall short by more than a point and three standard errors of its
// 300 draws (groups of a draw are nearly independent); conservative is fine for flawless cells of few rows.
TEST(Decomposition, IntervalsCover) {
  struct Setting {
    int groups, classes;
    std::int64_t rows;
    double rate, sd;
  };
  for (const auto& [k, classes, rows, rate, sd] :
       {Setting{6, 7, 143, 0.65, 0.12}, {2, 2, 40, 0.65, 0.12}, {4, 2, 40, 0.95, 0.03}, {14, 7, 30, 0.95, 0.03}}) {
    Stream s(11, "decomposition", {static_cast<std::uint64_t>(k), static_cast<std::uint64_t>(rows)});
    std::array<int, 4> judged{}, covered{};
    for (int world = 0; world < 10; ++world) {
      const Population p = population(s, k, classes, rows, rate, sd);
      const auto truth = decompose_gaps(p.expected(), 0.95);
      for (int draw = 0; draw < 30; ++draw) {
        const auto seen = decompose_gaps(p.draw(s), 0.95);
        for (std::size_t g = 0; g < seen.size(); ++g) {
          std::size_t i = 0;
          for (const auto part : {&GapDecomposition::gap, &GapDecomposition::composition,
                                  &GapDecomposition::conditional, &GapDecomposition::standardised}) {
            const Estimate& e = seen[g].*part;
            judged[i] += e.estimable();
            if (e.estimable())
              covered[i] += e.interval->low <= *(truth[g].*part).value && *(truth[g].*part).value <= e.interval->high;
            ++i;
          }
        }
      }
    }
    for (std::size_t i = 0; i < 4; ++i)
      EXPECT_GE(covered[i], (0.94 - 3 * std::sqrt(0.05 * 0.95 / judged[i])) * judged[i])
          << i << " of " << k << " groups, " << rows << " rows";
  }
}

// The delta method against the bootstrap on cells that it stands for: half-widths within 5 % where cells are large.
TEST(Decomposition, DeltaMethodAgreesWithTheBootstrap) {
  Stream s(12, "bootstrap");
  const Population p = population(s, 4, 3, 2000, 0.7, 0.1);
  const auto whole = decompose_gaps(p.expected(), 0.95);
  constexpr int draws = 4000;
  std::vector<std::array<double, 6>> sums(4, {0, 0, 0, 0, 0, 0});
  for (int d = 0; d < draws; ++d) {
    const auto again = decompose_gaps(p.draw(s), 0.95);
    for (std::size_t g = 0; g < 4; ++g) {
      std::size_t i = 0;
      for (const Estimate* e : {&again[g].composition, &again[g].conditional, &again[g].standardised})
        sums[g][i++] += *e->value, sums[g][i++] += *e->value * *e->value;
    }
  }
  for (std::size_t g = 0; g < 4; ++g) {
    const auto half = [](const Estimate& e) { return (e.interval->high - e.interval->low) / 2; };
    const auto sd = [&](std::size_t i) { return std::sqrt(sums[g][i + 1] / draws - std::pow(sums[g][i] / draws, 2)); };
    EXPECT_NEAR(half(whole[g].composition) / (1.959964 * sd(0)), 1, 0.05);
    EXPECT_NEAR(half(whole[g].conditional) / (1.959964 * sd(2)), 1, 0.05);
    EXPECT_NEAR(half(whole[g].standardised) / (1.959964 * sd(4)), 1, 0.05);
  }
}

TEST(Decomposition, IsNotApplicableWhereTheLabelDeterminesTheGroup) {
  const auto groups = decompose_gaps(plain({{{50, 40}, {0, 0}}, {{0, 0}, {50, 20}}}), 0.95);
  for (const GapDecomposition& d : groups) {
    EXPECT_TRUE(d.gap.estimable());
    for (const Estimate* e : {&d.composition, &d.conditional, &d.standardised}) {
      EXPECT_FALSE(e->estimable());
      EXPECT_TRUE(e->reason.starts_with("not applicable: ")) << e->reason;
    }
  }
  EXPECT_TRUE(decompose_gaps(plain({{{50, 40}}, {{0, 0}}}), 0.95)[0].gap.reason.starts_with("not applicable: "));
  const auto one_class = decompose_gaps(plain({{{50, 40}}, {{50, 30}}}), 0.95);
  EXPECT_TRUE(one_class[0].gap.estimable());
  EXPECT_NE(one_class[0].composition.reason.find("one class only"), std::string::npos);
}

TEST(Decomposition, TellsWhichRowsCanShowAConditionalPart) {
  const auto groups = decompose_gaps(plain({{{30, 20}, {70, 40}}, {{50, 40}, {0, 0}}}), 0.95);
  EXPECT_DOUBLE_EQ(groups[0].overlap, 0.3);
  EXPECT_TRUE(groups[0].standardised.estimable());
  EXPECT_NE(groups[1].standardised.reason.find("no rows of 1 of the 2 classes"), std::string::npos);
  EXPECT_TRUE(groups[1].conditional.estimable());
}

TEST(Decomposition, CountsSmallGroupsInThePoolOnly) {
  const auto groups = decompose_gaps(plain({{{29, 20}}, {{50, 40}}, {{40, 20}}}), 0.95, 30);
  EXPECT_NE(groups[0].composition.reason.find("29 rows, fewer than 30"), std::string::npos);
  EXPECT_NEAR(*groups[1].gap.value, 0.8 - 80.0 / 119, 1e-15);
}

// Weighted rows: rates are the weighted ones, and intervals are as wide as the effective rows make them.
TEST(ClassCounts, KeepWeightsAndAverageRuns) {
  Cells cells(2, 2, 2);
  Stream s(13, "rows");
  for (int i = 0; i < 400; ++i) {
    const int truth = static_cast<int>(s.below(2));
    cells.add(i % 2, truth, std::array{static_cast<int>(s.below(3)), truth}, i % 2 ? 0.5 : 1.0 + (i % 4));
  }
  const std::array run{0};
  const std::array both{0, 1};
  const auto groups = decompose_gaps(class_counts(cells, {}, run), 0.95);
  for (std::int64_t g = 0; g < 2; ++g) {
    const double own = *value_of({}, cells.confusion(g, 0)), all = *value_of({}, cells.pooled(0));
    EXPECT_NEAR(*groups[static_cast<std::size_t>(g)].gap.value, own - all, 1e-14);
    EXPECT_NEAR(static_cast<double>(groups[static_cast<std::size_t>(g)].gap.n),
                share_of({}, cells.confusion(g, 0)).effective_trials(), 0.5);
  }
  const ClassCounts mean = class_counts(cells, {}, both), one = class_counts(cells, {}, run);
  for (std::size_t y = 0; y < 2; ++y)
    EXPECT_NEAR(mean.of[0][y].right, (one.of[0][y].right + one.of[0][y].n) / 2, 1e-12);
}

TEST(ClassCounts, TakeMetricsWhoseRowsDependOnTheTruth) {
  Cells cells(1, 3, 1);
  cells.add(0, 0, std::array{0}), cells.add(0, 1, std::array{0}), cells.add(0, 2, std::array{2});
  const std::array run{0};
  const ClassCounts fpr = class_counts(cells, {.measure = Measure::kFalsePositiveRate, .positive = 0}, run);
  EXPECT_EQ(fpr.of[0][0].n, 0);
  EXPECT_EQ(fpr.of[0][1].right, 1);
  EXPECT_EQ(fpr.of[0][2].right, 0);
  EXPECT_THROW(class_counts(cells, {.measure = Measure::kPrecision}, run), InputError);
  EXPECT_THROW(class_counts(cells, {}, {}), InputError);
  EXPECT_THROW(decompose_gaps(plain({{{5, 6}}}), 0.95), InputError);
}

}  // namespace
}  // namespace evenface::stats
