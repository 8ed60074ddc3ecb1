#include "evenface/adjust/shifts.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "evenface/adjust/decide.h"
#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/stats/disparity.h"

namespace evenface::adjust {
namespace {

struct Example {
  ClassRows rows;
  std::vector<std::int32_t> group;
  std::int64_t groups;
};

/// Faces of `groups` groups whose true class is mostly their own; the model's logits miss the last class by
/// `handicap`. So the last group is misjudged, and a shift of that class mends it.
Example handicapped(int rows, int classes, int groups, double handicap, std::uint64_t seed) {
  Example e{{.classes = classes}, {}, groups};
  for (int i = 0; i < rows; ++i) {
    Stream draw(seed, "shifts test", {static_cast<std::uint64_t>(i)});
    const int group = i % groups;
    const int truth =
        draw.uniform() < 0.6 ? group % classes : static_cast<int>(draw.below(static_cast<std::uint64_t>(classes)));
    for (int c = 0; c < classes; ++c)
      e.rows.logits.push_back((c == truth ? 1.5 : 0) + draw.normal() - (c == classes - 1 ? handicap : 0));
    e.rows.truth.push_back(truth);
    e.group.push_back(group);
  }
  return e;
}

std::vector<stats::GroupCount> counts(const Example& e, const ShiftRule& rule) {
  std::vector<stats::GroupCount> list(static_cast<std::size_t>(e.groups));
  for (std::size_t i = 0; i < e.rows.rows(); ++i) {
    auto& g = list[static_cast<std::size_t>(e.group[i])];
    const double w = e.rows.weight_of(i);
    g.n += w;
    if (largest(adjusted(rule, e.rows.row(i))) == e.rows.truth[i]) g.right += w;
  }
  return list;
}

double mean_accuracy(const std::vector<stats::GroupCount>& groups) {
  double sum = 0;
  for (const auto& g : groups) sum += g.rate() / static_cast<double>(groups.size());
  return sum;
}

double pooled(const std::vector<stats::GroupCount>& groups) {
  double right = 0, n = 0;
  for (const auto& g : groups) right += g.right, n += g.n;
  return right / n;
}

ShiftSettings plain(ShiftObjective objective) {
  return {.objective = objective, .ridge = 0, .shrink = 0, .min_group = 2};
}

// Two classes: one number decides, so every decision there is can be tried.
RC_GTEST_PROP(Shifts, OfTwoClassesAreTheGlobalOptimum, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const Example e = handicapped(60, 2, 3, 1, seed);
  const ShiftFit fit = fit_shifts(e.rows, e.group, e.groups, plain(ShiftObjective::kGroupAccuracy));
  double best = 0;
  std::vector<double> margins;
  for (std::size_t i = 0; i < e.rows.rows(); ++i) margins.push_back(e.rows.row(i)[0] - e.rows.row(i)[1]);
  std::ranges::sort(margins);
  for (std::size_t i = 0; i <= margins.size(); ++i) {
    const double b = i == 0                ? margins[0] - 1
                     : i == margins.size() ? margins.back() + 1
                                           : (margins[i - 1] + margins[i]) / 2;
    best = std::max(best, mean_accuracy(counts(e, {{0, b}})));
  }
  RC_ASSERT(std::abs(fit.after - best) < 1e-9);
  RC_ASSERT(std::abs(mean_accuracy(counts(e, fit.rule)) - best) < 1e-9);
}

// Three classes on a grid of 61 x 61 shifts. A search class by class may end in a local optimum; on average it is
// better than the grid, whose steps are wider.
TEST(Shifts, OfThreeClassesBeatAFineGrid) {
  double shortfall = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Example e = handicapped(300, 3, 6, 1, seed);
    const ShiftFit fit = fit_shifts(e.rows, e.group, e.groups, plain(ShiftObjective::kGroupAccuracy));
    double best = 0;
    for (int a = -30; a <= 30; ++a)
      for (int b = -30; b <= 30; ++b) best = std::max(best, mean_accuracy(counts(e, {{a * 0.1, b * 0.1, 0}})));
    EXPECT_NEAR(mean_accuracy(counts(e, fit.rule)), fit.after, 1e-9);
    shortfall += (best - fit.after) / 12;
  }
  EXPECT_LT(shortfall, 0);
}

TEST(Shifts, UndoAHandicapOnNewRows) {
  const Example fitted = handicapped(4000, 5, 5, 1.5, 1), judged = handicapped(4000, 5, 5, 1.5, 2);
  const ShiftRule none{std::vector<double>(5)};
  const ShiftFit fit = fit_shifts(fitted.rows, fitted.group, 5, {});
  // The handicapped class is raised against the mean of the others by about the handicap.
  EXPECT_NEAR(fit.rule.shifts[4] * 5 / 4, 1.5, 0.5);
  EXPECT_NEAR(std::accumulate(fit.rule.shifts.begin(), fit.rule.shifts.end(), 0.0), 0, 1e-9);
  const auto before = counts(judged, none), after = counts(judged, fit.rule);
  EXPECT_GT(mean_accuracy(after), mean_accuracy(before) + 0.03);

  const ShiftFit even = fit_shifts(fitted.rows, fitted.group, 5, {.objective = ShiftObjective::kSpread});
  const auto spread = [](const auto& groups) { return stats::spread_of(stats::corrected_variance(groups)); };
  EXPECT_GT(spread(before), 0.1);
  EXPECT_LT(spread(counts(judged, even.rule)), 0.05);
}

TEST(Shifts, KeepTheMargin) {
  const Example e = handicapped(800, 4, 4, 0, 5);
  const double before = pooled(counts(e, {std::vector<double>(4)}));
  for (const double margin : {0.0, 0.01, 0.05}) {
    const ShiftFit fit =
        fit_shifts(e.rows, e.group, 4, {.objective = ShiftObjective::kSpread, .margin = margin, .ridge = 0});
    EXPECT_GE(pooled(counts(e, fit.rule)), before - margin - 1e-12);
    EXPECT_GE(fit.after, fit.before);
  }
}

TEST(Shifts, StayAtZeroWhereNothingIsGained) {
  // Scores that are always right can't be bettered.
  Example e = handicapped(200, 3, 3, 0, 7);
  for (std::size_t i = 0; i < e.rows.rows(); ++i) e.rows.truth[i] = largest(e.rows.row(i));
  const ShiftFit fit = fit_shifts(e.rows, e.group, 3, {});
  EXPECT_THAT(fit.rule.shifts, testing::Each(0.0));
  EXPECT_EQ(fit.before, fit.after);
}

TEST(Shifts, TheRidgeAndTheSmallGroups) {
  const Example e = handicapped(1000, 3, 3, 1, 9);
  const auto size = [&](double ridge) {
    const auto shifts = fit_shifts(e.rows, e.group, 3, {.ridge = ridge}).rule.shifts;
    return std::inner_product(shifts.begin(), shifts.end(), shifts.begin(), 0.0);
  };
  EXPECT_GT(size(0), size(0.1));
  EXPECT_GT(size(0.1), size(10));
  EXPECT_LT(size(10), 1e-3);

  // A group of 20 rows has no say, whatever its rows are.
  Example small = e;
  small.groups = 4;
  Example other = small;
  for (int i = 0; i < 20; ++i)
    for (Example* x : {&small, &other}) {
      x->rows.logits.insert(x->rows.logits.end(), {3, 2, 0});
      x->rows.truth.push_back(x == &small ? 0 : 1);
      x->group.push_back(3);
    }
  ShiftSettings s{.shrink = 0};
  EXPECT_EQ(fit_shifts(small.rows, small.group, 4, s).rule, fit_shifts(other.rows, other.group, 4, s).rule);
  s.min_group = 10;
  EXPECT_NE(fit_shifts(small.rows, small.group, 4, s).rule, fit_shifts(other.rows, other.group, 4, s).rule);
}

TEST(Shifts, FollowTheUnitOfTheLogits) {
  Example e = handicapped(500, 3, 3, 1, 11);
  const auto before = fit_shifts(e.rows, e.group, 3, {}).rule.shifts;
  for (double& z : e.rows.logits) z *= 8;  // exact in binary
  const auto after = fit_shifts(e.rows, e.group, 3, {}).rule.shifts;
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(after[c], 8 * before[c], 1e-9);
}

TEST(Shifts, WeightsCountAsRows) {
  Example twice = handicapped(600, 3, 3, 1, 13), weighted = twice;
  for (std::size_t i = 0; i < 600; ++i) {
    weighted.rows.weight.push_back(i < 200 ? 2 : 1);
    if (i >= 200) continue;
    twice.rows.truth.push_back(twice.rows.truth[i]);
    twice.group.push_back(twice.group[i]);
    for (std::size_t c = 0; c < 3; ++c) twice.rows.logits.push_back(twice.rows.logits[3 * i + c]);
  }
  // Without penalties that know of the number of rows, both are the same rates.
  const ShiftSettings s = plain(ShiftObjective::kGroupAccuracy);
  const ShiftFit a = fit_shifts(twice.rows, twice.group, 3, s), b = fit_shifts(weighted.rows, weighted.group, 3, s);
  EXPECT_NEAR(a.before, b.before, 1e-12);
  EXPECT_NEAR(a.after, b.after, 1e-12);
}

TEST(Shifts, RefuseWhatCantBeFitted) {
  Example e = handicapped(40, 3, 3, 0, 1);
  EXPECT_THROW(fit_shifts(e.rows, e.group, 3, {}), InputError);  // 14 rows a group
  e.rows.logits.assign(e.rows.logits.size(), 1);
  EXPECT_THROW(fit_shifts(e.rows, e.group, 3, plain(ShiftObjective::kSpread)), InputError);
}

}  // namespace
}  // namespace evenface::adjust
