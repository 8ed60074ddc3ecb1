// Bootstrap of all group metrics of a binary label, and the null reference of a gap: first held against formulas and
// against Fairlearn's bootstrap of the same rows, then timed.
//   resampling_bench rows <csv>                 writes the rows
//   resampling_bench measure <Fairlearn's answer>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <string>

#include <fmt/format.h>

#include "evenface/core/parallel.h"
#include "evenface/core/random.h"
#include "evenface/stats/chance.h"
#include "evenface/stats/metric_bootstrap.h"

namespace {

using namespace evenface;
using namespace evenface::stats;

constexpr std::int64_t kRows = 100'000, kGroups = 14, kReplicates = 10'000;
const Context kTwoCores{.threads = 2};

struct Row {
  std::int64_t group;
  int truth, predicted;
};

Row row(std::int64_t i, std::int64_t groups) {
  Stream s(1, "bench rows", {static_cast<std::uint64_t>(i)});
  const auto group = static_cast<std::int64_t>(s.below(static_cast<std::uint64_t>(groups)));
  const int truth = s.uniform() < 0.3 + 0.02 * static_cast<double>(group % 14);
  return {group, truth, s.uniform() < 0.8 ? truth : 1 - truth};
}

Cells cells_of_rows(std::int64_t groups) {
  Cells cells(groups, 2, 1);
  for (std::int64_t i = 0; i < kRows; ++i) {
    const Row r = row(i, groups);
    cells.add(r.group, r.truth, std::array{r.predicted});
  }
  return cells;
}

struct Named {
  const char* name;
  Metric metric;
};
const std::array<Named, 7> kMetrics{{{"accuracy", {}},
                                     {"recall", {.measure = Measure::kRecall, .positive = 1}},
                                     {"precision", {.measure = Measure::kPrecision, .positive = 1}},
                                     {"F1", {.measure = Measure::kF1, .positive = 1}},
                                     {"FPR", {.measure = Measure::kFalsePositiveRate, .positive = 1}},
                                     {"FNR", {.measure = Measure::kFalseNegativeRate, .positive = 1}},
                                     {"selection_rate", {.measure = Measure::kSelectionRate, .positive = 1}}}};

void check(bool holds, const std::string& what) {
  if (holds) return;
  fmt::print(stderr, "wrong answer: {}\n", what);
  std::exit(1);
}

struct Time {
  double wall_s, cpu_s;  ///< all threads together, which other programs on the machine disturb less
};

/// The best of five.
Time best_time(const std::function<void()>& work) {
  Time best{1e9, 1e9};
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t cpu = std::clock();
    work();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    best.wall_s = std::min(best.wall_s, wall.count());
    best.cpu_s = std::min(best.cpu_s, static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC);
  }
  return best;
}

std::vector<BootstrappedMetric> bootstrap(const Cells& cells) {
  std::vector<std::uint64_t> keys;
  std::vector<Metric> metrics;
  for (std::int64_t g = 0; g < cells.groups(); ++g) keys.push_back(static_cast<std::uint64_t>(g));
  for (const Named& m : kMetrics) metrics.push_back(m.metric);
  return metric_bootstrap(cells, 0, keys, metrics, {.replicates = kReplicates}, kTwoCores);
}

/// Its standard deviation by the delta method. F1 = 2 J / (1 + J), J a share of the rows of the class or taken for it.
double exact_sd(const Metric& metric, const Confusion& table) {
  if (metric.measure != Measure::kF1) {
    const GroupCount c = share_of(metric, table).count();
    return std::sqrt(c.rate() * (1 - c.rate()) / c.n);
  }
  const double hit = table.at(1, 1).mass, n = hit + table.at(0, 1).mass + table.at(1, 0).mass, j = hit / n;
  return 2 / std::pow(1 + j, 2) * std::sqrt(j * (1 - j) / n);
}

/// Five standard errors of the mean and SD of the replicates, and 1/n, by which the delta method errs.
void check_against_formulas(const Cells& cells, const std::vector<BootstrappedMetric>& result) {
  const double b = kReplicates;
  for (std::size_t m = 0; m < kMetrics.size(); ++m)
    for (std::int64_t g = 0; g < cells.groups(); ++g) {
      const Confusion table = cells.confusion(g, 0);
      const Resampled& r = result[m].groups[static_cast<std::size_t>(g)];
      const double sd = exact_sd(kMetrics[m].metric, table), one = 1.0 / static_cast<double>(r.estimate.n);
      check(std::abs(r.mean - *value_of(kMetrics[m].metric, table)) < 5 * sd / std::sqrt(b) + one,
            fmt::format("mean of {}, group {}", kMetrics[m].name, g));
      check(std::abs(r.sd / sd - 1) < 5 / std::sqrt(2 * b) + one,
            fmt::format("SD of {}, group {}", kMetrics[m].name, g));
    }
}

