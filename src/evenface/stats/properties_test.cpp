// What must hold for any counts, whatever they are.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "evenface/core/random.h"
#include "evenface/stats/before_after.h"
#include "evenface/stats/cells.h"
#include "evenface/stats/chance.h"
#include "evenface/stats/disparity.h"
#include "evenface/stats/interval.h"
#include "evenface/stats/metric.h"
#include "evenface/stats/significance.h"

namespace evenface::stats {
namespace {

using Count = std::int64_t;

constexpr double kRounding = 1e-12;

/// One row of a comparison: its group and which runs were right on it.
struct Row {
  Count group;
  Pattern pattern;
};

constexpr Count kGroups = 4;
constexpr int kSeeds = 3;

/// 40 or more rows in each group, one run or three an arm.
std::vector<Row> rows_of_all_groups(int runs) {
  std::vector<Row> rows;
  for (Count g = 0; g < kGroups; ++g) {
    const auto n = *rc::gen::inRange<std::size_t>(40, 80);
    const auto patterns =
        *rc::gen::container<std::vector<Pattern>>(n, rc::gen::inRange<Pattern>(0, Pattern{1} << (2 * runs)));
    for (const Pattern p : patterns) rows.push_back({g, p});
  }
  return rows;
}

PairedCells cells_of(const std::vector<Row>& rows, int runs) {
  PairedCells cells(kGroups, runs, runs);
  for (const Row& row : rows) cells.add(row.group, row.pattern);
  return cells;
}

BeforeAfter compared(const PairedCells& cells) { return compare_before_after(cells, {.bootstrap = 20}, {}); }

int any_runs() { return *rc::gen::element(1, kSeeds); }

void assert_same(const Estimate& a, const Estimate& b, double tolerance = 0) {
  RC_ASSERT(std::abs(*a.value - *b.value) <= tolerance);
  RC_ASSERT(a.interval.has_value() == b.interval.has_value());
  if (!a.interval) return;
  RC_ASSERT(std::abs(a.interval->low - b.interval->low) <= tolerance);
  RC_ASSERT(std::abs(a.interval->high - b.interval->high) <= tolerance);
}

void assert_mirrored(const Estimate& a, const Estimate& b) {
  RC_ASSERT(std::abs(*a.value + *b.value) <= kRounding);
  RC_ASSERT(std::abs(a.interval->low + b.interval->high) <= kRounding);
  RC_ASSERT(std::abs(a.interval->high + b.interval->low) <= kRounding);
}

RC_GTEST_PROP(Comparison, DoesNotDependOnTheOrderOfRows, ()) {
  const int runs = any_runs();
  std::vector<Row> rows = rows_of_all_groups(runs);
  const BeforeAfter a = compared(cells_of(rows, runs));
  Stream(1, "order", {*rc::gen::arbitrary<std::uint64_t>()}).shuffle(rows);
  const BeforeAfter b = compared(cells_of(rows, runs));
  RC_ASSERT(a.verdict == b.verdict);
  for (const auto change : {&BeforeAfter::over_faces, &BeforeAfter::over_groups, &BeforeAfter::spread})
    assert_same((a.*change).change, (b.*change).change);
  for (std::size_t g = 0; g < a.groups.size(); ++g) RC_ASSERT(a.groups[g].p_adjusted == b.groups[g].p_adjusted);
}

RC_GTEST_PROP(Comparison, DoesNotDependOnTheNamesOfGroups, ()) {
  const int runs = any_runs();
  std::vector<Row> rows = rows_of_all_groups(runs);
  const BeforeAfter a = compared(cells_of(rows, runs));
  const auto renamed = permutation(kGroups, Stream(1, "names", {*rc::gen::arbitrary<std::uint64_t>()}));
  for (Row& row : rows) row.group = renamed[static_cast<std::size_t>(row.group)];
  const BeforeAfter b = compared(cells_of(rows, runs));
  assert_same(a.over_faces.change, b.over_faces.change, kRounding);
  assert_same(a.over_groups.change, b.over_groups.change, kRounding);
  assert_same(a.gap.before, b.gap.before, kRounding);
  RC_ASSERT(std::abs(*a.spread.change.value - *b.spread.change.value) <= 1e-9);  // a root near 0 magnifies rounding
  for (std::size_t g = 0; g < a.groups.size(); ++g) {
    const GroupChange& same = b.groups[static_cast<std::size_t>(renamed[g])];
    RC_ASSERT(a.groups[g].n == same.n && a.groups[g].outcome == same.outcome);
    RC_ASSERT(std::abs(a.groups[g].p_adjusted - same.p_adjusted) <= kRounding);
    assert_same(a.groups[g].accuracy.change, same.accuracy.change, kRounding);
  }
}

RC_GTEST_PROP(Comparison, DoesNotDependOnGroupsWithoutRows, ()) {
  const int runs = any_runs();
  const std::vector<Row> rows = rows_of_all_groups(runs);
  PairedCells with_empty(kGroups + 2, runs, runs);
  for (const Row& row : rows) with_empty.add(row.group + 1, row.pattern);
  const BeforeAfter a = compared(cells_of(rows, runs)), b = compared(with_empty);
  RC_ASSERT(a.groups.size() == b.groups.size());
  for (std::size_t g = 0; g < a.groups.size(); ++g) {
    RC_ASSERT(a.groups[g].group + 1 == b.groups[g].group);
    RC_ASSERT(a.groups[g].p_adjusted == b.groups[g].p_adjusted);
    assert_same(a.groups[g].accuracy.change, b.groups[g].accuracy.change);
  }
  assert_same(a.spread.change, b.spread.change);
  assert_same(a.over_faces.change, b.over_faces.change);
}

RC_GTEST_PROP(Comparison, OfARunWithItselfFindsNothing, ()) {
  const int runs = any_runs();
  std::vector<Row> rows = rows_of_all_groups(runs);
  const Pattern before = (Pattern{1} << runs) - 1;
  for (Row& row : rows) row.pattern = (row.pattern & before) | (row.pattern & before) << runs;
  const BeforeAfter r = compared(cells_of(rows, runs));
  RC_ASSERT(r.verdict == Verdict::kNoEvidence);
  RC_ASSERT(!r.with_losers);
  for (const auto change : {&BeforeAfter::over_faces, &BeforeAfter::over_groups, &BeforeAfter::spread})
    RC_ASSERT(std::abs(*(r.*change).change.value) <= kRounding);
  RC_ASSERT(*r.gap.change.value == 0);
  for (const GroupChange& g : r.groups) {
    RC_ASSERT(g.p == 1 && g.p_adjusted == 1);
    RC_ASSERT(g.outcome == Outcome::kNone);
    RC_ASSERT(*g.accuracy.change.value == 0);
  }
}

RC_GTEST_PROP(Comparison, TurnedRoundMirrorsTheChange, ()) {
  const int runs = any_runs();
  std::vector<Row> rows = rows_of_all_groups(runs);
  const BeforeAfter a = compared(cells_of(rows, runs));
  const Pattern before = (Pattern{1} << runs) - 1;
  for (Row& row : rows) row.pattern = row.pattern >> runs | (row.pattern & before) << runs;
  const BeforeAfter b = compared(cells_of(rows, runs));
  assert_mirrored(a.over_faces.change, b.over_faces.change);
  assert_mirrored(a.over_groups.change, b.over_groups.change);
  RC_ASSERT(std::abs(*a.spread.change.value + *b.spread.change.value) <= kRounding);
  for (std::size_t g = 0; g < a.groups.size(); ++g) {
    const GroupChange &x = a.groups[g], &y = b.groups[g];
    RC_ASSERT(std::abs(x.p_adjusted - y.p_adjusted) <= kRounding);
    RC_ASSERT(std::abs(x.lost - y.won) <= kRounding && std::abs(x.won - y.lost) <= kRounding);
    RC_ASSERT((x.outcome == Outcome::kWon) == (y.outcome == Outcome::kLost));
    assert_mirrored(x.accuracy.change, y.accuracy.change);
  }
}

RC_GTEST_PROP(Comparison, OfMergedShardsIsThatOfTheWhole, ()) {
  const int runs = any_runs();
  const std::vector<Row> rows = rows_of_all_groups(runs);
  constexpr std::size_t kShards = 7;
  std::vector<PairedCells> shards(kShards, PairedCells(kGroups, runs, runs));
  for (std::size_t i = 0; i < rows.size(); ++i) shards[i % kShards].add(rows[i].group, rows[i].pattern);
  for (std::size_t i = 1; i < kShards; ++i) shards[0] += shards[i];
  const BeforeAfter merged = compared(shards[0]), whole = compared(cells_of(rows, runs));
  assert_same(merged.spread.change, whole.spread.change);
  assert_same(merged.over_faces.change, whole.over_faces.change);
}

RC_GTEST_PROP(Metrics, OfMergedShardsAreThoseOfTheWhole, ()) {
  constexpr int kClasses = 3;
  Cells whole(1, kClasses, 1), a(1, kClasses, 1), b(1, kClasses, 1);
  const auto n = *rc::gen::inRange(1, 60);
  for (int i = 0; i < n; ++i) {
    const int truth = *rc::gen::inRange(0, kClasses), predicted = *rc::gen::inRange(0, kClasses + 1);
    const double weight = 0.1 * *rc::gen::inRange(1, 30);
    whole.add(0, truth, {{predicted}}, weight);
    (*rc::gen::arbitrary<bool>() ? a : b).add(0, truth, {{predicted}}, weight);
  }
  b += a;  // the other way round than the rows came
  for (const Measure m : {Measure::kAccuracy, Measure::kRecall, Measure::kPrecision, Measure::kFalsePositiveRate,
                          Measure::kSelectionRate, Measure::kF1})
    for (int c = 0; c < kClasses; ++c) {
      const Metric metric{.measure = m, .positive = c};
      RC_ASSERT(value_of(metric, b.confusion(0, 0)) == value_of(metric, whole.confusion(0, 0)));
    }
}

/// A kind of interval of one proportion.
using OfProportion = Interval (*)(Count, Count, double);
const OfProportion kOfProportion[] = {
    [](Count x, Count n, double level) {
      return wilson_interval(static_cast<double>(x), static_cast<double>(n), level);
    },
    [](Count x, Count n, double level) {
      return clopper_pearson_interval(static_cast<double>(x), static_cast<double>(n), level);
    },
};

RC_GTEST_PROP(Intervals, OfAProportionGrowWithCountAndLevelAndHoldTheEstimate, ()) {
  const Count n = *rc::gen::inRange<Count>(1, 3000), x = *rc::gen::inRange<Count>(0, n);
  for (const OfProportion interval : kOfProportion) {
    const Interval v = interval(x, n, 0.95), more = interval(x + 1, n, 0.95), surer = interval(x, n, 0.99);
    const double rate = static_cast<double>(x) / static_cast<double>(n);
    RC_ASSERT(0 <= v.low && v.low <= rate + kRounding && rate <= v.high + kRounding && v.high <= 1);
    RC_ASSERT(v.low < v.high);
    RC_ASSERT(v.low < more.low + kRounding && v.high < more.high + kRounding);
    RC_ASSERT(surer.low <= v.low && v.high <= surer.high);
    const Interval mirrored = interval(n - x, n, 0.95);
    RC_ASSERT(std::abs(mirrored.low - (1 - v.high)) <= 1e-9 && std::abs(mirrored.high - (1 - v.low)) <= 1e-9);
  }
}

RC_GTEST_PROP(Intervals, OfADifferenceGrowWithLevelAndHoldTheEstimate, ()) {
  const auto n1 = *rc::gen::inRange(1, 500), n2 = *rc::gen::inRange(1, 500);
  const auto x1 = *rc::gen::inRange(0, n1 + 1), x2 = *rc::gen::inRange(0, n2 + 1);
  const Interval v = newcombe_interval(x1, n1, x2, n2), surer = newcombe_interval(x1, n1, x2, n2, 0.99);
  const double difference = static_cast<double>(x1) / n1 - static_cast<double>(x2) / n2;
  RC_ASSERT(v.low <= difference + kRounding && difference <= v.high + kRounding);
  RC_ASSERT(surer.low <= v.low && v.high <= surer.high);
  RC_ASSERT(-1 - kRounding <= v.low && v.high <= 1 + kRounding);
}

RC_GTEST_PROP(Intervals, OfPairsHoldTheEstimate, ()) {
  const auto count = [] { return *rc::gen::inRange<Count>(0, 200); };
  const PairCounts c{count(), count(), count(), 1 + count()};
  const Interval v = newcombe_paired_interval(c);
  const double change = static_cast<double>(c.won - c.lost) / static_cast<double>(c.total());
  RC_ASSERT(v.low <= change + kRounding && change <= v.high + kRounding);
  RC_ASSERT(-1 <= v.low && v.high <= 1);
}

std::vector<GroupCount> any_groups() {
  std::vector<GroupCount> groups;
  const auto k = *rc::gen::inRange(2, 20);
  for (int g = 0; g < k; ++g) {
    const auto n = *rc::gen::inRange(2, 500);
    groups.push_back({static_cast<double>(n), static_cast<double>(*rc::gen::inRange(0, n + 1))});
  }
  return groups;
}

RC_GTEST_PROP(Intervals, OfGapAndSpreadGrowWithLevel, ()) {
  const auto groups = any_groups();
  const Estimate g = gap_estimate(groups, 0.95), surer = gap_estimate(groups, 0.99);
  RC_ASSERT(g.interval->low <= *g.value + kRounding && *g.value <= g.interval->high + kRounding);
  RC_ASSERT(surer.interval->low <= g.interval->low && g.interval->high <= surer.interval->high);
  const Estimate s = corrected_spread(groups, 0.9), s99 = corrected_spread(groups, 0.99);
  RC_ASSERT(s.interval.has_value() == (sampling_variance(groups) > 0));
  if (!s.interval) return;
  constexpr double kSolver = 1e-6;  // relative, of the root that inverts the distribution
  RC_ASSERT(0 <= s.interval->low && s.interval->low <= s.interval->high);
  RC_ASSERT(s99.interval->low <= s.interval->low * (1 + kSolver));
  RC_ASSERT(s.interval->high <= s99.interval->high * (1 + kSolver));
}

RC_GTEST_PROP(Disparities, DoNotDependOnTheOrderOfGroups, ()) {
  std::vector<GroupCount> groups = any_groups();
  const double g = gap(groups), ratio = min_max_ratio(groups), variance = corrected_variance(groups);
  Stream(1, "groups", {*rc::gen::arbitrary<std::uint64_t>()}).shuffle(groups);
  RC_ASSERT(gap(groups) == g && min_max_ratio(groups) == ratio);
  RC_ASSERT(std::abs(corrected_variance(groups) - variance) <= kRounding);
}

RC_GTEST_PROP(Holm, IsAtLeastTheRawPAndKeepsTheOrder, ()) {
  const auto p = *rc::gen::container<std::vector<double>>(
      rc::gen::map(rc::gen::inRange(0, 10001), [](int i) { return i / 10000.0; }));
  const std::vector<double> adjusted = holm(p);
  RC_ASSERT(adjusted.size() == p.size());
  for (std::size_t i = 0; i < p.size(); ++i) {
    RC_ASSERT(p[i] <= adjusted[i] && adjusted[i] <= 1);
    RC_ASSERT(adjusted[i] <= std::min(1.0, static_cast<double>(p.size()) * p[i]) + kRounding ||
              adjusted[i] <= *std::ranges::max_element(adjusted));
    for (std::size_t j = 0; j < p.size(); ++j)
      if (p[i] <= p[j]) RC_ASSERT(adjusted[i] <= adjusted[j]);
  }
}

RC_GTEST_PROP(Tests, DoNotDependOnWhichSideIsCalledFirst, ()) {
  const Count n1 = *rc::gen::inRange<Count>(1, 200), n2 = *rc::gen::inRange<Count>(1, 200);
  const Count x1 = *rc::gen::inRange<Count>(0, n1 + 1), x2 = *rc::gen::inRange<Count>(0, n2 + 1);
  const double p = fisher_exact(x1, n1, x2, n2);
  RC_ASSERT(0 < p && p <= 1);
  RC_ASSERT(std::abs(p - fisher_exact(x2, n2, x1, n1)) <= 1e-9);
  RC_ASSERT(std::abs(p - fisher_exact(n1 - x1, n1, n2 - x2, n2)) <= 1e-9);
  RC_ASSERT(mcnemar_exact(x1, x2) == mcnemar_exact(x2, x1));
}

RC_GTEST_PROP(NullReference, HasAPThatAgreesWithItsDraws, ()) {
  const std::vector<Row> rows = rows_of_all_groups(1);
  const NullReference null = raw_null(cells_of(rows, 1), Arm::kBefore, gap, 99, 1, {});
  RC_ASSERT(null.p >= 1.0 / 100 && null.p <= 1);
  RC_ASSERT(null.draws.front() <= null.mean && null.mean <= null.draws.back());
  RC_ASSERT(null.upper <= null.draws.back());
}

}  // namespace
}  // namespace evenface::stats
