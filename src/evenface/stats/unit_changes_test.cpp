#include "evenface/stats/unit_changes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/stats/significance.h"

namespace evenface::stats {
namespace {

const Metric kAccuracy{};

/// A row that is judged by one run each, of class 0 of two.
struct Row {
  std::int64_t group;
  std::uint64_t person;
  bool before, after;
  double weight = 1;
};

/// The same rows by group, and as one.
struct Sides {
  PairedUnits units, pooled;
  Arms arms;
};

ArmFigures figures_of(const PairedUnits& units, const PairedUnits& pooled, Arm arm, std::int64_t min_group) {
  ArmFigures f;
  for (std::int64_t g = 0; g < units.groups(); ++g) f.groups.push_back(estimate_of(units, g, arm, min_group, 0.95));
  f.over_faces = estimate_of(pooled, 0, arm, 1, 0.95);
  return f;
}

Sides sides_of(const std::vector<Row>& rows, std::int64_t groups, std::int64_t min_group = 5) {
  Sides s{PairedUnits(kind_of(kAccuracy), groups, 1, 1, true), PairedUnits(kind_of(kAccuracy), 1, 1, 1, true), {}};
  for (const Row& r : rows) {
    const auto adds = addends(kAccuracy, 2, 0, std::array{r.before ? 0 : 1, r.after ? 0 : 1});
    s.units.add(r.group, r.person, adds, r.weight), s.pooled.add(0, r.person, adds, r.weight);
  }
  s.arms = {figures_of(s.units, s.pooled, Arm::kBefore, min_group),
            figures_of(s.units, s.pooled, Arm::kAfter, min_group)};
  return s;
}

/// Twelve persons with one to four rows.
std::vector<Row> twelve_persons(bool weighted) {
  constexpr const char* kRows[] = {"11 10",       "01", "01 01 11", "11",    "00 01", "10",
                                   "11 01 00 01", "00", "11 11",    "01 11", "10",    "00 01 11"};
  std::vector<Row> rows;
  for (std::uint64_t person = 0; person < std::size(kRows); ++person)
    for (const char* row = kRows[person];; row += 3) {
      rows.push_back({0, person, row[0] == '1', row[1] == '1', weighted ? 1.0 + (rows.size() * 7) % 3 : 1});
      if (row[2] == 0) break;
    }
  return rows;
}

/// Ours is wider than this interval by what two more persons who change would add.
void expect_change(const Estimate& change, const std::vector<Row>& rows, double low, double high) {
  const double value = (low + high) / 2;
  std::map<std::uint64_t, double> apart;  // of each person, from the mean
  for (const Row& r : rows) apart[r.person] += r.weight * (r.after - r.before - value);
  double squares = 0, fourths = 0;
  for (const auto& [person, x] : apart) squares += x * x, fourths += x * x * x * x;
  const double half = (high - low) / 2 * std::sqrt(1 + 2 * fourths / (squares * squares));
  EXPECT_NEAR(*change.value, value, 1e-7);
  EXPECT_NEAR(change.interval->low, value - half, 2e-7);
  EXPECT_NEAR(change.interval->high, value + half, 2e-7);
}

// statsmodels 0.15.0, OLS and WLS of (after - before) on a constant, cov_type="cluster", use_t: rows 23, persons 12.
// The p are those of all 2^9 signs of the persons' changes.
TEST(UnitChanges, HaveTheClusterRobustIntervalOfStatsmodels) {
  const Sides s = sides_of(twelve_persons(false), 1);
  const GroupChange change = unit_changes(s.units, s.arms, {}).front();
  EXPECT_NEAR(*change.accuracy.change.value, 5.0 / 23, 1e-12);
  expect_change(change.accuracy.change, twelve_persons(false), -0.09507342, 0.52985603);
  EXPECT_NEAR(change.p, 0.3125, 1e-12);
  EXPECT_EQ(change.accuracy.change.method, "t over persons");

  const Sides w = sides_of(twelve_persons(true), 1);
  expect_change(unit_changes(w.units, w.arms, {}).front().accuracy.change, twelve_persons(true), -0.02542201,
                0.60319979);
}

TEST(UnitChanges, OfOneRowAPersonHaveTheExactMcNemarTest) {
  std::vector<Row> rows;
  for (std::uint64_t i = 0; i < 200; ++i) rows.push_back({0, i, i < 140, i < 120 || i >= 195});
  const Sides s = sides_of(rows, 1);
  EXPECT_NEAR(unit_changes(s.units, s.arms, {}).front().p, mcnemar_exact(20, 5), 1e-12);
}

/// Cells of two runs over two classes.
Cells paired(const std::vector<Row>& rows, std::int64_t groups) {
  Cells cells(groups, 2, 2);
  for (const Row& r : rows) {
    const std::array<int, 2> predicted{r.before ? 0 : 1, r.after ? 0 : 1};
    cells.add(r.group, 0, predicted, r.weight);
  }
  return cells;
}

TEST(UnitChanges, OfRowsHaveTheDrawnMcNemarTest) {
  std::vector<Row> rows;
  for (std::uint64_t i = 0; i < 200; ++i) rows.push_back({0, i, i < 140, i < 120 || i >= 192});
  const PairedUnits units(paired(rows, 1), kAccuracy, 1);
  const Arms arms{figures_of(units, units, Arm::kBefore, 5), figures_of(units, units, Arm::kAfter, 5)};
  const double p = unit_changes(units, arms, {.bootstrap = 100'000}).front().p;
  const double exact = mcnemar_exact(20, 8);
  EXPECT_NEAR(p, exact, 4 * std::sqrt(exact * (1 - exact) / 100'000) + 1e-5);
}

TEST(UnitChanges, OfRowsThatAllMoveAlikeHaveAnInterval) {
  std::vector<Row> rows;
  for (std::uint64_t i = 0; i < 20; ++i) rows.push_back({0, i, false, true});
  const Sides s = sides_of(rows, 1);
  const GroupChange change = unit_changes(s.units, s.arms, {}).front();
  EXPECT_EQ(*change.accuracy.change.value, 1);
  EXPECT_LT(change.accuracy.change.interval->low, 0.85);
  EXPECT_NEAR(change.p, std::exp2(-19), 1e-12);
}

/// Persons with 1 to 6 rows, who are as good as their own rate says before and after: nothing changes but by chance.
std::vector<Row> unchanged(std::uint64_t seed, std::int64_t groups, std::uint64_t persons) {
  Stream stream(seed, "unchanged");
  std::vector<Row> rows;
  for (std::int64_t g = 0; g < groups; ++g)
    for (std::uint64_t i = 0; i < persons; ++i) {
      const double before = stream.beta(2, 1), after = stream.beta(2, 1);  // a person's rows err together
      const std::uint64_t own = 1 + stream.below(6);
      for (std::uint64_t row = 0; row < own; ++row)
        rows.push_back(
            {g, static_cast<std::uint64_t>(g) * persons + i, stream.uniform() < before, stream.uniform() < after});
    }
  return rows;
}

TEST(UnitChanges, SeldomFindLosersWhereNothingChanged) {
  constexpr int kSets = 400;
  int covered = 0, false_alarms = 0, of_rows = 0;
  for (int set = 0; set < kSets; ++set) {
    std::vector<Row> rows = unchanged(static_cast<std::uint64_t>(set), 4, 40);
    const Sides s = sides_of(rows, 4);
    const auto changes = unit_changes(s.units, s.arms, {});
    const Interval i = *changes.front().accuracy.change.interval;
    covered += i.low <= 0 && 0 <= i.high;
    const auto found = [](const GroupChange& c) { return c.outcome == Outcome::kLost || c.outcome == Outcome::kWon; };
    false_alarms += std::ranges::any_of(changes, found);
    for (std::size_t r = 0; r < rows.size(); ++r) rows[r].person = r;
    const Sides apart = sides_of(rows, 4);
    of_rows += std::ranges::any_of(unit_changes(apart.units, apart.arms, {}), found);
  }
  EXPECT_NEAR(covered / double{kSets}, 0.95, 4 * std::sqrt(0.95 * 0.05 / kSets));
  EXPECT_LT(false_alarms / double{kSets}, 0.05 + 3 * std::sqrt(0.05 * 0.95 / kSets));
  EXPECT_GT(of_rows, 2 * false_alarms);  // rows taken as independent would find losers
}

TEST(UnitChanges, OfF1CoverTheTruth) {
  const Metric f1{.measure = Measure::kF1, .average = Average::kMacro, .classes = {0, 1, 2}};
  constexpr int kSets = 400;
  int covered = 0;
  for (int set = 0; set < kSets; ++set) {
    Stream stream(static_cast<std::uint64_t>(set), "f1");
    Cells cells(1, 3, 2);
    for (int row = 0; row < 120; ++row) {
      const auto truth = static_cast<int>(stream.below(3));
      const auto guess = [&] { return stream.uniform() < 0.7 ? truth : static_cast<int>(stream.below(3)); };
      const std::array<int, 2> predicted{guess(), guess()};
      cells.add(0, truth, predicted);
    }
    const PairedUnits units(cells, f1, 1);
    const Arms arms{figures_of(units, units, Arm::kBefore, 5), figures_of(units, units, Arm::kAfter, 5)};
    const Interval i = *unit_changes(units, arms, {.bootstrap = 200}).front().accuracy.change.interval;
    covered += i.low <= 0 && 0 <= i.high;
  }
  EXPECT_NEAR(covered / double{kSets}, 0.95, 4 * std::sqrt(0.95 * 0.05 / kSets));
}

TEST(CompareUnits, OfPlainRowsFindsWhatRowsSay) {
  std::vector<Row> rows;
  PairedCells cells(3, 1, 1);
  Stream stream(5, "rows");
  for (std::uint64_t i = 0; i < 600; ++i) {
    const auto g = static_cast<std::int64_t>(i % 3);
    const bool before = stream.uniform() < 0.5 + 0.2 * static_cast<double>(g), after = stream.uniform() < 0.8;
    rows.push_back({g, i, before, after});
    cells.add(g, (before ? 1u : 0u) | (after ? 2u : 0u));
  }
  const BeforeAfterSettings settings;
  const BeforeAfter exact = compare_before_after(cells, settings, {});
  const Sides s = sides_of(rows, 3);
  const BeforeAfter r = compare_units(s.units, s.pooled, s.arms, settings, {});
  EXPECT_EQ(r.verdict, exact.verdict);
  EXPECT_NEAR(*r.spread.before.value, *exact.spread.before.value, 1e-9);
  EXPECT_NEAR(*r.spread.after.value, *exact.spread.after.value, 1e-9);
  EXPECT_NEAR(r.spread.change.interval->low, exact.spread.change.interval->low, 0.01);
  EXPECT_NEAR(r.spread.change.interval->high, exact.spread.change.interval->high, 0.01);
  EXPECT_NEAR(*r.over_groups.change.value, *exact.over_groups.change.value, 1e-9);
  EXPECT_NEAR(r.over_faces.change.interval->low, exact.over_faces.change.interval->low, 0.005);
  for (std::size_t g = 0; g < 3; ++g) {
    EXPECT_EQ(r.groups[g].outcome, exact.groups[g].outcome);
    EXPECT_NEAR(r.groups[g].p, exact.groups[g].p, 1e-12);
  }
  EXPECT_EQ(compare_units(s.units, s.pooled, s.arms, settings, {.threads = 1}).spread.change.interval->low,
            r.spread.change.interval->low);
}

TEST(CompareUnits, NeedsTwoGroups) {
  const Sides s = sides_of(twelve_persons(false), 1);
  EXPECT_THROW(compare_units(s.units, s.pooled, s.arms, {}, {}), InputError);
}

TEST(PairedUnits, OfAPersonAddUp) {
  const Sides s = sides_of(twelve_persons(false), 1);
  EXPECT_EQ(s.units.of(0).size(), 12);
  EXPECT_EQ(s.units.of(0)[6].adds, (std::vector<Ratio>{{1, 4}, {3, 4}}));
}

}  // namespace
}  // namespace evenface::stats