/// Fairlearn's medians and half distances of its 15.87 % and 84.13 % points lie, averaged over the groups and in units
/// of our SD, within five standard errors of our means and of 1. Returns its CPU seconds a replicate.
double check_against_fairlearn(const char* path, const std::vector<BootstrappedMetric>& result) {
  std::ifstream file(path);
  double replicates = 0, cost = 0;
  file >> replicates >> cost;
  for (std::size_t m = 0; m < kMetrics.size(); ++m) {
    double shift = 0, spread = 0;
    for (const Resampled& r : result[m].groups) {
      std::string name;
      double group = 0, median = 0, half = 0;
      check(static_cast<bool>(file >> name >> group >> median >> half) && name == kMetrics[m].name, "Fairlearn's file");
      shift += (median - r.mean) / r.sd / kGroups, spread += half / r.sd / kGroups;
    }
    // Of a normal sample: the median has SD 1.25, the half distance .96, each over the root of the replicates; its
    // quantiles are interpolated, which takes up to 1/replicates off.
    const double root = std::sqrt(replicates * kGroups);
    check(std::abs(shift) < 5 * 1.25 / root, fmt::format("Fairlearn's median of {}: {}", kMetrics[m].name, shift));
    check(std::abs(spread - 1) < 5 * 0.96 / root + 1 / replicates,
          fmt::format("Fairlearn's spread of {}: {}", kMetrics[m].name, spread));
  }
  return cost;
}

NullReference null(const Cells& cells, const Metric& metric, NullKind kind, const Figure& figure) {
  return metric_null(cells, std::array{0}, metric, kind, figure, kReplicates, 1, kTwoCores);
}

/// One group's rate under permutation is hypergeometric: its mean within five standard errors, and its 95 % point,
/// which lies 1.645 SD above and has a standard error of 2.1 SD over the root of the draws.
void check_null(const Cells& cells) {
  const Figure first = [](std::span<const GroupCount> groups) { return groups[0].rate(); };
  const NullReference r = null(cells, {}, NullKind::kRaw, first);
  const GroupCount all = share_of({}, cells.pooled(0)).count();
  const double n = static_cast<double>(cells.total(0).rows);
  const double sd = std::sqrt(all.rate() * (1 - all.rate()) / n * (all.n - n) / (all.n - 1));
  check(std::abs(r.mean - all.rate()) < 5 * sd / std::sqrt(kReplicates), "mean of the null reference");
  check(std::abs(r.upper - all.rate() - 1.645 * sd) < 5 * 2.1 * sd / std::sqrt(kReplicates) + 1 / n,
        "95 % point of the null reference");
}

void measure(const char* fairlearn) {
  const Cells cells = cells_of_rows(kGroups), many = cells_of_rows(60);
  const auto result = bootstrap(cells);
  check_against_formulas(cells, result);
  const double theirs = check_against_fairlearn(fairlearn, result);
  check_null(many);
  fmt::print("answers agree with the formulas and with Fairlearn's bootstrap\n");

  const Time ours = best_time([&] { bootstrap(cells); });
  fmt::print("bootstrap, 7 metrics, {} groups, {} rows, {} replicates: {:.3f} s on 2 threads, {:.3f} s CPU\n", kGroups,
             kRows, kReplicates, ours.wall_s, ours.cpu_s);
  fmt::print("CPU a replicate: {:.1f} us, Fairlearn's MetricFrame {:.0f} ms; ratio {:.0f}\n",
             1e6 * ours.cpu_s / kReplicates, 1e3 * theirs, theirs * kReplicates / ours.cpu_s);
  for (const auto& [name, kind] : {std::pair("raw", NullKind::kRaw), {"within class", NullKind::kWithinClass}})
    for (const Named& m : {kMetrics[0], kMetrics[3]}) {
      const Time t = best_time([&] { null(many, m.metric, kind, gap); });
      fmt::print("null reference, {}, gap of {}, 60 groups, {} permutations: {:.3f} s on 2 threads, {:.3f} s CPU\n",
                 name, m.name, kReplicates, t.wall_s, t.cpu_s);
    }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string step = argc == 3 ? argv[1] : "";
  if (step == "measure") {
    measure(argv[2]);
    return 0;
  }
  check(step == "rows", "resampling_bench rows|measure <file>");
  std::ofstream file(argv[2]);
  file << "group,truth,predicted\n";
  for (std::int64_t i = 0; i < kRows; ++i) {
    const Row r = row(i, kGroups);
    file << r.group << ',' << r.truth << ',' << r.predicted << '\n';
  }
}
