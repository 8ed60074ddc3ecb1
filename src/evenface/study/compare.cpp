#include "evenface/study/compare.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/stats/disparity.h"
#include "evenface/stats/planning.h"
#include "evenface/study/evaluate.h"

namespace evenface::study {
namespace {

constexpr double kLeastCommonShare = 0.9;

/// A short name of an arm: the last part of its path that says something.
std::string arm_name(const std::vector<std::string>& paths) {
  std::filesystem::path path = std::filesystem::path(paths.front()).lexically_normal();
  if (path.filename().empty()) path = path.parent_path();
  return paths.size() == 1 ? path.stem().string()
                           : fmt::format("{} and {} more", path.stem().string(), paths.size() - 1);
}

FullVerdict full_verdict(const Comparison& c) {
  FullVerdict v{.spread = c.result.verdict, .with_losers = c.result.with_losers};
  const Outcomes& o = c.outcomes;
  const std::int64_t all =
      o.rows() + o.rows_without_truth + o.rows_in_some + std::max(o.rows_only_before, o.rows_only_after);
  const auto common = static_cast<double>(o.rows() + o.rows_without_truth);
  if (common < kLeastCommonShare * static_cast<double>(all))
    v.reasons.push_back(fmt::format("only {:.0f} of 100 rows are in both", 100 * common / static_cast<double>(all)));
  for (const GroupCoverage& g : o.coverage)
    if (const double share = static_cast<double>(g.common) / static_cast<double>(g.all()); share < kLeastCommonShare)
      v.reasons.push_back(fmt::format("only {:.0f} of 100 rows of {} are in both", 100 * share, g.name));
  if (o.rows_seen_in_training > 0)
    v.reasons.push_back(fmt::format("{} of the judged rows were seen in training", o.rows_seen_in_training));
  v.comparable = v.reasons.empty();
  const bool gains =
      std::ranges::any_of(c.result.groups, [](const auto& g) { return g.outcome == stats::Outcome::kWon; });
  const bool error_rate = better(c.metric) == Better::kLower;
  const double worst_gains = (error_rate ? -1 : 1) * c.worst.change.value.value_or(0);
  v.by_levelling_down = v.spread == stats::Verdict::kFairer && !gains && worst_gains <= 0;
  return v;
}

/// A metric that two runs are compared by, as the share of rows that are judged rightly: an error rate by what
/// it is the error of, so that "won" is always for the better.
struct RowMetric {
  std::optional<std::size_t> task;
  stats::Metric metric;
  bool error_rate = false;
};

RowMetric row_metric(const MetricName& name, const Outcomes& o, const JudgeOptions& options) {
  const auto refuse = [&](const std::string& found) {
    throw InputError({.file = {},
                      .at = "--metric " + name.text(),
                      .found = found,
                      .expected = "accuracy, or recall, false_negative_rate, specificity, false_positive_rate or "
                                  "selection_rate of a class",
                      .remedy = "compare by one of these, and look at the others with evenface evaluate"});
  };
  if (family_of(name) != MetricFamily::kClasses)
    refuse("two runs are compared row by row, and this is no share of rows");
  RowMetric row{.task = task_of(name, o.tasks)};
  row.metric = resolve(name, class_levels(o, row.task),
                       options.positive.empty() ? std::nullopt : std::optional(options.positive));
  if (!is_paired(row.metric)) refuse("two runs are compared row by row, and which rows this is about depends on them");
  if (row.metric.measure == stats::Measure::kFalseNegativeRate)
    row.metric.measure = stats::Measure::kRecall, row.error_rate = true;
  if (row.metric.measure == stats::Measure::kFalsePositiveRate)
    row.metric.measure = stats::Measure::kSpecificity, row.error_rate = true;
  return row;
}

stats::Estimate complement(stats::Estimate e) {
  if (e.value) e.value = 1 - *e.value;
  if (e.interval) e.interval = stats::Interval{1 - e.interval->high, 1 - e.interval->low};
  return e;
}

stats::Estimate negated(stats::Estimate e) {
  if (e.value) e.value = -*e.value;
  if (e.interval) e.interval = stats::Interval{-e.interval->high, -e.interval->low};
  return e;
}

void complement(stats::Change& c) {
  c.before = complement(std::move(c.before)), c.after = complement(std::move(c.after)),
  c.change = negated(std::move(c.change));
}

/// Shares of rows judged rightly as shares judged wrongly; spread and gap are the same.
void complement(stats::BeforeAfter& r) {
  for (stats::GroupChange& g : r.groups) complement(g.accuracy);
  complement(r.over_faces), complement(r.over_groups);
}

stats::BeforeAfterSettings settings_of(const JudgeOptions& options) {
  return {options.level, options.min_group, options.margin, options.bootstrap,
          static_cast<std::uint64_t>(options.seed)};
}

/// Every metric and crossing but the primary ones, where two groups can be judged.
std::vector<MetricChange> explore(const Comparison& c, const std::vector<MetricName>& metrics, const Context& context) {
  std::vector<MetricChange> changes;
  for (std::size_t crossing = 0; crossing < c.outcomes.crossings.size(); ++crossing)
    for (std::size_t m = crossing == 0 ? 1 : 0; m < metrics.size(); ++m) {
      const RowMetric row = row_metric(metrics[m], c.outcomes, c.options);
      const auto cells = paired_cells_of(c.outcomes, crossing, row.task, row.metric, -1, context);
      std::int64_t large = 0;
      for (std::int64_t g = 0; g < cells.groups(); ++g) large += cells.rows(g) >= c.options.min_group;
      if (large < 2) continue;
      MetricChange change{metrics[m], crossing, compare_before_after(cells, settings_of(c.options), context)};
      if (row.error_rate) complement(change.result);
      changes.push_back(std::move(change));
    }
  return changes;
}

}  // namespace

double median_rows(const stats::PairedCells& cells) {
  std::vector<std::int64_t> n;
  for (std::int64_t g = 0; g < cells.groups(); ++g) n.push_back(cells.rows(g));
  std::ranges::nth_element(n, n.begin() + static_cast<std::ptrdiff_t>(n.size() / 2));
  return static_cast<double>(n[n.size() / 2]);
}

Comparison compare(const CompareOptions& options, const Context& context) {
  require(!options.before.empty() && !options.after.empty(), "a comparison needs predictions before and after");
  Comparison c{.names = {arm_name(options.before), arm_name(options.after)},
               .before = runs_at(options.before, options.split),
               .after = runs_at(options.after, options.split),
               .options = options};
  c.outcomes = load_outcomes(c.before, c.after, options.columns(), context);
  const std::vector<MetricName> metrics = metrics_of(options, c.outcomes);
  c.metric = metrics.front();
  const RowMetric primary = row_metric(c.metric, c.outcomes, options);
  const auto cells_of_half = [&](int half) {
    return paired_cells_of(c.outcomes, 0, primary.task, primary.metric, half, context);
  };
  c.task = primary.task, c.error_rate = primary.error_rate;
  const stats::PairedCells all = cells_of_half(-1);
  c.result = stats::compare_before_after(all, settings_of(options), context);

  const auto judged = stats::estimable_groups(all, options.min_group);
  const stats::PairedCells cells = all.only(judged);
  const auto halves = std::pair(cells_of_half(0).only(judged), cells_of_half(1).only(judged));
  const auto worst = [&](stats::Arm arm) {
    stats::WorstGroup w = stats::cross_fitted_worst(halves.first, halves.second, arm, options.level);
    w.chosen = {judged[static_cast<std::size_t>(w.chosen.first)], judged[static_cast<std::size_t>(w.chosen.second)]};
    return w;
  };
  c.worst_before = worst(stats::Arm::kBefore), c.worst_after = worst(stats::Arm::kAfter);
  c.worst = stats::change_of_worst(c.worst_before, c.worst_after);

  const auto null = [&](stats::Arm arm, const stats::Figure& figure) {
    return stats::raw_null(cells, arm, figure, options.permutations, static_cast<std::uint64_t>(options.seed), context);
  };
  const stats::Figure gap = [](std::span<const stats::GroupCount> groups) { return stats::gap(groups); };
  const stats::Figure spread = [](std::span<const stats::GroupCount> groups) { return stats::population_sd(groups); };
  c.gap_before = null(stats::Arm::kBefore, gap), c.gap_after = null(stats::Arm::kAfter, gap);
  c.spread_before = null(stats::Arm::kBefore, spread), c.spread_after = null(stats::Arm::kAfter, spread);
  c.median_group_rows = median_rows(cells);
  c.detectable_gap = stats::detectable_gap(*c.result.over_groups.after.value, c.median_group_rows,
                                           (1 - options.level) / static_cast<double>(judged.size()));
  if (primary.error_rate) {
    complement(c.result), complement(c.worst);
    for (stats::WorstGroup* w : {&c.worst_before, &c.worst_after}) w->rate = complement(std::move(w->rate));
  }
  c.class_cells = paired_cells_by_group_and_class(c.outcomes, 0, primary.task, primary.metric, context);
  c.classes = stats::group_changes(paired_cells_by_class(c.outcomes, primary.task, primary.metric, context),
                                   settings_of(options));
  if (primary.error_rate)
    for (stats::GroupChange& g : c.classes) complement(g.accuracy);
  c.cells = all;
  c.exploratory = explore(c, metrics, context);
  c.verdict = full_verdict(c);
  return c;
}

}  // namespace evenface::study
