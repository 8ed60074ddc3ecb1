#include <gtest/gtest.h>

#include "evenface/core/random.h"
#include "evenface/study/outcomes.h"

namespace evenface::study {
namespace {

/// Random outcomes of two runs and two tasks.
Outcomes random_outcomes(std::int64_t n, bool weighted) {
  Stream draw(1, "outcomes");
  Outcomes o{.tasks = {"a", "b"}};
  o.runs_before = 1, o.runs_after = 1;
  const auto factor = [&](std::vector<std::string> levels, int missing) {
    table::Factor f{"f", std::move(levels), {}};
    for (std::int64_t i = 0; i < n; ++i)
      f.codes.push_back(static_cast<std::int32_t>(draw.below(f.levels.size() + static_cast<std::size_t>(missing))) -
                        missing);
    return f;
  };
  for (std::int64_t i = 0; i < n; ++i) o.keys.push_back(draw.bits64());
  std::ranges::sort(o.keys);
  o.truth = {factor({"x", "y", "z"}, 0), factor({"u", "v"}, 0)};
  o.predicted = {{factor({"x", "y", "z"}, 1), factor({"u", "v"}, 0)},
                 {factor({"x", "y", "z"}, 0), factor({"u", "v"}, 1)}};
  o.crossings = {{{"g"}, {0}, factor({"1", "2", "3", "4", "5"}, 0)}};
  for (std::int64_t i = 0; weighted && i < n; ++i) o.weights.push_back(2 * draw.uniform());
  return o;
}

void expect_same(const stats::Cells& a, const stats::Cells& b) {
  ASSERT_EQ(a.groups(), b.groups());
  for (std::int64_t g = 0; g < a.groups(); ++g) {
    const auto x = a.of(g), y = b.of(g);
    ASSERT_EQ(x.size(), y.size());
    for (std::size_t c = 0; c < x.size(); ++c) {
      EXPECT_EQ(x[c].truth, y[c].truth);
      EXPECT_EQ(x[c].predicted, y[c].predicted);
      EXPECT_EQ(x[c].count.rows, y[c].count.rows);
      EXPECT_EQ(x[c].count.mass, y[c].count.mass);
      EXPECT_EQ(x[c].count.squares, y[c].count.squares);
    }
  }
}

TEST(CellsOf, CountEveryRowOnce) {
  for (const bool weighted : {false, true}) {
    const Outcomes o = random_outcomes(5000, weighted);
    for (const auto task :
         {std::optional<std::size_t>(0), std::optional<std::size_t>(1), std::optional<std::size_t>()}) {
      const auto code = [&](const std::vector<table::Factor>& tasks, std::size_t i, int none) {
        if (task) return tasks[*task].codes[i] < 0 ? none : tasks[*task].codes[i];
        return tasks[0].codes[i] < 0 || tasks[1].codes[i] < 0 ? none : tasks[0].codes[i] * 2 + tasks[1].codes[i];
      };
      const int classes = task ? o.truth[*task].level_count() : 6;
      stats::Cells expected(5, classes, 2), half(5, classes, 2);
      for (std::size_t i = 0; i < 5000; ++i) {
        const std::vector<int> predicted{code(o.predicted[0], i, classes), code(o.predicted[1], i, classes)};
        const double weight = weighted ? o.weights[i] : 1;
        expected.add(o.group().codes[i], code(o.truth, i, classes), predicted, weight);
        if (o.keys[i] & 1) half.add(o.group().codes[i], code(o.truth, i, classes), predicted, weight);
      }
      expect_same(cells_of(o, 0, task), expected);
      expect_same(cells_of(o, 0, task, 1), half);
      expect_same(cells_of(o, 0, task, -1, {.threads = 3}), expected);
    }
  }
}

TEST(CellsOf, AreTheSameInOneShardAsInSixtyFour) {
  const Outcomes o = random_outcomes(5000, true);
  for (const std::int64_t groups : {5, 100000}) {  // dense, and too many for that
    std::vector<stats::Cells> shards(64, stats::Cells(groups, 3, 2));
    stats::Cells whole(groups, 3, 2);
    const auto spread = [&](std::size_t i) { return o.group().codes[i] * (groups / 5); };
    for (std::size_t i = 0; i < 5000; ++i)
      for (stats::Cells* cells : {&shards[i % 64], &whole}) {
        const auto code = [&](int run) {
          const std::int32_t c = o.predicted[static_cast<std::size_t>(run)][0].codes[i];
          return c < 0 ? 3 : c;
        };
        cells->add(spread(i), o.truth[0].codes[i], std::vector{code(0), code(1)}, o.weights[i]);
      }
    stats::Cells merged(groups, 3, 2);
    for (std::size_t s = 64; s-- > 0;) merged += shards[s];
    std::vector<std::int64_t> used;
    for (std::int64_t g = 0; g < 5; ++g) used.push_back(g * (groups / 5));
    expect_same(merged.only(used), whole.only(used));
    expect_same(whole.only(used), cells_of(o, 0, 0));
  }
}

TEST(CellsOf, CountRightAndWrongOfEachHalf) {
  const Outcomes o = random_outcomes(600000, false);  // several chunks
  stats::PairedCells expected(5, 1, 1);
  for (std::int64_t i = 0; i < o.rows(); ++i) expected.add(o.group().codes[static_cast<std::size_t>(i)], o.pattern(i));
  stats::PairedCells sum = cells_of(o, 0, {.threads = 3});
  sum += cells_of(o, 1);
  for (std::int64_t g = 0; g < 5; ++g) {
    EXPECT_EQ(cells_of(o, -1, {.threads = 2}).of(g), expected.of(g));
    EXPECT_EQ(sum.of(g), expected.of(g));
  }
  std::int64_t right = 0, counted = 0;
  for (std::size_t i = 0; i < o.keys.size(); ++i) right += o.truth[0].codes[i] == o.predicted[0][0].codes[i];
  const auto confusion = confusion_of(o, 0, 0, 1, {.threads = 2});
  for (std::size_t y = 0; y < 3; ++y) counted += confusion[y][y];
  EXPECT_EQ(counted, right);
}

TEST(CellsOf, ByGroupAndClassAddUpToGroupsAndToClasses) {
  const Outcomes o = random_outcomes(5000, false);
  for (const stats::Metric& metric : {stats::Metric{}, stats::Metric{.measure = stats::Measure::kRecall, .positive = 1},
                                      stats::Metric{.measure = stats::Measure::kSpecificity, .positive = 1}}) {
    stats::PairedCells by_class(3, 1, 1);
    for (std::size_t i = 0; i < 5000; ++i) {
      const std::int32_t y = o.truth[0].codes[i];
      if (!is_trial(metric, y, y)) continue;
      stats::Pattern pattern = 0;
      for (std::size_t run : {0U, 1U})
        pattern |= stats::Pattern{is_success(metric, y, o.predicted[run][0].codes[i])} << run;
      by_class.add(y, pattern);
    }
    const stats::PairedCells both = paired_cells_by_class(o, 0, 0, metric, {.threads = 2});
    const stats::PairedCells groups = both.pooled(5, [](std::int64_t g) { return g / 3; });
    const stats::PairedCells classes = both.pooled(3, [](std::int64_t g) { return g % 3; });
    for (std::int64_t g = 0; g < 5; ++g) EXPECT_EQ(groups.of(g), paired_cells_of(o, 0, 0, metric).of(g));
    for (std::int64_t y = 0; y < 3; ++y) EXPECT_EQ(classes.of(y), by_class.of(y));
  }
}

TEST(OneArm, IsAnEvaluationsRowsAndThenAllAreBack) {
  Outcomes o = random_outcomes(100, false);
  const Outcomes whole = o;
  for (const stats::Arm arm : {stats::Arm::kBefore, stats::Arm::kAfter}) {
    const auto run = arm == stats::Arm::kBefore ? 0U : 1U;
    {
      const OneArm one(o, arm);
      ASSERT_EQ(o.predicted.size(), 1U);
      EXPECT_EQ(o.predicted[0][0].codes, whole.predicted[run][0].codes);
      EXPECT_EQ(o.runs(), 1);
      EXPECT_EQ(arm_of(whole, arm).predicted[0][0].codes, o.predicted[0][0].codes);
    }
    ASSERT_EQ(o.predicted.size(), 2U);
    for (std::size_t r : {0U, 1U}) EXPECT_EQ(o.predicted[r][0].codes, whole.predicted[r][0].codes);
    EXPECT_EQ(o.runs_before, 1);
    EXPECT_EQ(o.runs_after, 1);
  }
}

}  // namespace
}  // namespace evenface::study
