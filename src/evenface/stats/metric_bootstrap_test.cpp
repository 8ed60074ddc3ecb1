#include "evenface/stats/metric_bootstrap.h"

#include <array>
#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "evenface/core/error.h"
#include "evenface/core/random.h"

namespace evenface::stats {
namespace {

const Metric kAccuracy{};
const Metric kRecall{.measure = Measure::kRecall, .positive = 1};
const Metric kF1{.measure = Measure::kF1, .positive = 1};
Metric macro_recall(std::vector<int> classes) {
  return {.measure = Measure::kRecall, .average = Average::kMacro, .classes = std::move(classes)};
}

using Table = std::vector<std::vector<int>>;  // [truth][predicted]

void add(Cells& cells, std::int64_t group, const Table& table, double weight = 1) {
  for (std::size_t y = 0; y < table.size(); ++y)
    for (std::size_t h = 0; h < table[y].size(); ++h)
      for (int row = 0; row < table[y][h]; ++row)
        cells.add(group, static_cast<int>(y), std::array{static_cast<int>(h)}, weight);
}

Cells cells_of(const std::vector<Table>& groups) {
  Cells cells(std::ssize(groups), static_cast<int>(groups[0].size()), 1);
  for (std::size_t g = 0; g < groups.size(); ++g) add(cells, static_cast<std::int64_t>(g), groups[g]);
  return cells;
}

std::vector<BootstrappedMetric> bootstrap(const Cells& cells, const std::vector<Metric>& metrics,
                                          const MetricBootstrapSettings& settings = {}, int threads = 2) {
  std::vector<std::uint64_t> keys;
  for (std::int64_t g = 0; g < cells.groups(); ++g) keys.push_back(static_cast<std::uint64_t>(g));
  return metric_bootstrap(cells, 0, keys, metrics, settings, {.threads = threads});
}

// A quantile at .025 of B nearly normal replicates has a standard error of sqrt(.025 .975 / B) / phi(1.96) = 2.7 SD /
// sqrt(B); five of them, and as much again for the reference. Replicates step by about 1/n. BCa's accelerations differ
// by the jackknife's 1/n.
TEST(MetricBootstrap, MatchesScipy) {
  const auto reference = nlohmann::json::parse(std::ifstream(EVENFACE_SOURCE "/tests/reference/bootstrap.json"));
  for (const auto& c : reference["cases"]) {
    const Table table = c["table"];
    std::vector<int> classes;
    int n = 0;
    for (std::size_t y = 0; y < table.size(); ++y)
      for (classes.push_back(static_cast<int>(y)); const int rows : table[y]) n += rows;
    const Metric metric = c["metric"] == "f1" ? kF1 : macro_recall(classes);
    for (const auto& [kind, name] :
         {std::pair(BootstrapInterval::kPercentile, "percentile"), std::pair(BootstrapInterval::kBca, "BCa")}) {
      constexpr std::int64_t b = 80'000;
      const auto r = bootstrap(cells_of({table}), {metric}, {.replicates = b, .interval = kind, .min_group = 1});
      const Resampled& group = r[0].groups[0];
      const std::string where = std::string(c["name"]) + " " + std::string(c["metric"]) + " " + name;
      ASSERT_TRUE(group.estimate.interval) << where << group.estimate.reason;
      const double sd = c["sd"], tolerance = 5 * 2.7 * sd * (1 / std::sqrt(b) + 1 / std::sqrt(4e5)) + 0.5 / n;
      EXPECT_NEAR(*group.estimate.value, double(c["value"]), 1e-12) << where;
      EXPECT_NEAR(group.sd / sd, 1, 5 / std::sqrt(2.0 * b) + 5 / std::sqrt(8e5)) << where;
      EXPECT_NEAR(group.estimate.interval->low, double(c[name][0]), tolerance) << where;
      EXPECT_NEAR(group.estimate.interval->high, double(c[name][1]), tolerance) << where;
      EXPECT_EQ(r[0].pooled.estimate.interval->low, group.estimate.interval->low) << where;  // the only group is all
    }
  }
}

const std::vector<Table> kThree{{{80, 10}, {15, 45}}, {{120, 40}, {9, 31}}, {{60, 5}, {12, 60}}};

double variance(double p, double n) { return p * (1 - p) / n; }

// Means and standard deviations of shares whose denominators are fixed are known; 5 standard errors.
TEST(MetricBootstrap, HasTheExactMomentsOfAccuracy) {
  const auto r = bootstrap(cells_of(kThree), {kAccuracy});
  const std::array right{125.0, 151.0, 120.0}, rows{150.0, 200.0, 137.0};
  constexpr double b = 10'000, all = 487, all_right = 396;
  double pooled = 0;
  for (std::size_t g = 0; g < 3; ++g) {
    const double p = right[g] / rows[g], sd = std::sqrt(variance(p, rows[g]));
    EXPECT_NEAR(r[0].groups[g].mean, p, 5 * sd / std::sqrt(b));
    EXPECT_NEAR(r[0].groups[g].sd / sd, 1, 5 / std::sqrt(2 * b));
    pooled += variance(p, rows[g]) * std::pow(rows[g] / all, 2);
  }
  EXPECT_NEAR(r[0].pooled.sd / std::sqrt(pooled), 1, 5 / std::sqrt(2 * b));
  for (std::size_t g = 0; g < 3; ++g) {
    const double own = variance(right[g] / rows[g], rows[g]), share = rows[g] / all;
    const double rest = (pooled - own * share * share) / std::pow(1 - share, 2);
    const Resampled& d = r[0].against_rest[g];
    EXPECT_NEAR(*d.estimate.value, right[g] / rows[g] - (all_right - right[g]) / (all - rows[g]), 1e-12);
    EXPECT_NEAR(d.sd / std::sqrt(own + rest), 1, 5 / std::sqrt(2 * b));
    EXPECT_LT(d.estimate.interval->low, *d.estimate.value);
    EXPECT_GT(d.estimate.interval->high, *d.estimate.value);
  }
}

TEST(MetricBootstrap, DependsOnNothingButTheGroup) {
  const Cells cells = cells_of(kThree);
  const auto one = bootstrap(cells, {kF1, kRecall}, {.replicates = 500}, 1);
  const auto four = bootstrap(cells, {kF1, kRecall}, {.replicates = 500}, 4);
  const std::array<std::uint64_t, 2> keys{2, 1};
  const auto some = metric_bootstrap(cells.only(std::array<std::int64_t, 2>{2, 1}), 0, keys, std::array{kF1},
                                     {.replicates = 500}, {});
  for (std::size_t g = 0; g < 3; ++g) {
    EXPECT_EQ(one[0].groups[g].mean, four[0].groups[g].mean);
    EXPECT_EQ(one[1].against_rest[g].estimate.interval->low, four[1].against_rest[g].estimate.interval->low);
  }
  EXPECT_EQ(one[0].pooled.sd, four[0].pooled.sd);
  EXPECT_EQ(some[0].groups[0].mean, one[0].groups[2].mean);
  EXPECT_EQ(some[0].groups[1].estimate.interval->high, one[0].groups[1].estimate.interval->high);
}

// Weights that are all alike change nothing; of a group whose weights differ as many rows are drawn as are effective.
TEST(MetricBootstrap, DrawsWeightedRowsByTheirMass) {
  Cells plain = cells_of(kThree), doubled(3, 2, 1), mixed(1, 2, 1);
  for (std::size_t g = 0; g < 3; ++g) add(doubled, static_cast<std::int64_t>(g), kThree[g], 2);
  const auto a = bootstrap(plain, {kF1}), b = bootstrap(doubled, {kF1});
  for (std::size_t g = 0; g < 3; ++g) {
    EXPECT_EQ(a[0].groups[g].sd, b[0].groups[g].sd);
    EXPECT_EQ(a[0].groups[g].estimate.n, b[0].groups[g].estimate.n);
  }
  EXPECT_DOUBLE_EQ(a[0].pooled.sd, b[0].pooled.sd);

  add(mixed, 0, {{300, 0}, {0, 0}}, 0.5), add(mixed, 0, {{0, 50}, {0, 0}}, 2);
  const double mass = 250, effective = mass * mass / (300 * 0.25 + 50 * 4), p = 0.6;
  const auto r = bootstrap(mixed, {kAccuracy});
  EXPECT_NEAR(r[0].groups[0].sd / std::sqrt(variance(p, std::round(effective))), 1, 5 / std::sqrt(20'000.0));
  EXPECT_EQ(r[0].groups[0].estimate.n, std::llround(effective));
}

TEST(MetricBootstrap, ShowsAWidthWhereEveryReplicateIsAlike) {
  const auto r = bootstrap(cells_of({{{50, 0}, {0, 40}}, {{40, 12}, {9, 50}}, {{60, 0}, {40, 0}}}),
                           {macro_recall({0, 1}), kF1, kAccuracy});
  const Estimate& perfect = r[0].groups[0].estimate;
  EXPECT_EQ(perfect.interval->high, 1);
  EXPECT_NEAR(perfect.interval->low, wilson_interval(4 / (1 / 50.0 + 1 / 40.0), 4 / (1 / 50.0 + 1 / 40.0)).low, 1e-12);
  EXPECT_THAT(perfect.method, testing::HasSubstr("alike"));
  const Interval never = *r[1].groups[2].estimate.interval, j = wilson_interval(0, 40);
  EXPECT_EQ(never.low, 0);
  EXPECT_NEAR(never.high, 2 * j.high / (1 + j.high), 1e-12);
  EXPECT_GT(r[0].gap.interval->high, *r[0].gap.value);
  EXPECT_LT(r[0].gap.interval->low, *r[0].gap.value);
}

TEST(MetricBootstrap, SaysWhatCannotBeEstimated) {
  const auto r =
      bootstrap(cells_of({{{80, 10}, {2, 3}}, {{50, 6}, {60, 0}}, {{0, 0}, {0, 0}}}),
                {kRecall, macro_recall({0, 1}), {.measure = Measure::kPrecision, .positive = 1}}, {.min_group = 4});
  EXPECT_TRUE(r[0].groups[0].estimate.estimable());  // none of its 5 rows is drawn in (90/95)^95 = .6 %
  EXPECT_TRUE(r[0].groups[1].estimate.estimable());
  EXPECT_THAT(r[0].groups[2].estimate.reason, testing::HasSubstr("0 rows, fewer than 4"));
  EXPECT_EQ(r[0].gap.n, 65);
  const auto few =
      bootstrap(cells_of({{{80, 10}, {2, 1}}, {{50, 6}, {60, 0}}}), {kRecall, macro_recall({0, 1})}, {.min_group = 1});
  EXPECT_THAT(few[0].groups[0].estimate.reason, testing::HasSubstr("of the bootstrap replicates have no value"));
  EXPECT_THAT(few[1].gap.reason, testing::HasSubstr("1 groups are estimable, fewer than 2"));
  EXPECT_THAT(bootstrap(cells_of({{{80, 10}, {2, 1}}}), {macro_recall({0, 1})})[0].groups[0].estimate.reason,
              testing::HasSubstr("a class has 3 rows, fewer than 30"));
  EXPECT_THAT(bootstrap(cells_of({kThree[0]}), {kF1})[0].against_rest[0].estimate.reason,
              testing::HasSubstr("too few rows outside the group"));
  EXPECT_THROW(bootstrap(cells_of(kThree), {kF1}, {.replicates = 99}), InputError);
}

// Simultaneous intervals are wider, so the gap's interval holds the difference of any two groups' intervals.
TEST(MetricBootstrap, GivesTheGapAConservativeInterval) {
  const auto r = bootstrap(cells_of(kThree), {kF1});
  double low = 0, max_high = 0, min_low = 1;
  for (const Resampled& a : r[0].groups) {
    max_high = std::max(max_high, a.estimate.interval->high), min_low = std::min(min_low, a.estimate.interval->low);
    for (const Resampled& b : r[0].groups) low = std::max(low, a.estimate.interval->low - b.estimate.interval->high);
  }
  EXPECT_LT(r[0].gap.interval->low, low);
  EXPECT_GT(r[0].gap.interval->high, max_high - min_low);
}

// Percentile intervals err in coverage by the order of 1/n (Davison & Hinkley 1997, 5.4), a point at n = 200 with
// skewness to spare, and cover .005 less for being cut from 400 replicates; four standard errors of 800 tables.
TEST(MetricBootstrap, CoversAtTheNominalRate) {
  constexpr int tables = 800, n = 200;
  const std::array p{0.5, 0.1, 0.1, 0.3};  // true negative, false positive, false negative, true positive
  const double f1 = 0.6 / 0.8, macro = (0.5 / 0.6 + 0.3 / 0.4) / 2;
  for (const BootstrapInterval kind : {BootstrapInterval::kPercentile, BootstrapInterval::kBca}) {
    Stream s(9, "coverage");
    std::array<int, 2> covered{};
    for (int t = 0; t < tables; ++t) {
      Cells cells(1, 2, 1);
      for (int row = 0; row < n; ++row) {
        const double u = s.uniform();
        const int cell = u < p[0] ? 0 : u < p[0] + p[1] ? 1 : u < p[0] + p[1] + p[2] ? 2 : 3;
        cells.add(0, cell / 2, std::array{cell % 2});
      }
      const auto r = bootstrap(cells, {kF1, macro_recall({0, 1})},
                               {.replicates = 400, .interval = kind, .seed = static_cast<std::uint64_t>(t)}, 1);
      for (std::size_t m = 0; m < 2; ++m) {
        const Interval i = *r[m].groups[0].estimate.interval;
        covered[m] += i.low <= (m ? macro : f1) && (m ? macro : f1) <= i.high;
      }
    }
    const double se = std::sqrt(0.95 * 0.05 / tables);
    for (const int c : covered) {
      EXPECT_GE(c / double(tables), 0.95 - 0.015 - 4 * se);
      EXPECT_LE(c / double(tables), 0.95 + 0.015 + 4 * se);
    }
  }
}

}  // namespace
}  // namespace evenface::stats
