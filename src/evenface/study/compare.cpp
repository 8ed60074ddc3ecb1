#include "evenface/study/compare.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/stats/disparity.h"
#include "evenface/stats/planning.h"
#include "evenface/stats/quantile.h"
#include "evenface/stats/unit_changes.h"
#include "evenface/study/evaluate.h"
#include "evenface/study/judge_share.h"
#include "evenface/study/question.h"

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
  const bool by_scores = needs_scores(c.metric) && o.rows_without_scores > 0;
  const auto unless_common = [&](std::int64_t common, std::int64_t without_scores, std::int64_t of,
                                 const std::string& of_group) {
    const double share = static_cast<double>(common - (by_scores ? without_scores : 0)) / static_cast<double>(of);
    if (share < kLeastCommonShare)
      v.reasons.push_back(fmt::format("only {:.1f} % of the rows{} {}", 100 * share, of_group,
                                      by_scores ? "have scores in both" : "are in both"));
  };
  unless_common(o.rows() + o.rows_without_truth, o.rows_without_scores, all, "");
  for (const GroupCoverage& g : o.coverage) unless_common(g.common, g.without_scores, g.all(), " of " + g.name);
  if (o.rows_seen_in_training > 0)
    v.reasons.push_back(fmt::format("{} of the judged rows were seen in training", o.rows_seen_in_training));
  v.comparable = v.reasons.empty();
  const bool gains =
      std::ranges::any_of(c.result.groups, [](const auto& g) { return g.outcome == stats::Outcome::kWon; });
  const bool error_rate = better(c.metric) == Better::kLower;
  const stats::Estimate& worst = c.worst.change;
  // Not by the figure alone: a single row would raise it.
  const bool worst_gains = worst.interval && (error_rate ? worst.interval->high < 0 : worst.interval->low > 0);
  v.by_levelling_down = v.spread == stats::Verdict::kFairer && !gains && !worst_gains;
  return v;
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
  return {.level = options.level,
          .min_group = options.min_group,
          .margin = options.margin,
          .bootstrap = options.bootstrap,
          .seed = static_cast<std::uint64_t>(options.seed),
          .rates = options.rate_interval(),
          .false_discoveries = options.family != "holm"};
}

/// A comparison by exact tests of rows.
class ByRows {
 public:
  ByRows(const Outcomes& o, const Question& q, const JudgeOptions& options, const Context& context)
      : o_(o), q_(q), options_(options), context_(context), all_(cells(-1)) {}

  /// A share of rows is no mean over classes.
  static std::string averaged() { return ""; }

  bool judgeable() const {
    std::int64_t large = 0;
    for (std::int64_t g = 0; g < all_.groups(); ++g) large += all_.rows(g) >= options_.min_group;
    return large >= 2;
  }

  stats::BeforeAfter result() const {
    stats::BeforeAfter r = stats::compare_before_after(all_, settings_of(options_), context_);
    if (q_.error_rate) complement(r);
    return r;
  }

  ArmDisparity disparity(stats::Arm arm) const {
    const stats::PairedCells judged = all_.only(stats::estimable_groups(all_, options_.min_group));
    std::vector<stats::GroupCount> counts = mean_counts(judged, arm);
    if (q_.error_rate)
      for (stats::GroupCount& g : counts) g.right = g.n - g.right;
    const auto null = [&](const stats::Figure& figure) {
      return raw_null(judged, arm, figure, options_.permutations, static_cast<std::uint64_t>(options_.seed), context_);
    };
    return {stats::gap(counts), stats::min_max_ratio(counts), stats::population_sd(counts),
            null([](std::span<const stats::GroupCount> groups) { return stats::gap(groups); }),
            null([](std::span<const stats::GroupCount> groups) { return stats::population_sd(groups); })};
  }

  /// Before and after.
  std::array<stats::WorstGroup, 2> worst(const std::vector<std::int64_t>& judged) const {
    const stats::PairedCells first = cells(0).only(judged), second = cells(1).only(judged);
    const auto of = [&](stats::Arm arm) {
      stats::WorstGroup w = stats::cross_fitted_worst(first, second, arm, options_.level);
      if (q_.error_rate) w.rate = complement(std::move(w.rate));
      return w;
    };
    return {of(stats::Arm::kBefore), of(stats::Arm::kAfter)};
  }

  /// From the rows judged rightly by true class.
  std::vector<stats::GroupChange> classes(const stats::PairedCells& rows) const {
    auto changes = stats::group_changes(rows, settings_of(options_));
    if (q_.error_rate)
      for (stats::GroupChange& g : changes) complement(g.accuracy);
    return changes;
  }

  /// Rows that each judged group's figure rests on.
  std::vector<double> sizes(const stats::BeforeAfter& r) const {
    std::vector<double> n;
    for (const stats::GroupChange& g : r.groups)
      if (g.accuracy.change.estimable()) n.push_back(static_cast<double>(g.n));
    return n;
  }

 private:
  stats::PairedCells cells(int half) const {
    return paired_cells_of(o_, q_.crossing, q_.task, right_rows(q_), half, context_);
  }

  const Outcomes& o_;
  const Question& q_;
  const JudgeOptions& options_;
  const Context& context_;
  stats::PairedCells all_;
};

/// A comparison by what each unit moves; each arm alone is judged as an evaluation judges it.
class ByUnits {
 public:
  ByUnits(const Outcomes& o, const Question& q, const JudgeOptions& options, const Context& context,
          const std::vector<Evaluation>& judged_arms = {})
      : o_(o), q_(q), options_(options), context_(context), metric_(q.metric) {
    if (metric_.average == stats::Average::kMacro)
      metric_ = with_comparable_classes(metric_, cells_of(o, q.crossing, q.task, -1, context), options.min_group);
    if (judged_arms.empty()) {
      before_ = judge(arm_of(o, stats::Arm::kBefore), q.crossing, q.name, options, context);
      after_ = judge(arm_of(o, stats::Arm::kAfter), q.crossing, q.name, options, context);
    } else {
      before_ = judged_arms[0].primary(), after_ = judged_arms[1].primary();
    }
    arms_ = {figures(before_), figures(after_), !q.error_rate};
  }

  const std::string& averaged() const { return before_.averaged; }

  bool judgeable() const { return before_.estimable_groups >= 2 && after_.estimable_groups >= 2; }

  stats::BeforeAfter result() const {
    stats::BeforeAfter r =
        compare_units(units(q_.crossing, -1), units(std::nullopt, -1), arms_, settings_of(options_), context_);
    if (is_number(q_.name)) count_moves(o_, q_, r.groups);
    else count_flips(paired_cells_of(o_, q_.crossing, q_.task, right_rows(q_), -1, context_), r.groups);
    return r;
  }

  ArmDisparity disparity(stats::Arm arm) const {
    const Judgement& j = arm == stats::Arm::kBefore ? before_ : after_;
    return {j.gap.value.value_or(0), j.ratio.value.value_or(0), j.sd, j.gap_null, j.spread_null};
  }

  /// Before and after.
  std::array<stats::WorstGroup, 2> worst(const std::vector<std::int64_t>& judged) const {
    const stats::PairedUnits first = units(q_.crossing, 0).only(judged), second = units(q_.crossing, 1).only(judged);
    const auto of = [&](stats::Arm arm) {
      return stats::cross_fitted_worst(first, second, arm, !q_.error_rate, options_.level);
    };
    return {of(stats::Arm::kBefore), of(stats::Arm::kAfter)};
  }

  /// Of a share of rows; what the figure of one true class would be for another metric has no meaning.
  std::vector<stats::GroupChange> classes(const stats::PairedCells& rows) const {
    if (q_.mean || q_.rankings || !is_paired(metric_)) return {};
    const stats::PairedUnits by_class = paired_units_by_class(o_, q_.task, metric_, context_);
    stats::Arms arms{.higher_is_better = !q_.error_rate};
    for (std::int64_t y = 0; y < by_class.groups(); ++y)
      for (auto [arm, figures] : {std::pair(stats::Arm::kBefore, &arms.before), {stats::Arm::kAfter, &arms.after}})
        figures->groups.push_back(estimate_of(by_class, y, arm, options_.min_group, options_.level));
    auto changes = unit_changes(by_class, arms, settings_of(options_));
    count_flips(rows, changes);
    return changes;
  }

  std::vector<double> sizes(const stats::BeforeAfter&) const {
    std::vector<double> n;
    if (!after_.is_share) return n;
    for (const GroupRate& g : after_.groups)
      if (g.rate.estimable()) n.push_back(g.effective);
    return n;
  }

 private:
  stats::ArmFigures figures(const Judgement& j) const {
    stats::ArmFigures arm{
        .groups = std::vector<stats::Estimate>(static_cast<std::size_t>(o_.crossings[q_.crossing].group.level_count())),
        .over_faces = j.overall,
        .gap = j.gap};
    for (const GroupRate& g : j.groups) arm.groups[static_cast<std::size_t>(g.group)] = g.rate;
    return arm;
  }

  stats::PairedUnits units(std::optional<std::size_t> crossing, int half) const {
    if (q_.mean) return paired_units_of_means(o_, crossing, *q_.mean, half);
    if (q_.rankings) return paired_units_of_rankings(o_, crossing, *q_.rankings, half);
    return paired_units_of(o_, crossing, q_.task, metric_, half, context_);
  }

  const Outcomes& o_;
  const Question& q_;
  const JudgeOptions& options_;
  const Context& context_;
  stats::Metric metric_;
  Judgement before_, after_;
  stats::Arms arms_;
};

/// Every metric and crossing but the primary ones, where two groups can be judged.
std::vector<MetricChange> explore(const Comparison& c, const std::vector<MetricName>& metrics, const Context& context) {
  JudgeOptions options = c.options;
  options.permutations = 0;  // no chance level is shown
  std::vector<MetricChange> changes;
  for (std::size_t crossing = 0; crossing < c.outcomes.crossings.size(); ++crossing)
    for (std::size_t m = crossing == 0 ? 1 : 0; m < metrics.size(); ++m)
      if (auto change = change_by(c.outcomes, crossing, metrics[m], options, context))
        changes.push_back(std::move(*change));
  return changes;
}

/// One arm as an evaluation judges it, by the primary metric and crossing. By rows the comparison has its own chance
/// level of the gap.
Evaluation alone(Comparison& c, stats::Arm which, bool by_rows, const Context& context) {
  const bool before = which == stats::Arm::kBefore;
  const OneArm one(c.outcomes, which);
  Evaluation e{.name = c.names[before ? 0 : 1],
               .arm = before ? "before" : "after",
               .runs = before ? c.before : c.after,
               .options = c.options,
               .outcomes = without_rows(c.outcomes)};
  JudgeOptions options = e.options;
  if (by_rows) options.permutations = 0;
  e.judgements.push_back(judge(c.outcomes, 0, c.metric, options, context));
  e.annotators.push_back(annotators_of(c.outcomes, 0, e.options));
  e.explanation = explain(c.outcomes, e.primary(), e.options, context);
  return e;
}

/// All that is said of the primary metric and crossing.
template <class Compared>
void answer(const Compared& compared, Comparison& c) {
  using stats::Arm;
  c.result = compared.result();
  std::vector<std::int64_t> judged;
  for (const stats::GroupChange& g : c.result.groups)
    if (g.accuracy.change.estimable()) judged.push_back(g.group);
  auto worst = compared.worst(judged);
  for (stats::WorstGroup& w : worst)
    w.chosen = {judged[static_cast<std::size_t>(w.chosen.first)], judged[static_cast<std::size_t>(w.chosen.second)]};
  c.worst_before = std::move(worst[0]), c.worst_after = std::move(worst[1]);
  c.worst = stats::change_of_worst(c.worst_before, c.worst_after);
  c.disparity_before = compared.disparity(Arm::kBefore), c.disparity_after = compared.disparity(Arm::kAfter);
  if (std::vector<double> sizes = compared.sizes(c.result); !sizes.empty()) {
    const double median = stats::quantile(sizes, 0.5);
    const double rate = *c.result.over_groups.after.value;
    c.detectable = {stats::detectable_gap(c.error_rate ? 1 - rate : rate, median,
                                          (1 - c.options.level) / static_cast<double>(judged.size())),
                    median, !by_rows(c.outcomes), c.result.estimable_groups};
  }
  const auto classes = static_cast<std::int64_t>(class_levels(c.outcomes, c.task).size());
  c.cells = c.class_cells.pooled(c.outcomes.group().level_count(), [&](std::int64_t g) { return g / classes; });
  c.classes = compared.classes(c.class_cells.pooled(classes, [&](std::int64_t g) { return g % classes; }));
}

}  // namespace

std::optional<MetricChange> change_by(const Outcomes& outcomes, std::size_t crossing, const MetricName& metric,
                                      const JudgeOptions& options, const Context& context) {
  const RowsOf rows(family_of(metric), outcomes, context.threads);
  const Question q = question(metric, crossing, *rows, options);
  const auto changed = [&](const auto& comparison) -> std::optional<MetricChange> {
    if (!comparison.judgeable()) return std::nullopt;
    return MetricChange{metric, crossing, q.by_rows, comparison.averaged(), comparison.result()};
  };
  return q.by_rows ? changed(ByRows(*rows, q, options, context)) : changed(ByUnits(*rows, q, options, context));
}

Comparison compare(const CompareOptions& options, const Context& context) {
  require(!options.before.empty() && !options.after.empty(), "a comparison needs predictions before and after");
  Comparison c{.names = {arm_name(options.before), arm_name(options.after)},
               .before = runs_at(options.before, options.split),
               .after = runs_at(options.after, options.split),
               .options = options};
  c.outcomes = load_outcomes(c.before, c.after, options.columns(), context);
  const std::vector<MetricName> metrics = metrics_of(options, c.outcomes);
  const RowsOf rows(family_of(metrics.front()), c.outcomes, context.threads);
  const Question q = question(metrics.front(), 0, *rows, options);
  if (!is_number(q.name) && options.margin > 1)
    throw InputError({.file = {},
                      .at = "--margin",
                      .found = fmt::format("a loss of {} of a metric that is at most 1", options.margin),
                      .expected = "a number from 0 to 1",
                      .remedy = "give points as a fraction: 0.01 is one point"});
  c.metric = q.name, c.task = q.task, c.error_rate = q.error_rate;
  for (const stats::Arm arm : {stats::Arm::kBefore, stats::Arm::kAfter})
    c.arms.push_back(alone(c, arm, q.by_rows, context));
  if (!is_number(q.name)) c.class_cells = paired_cells_by_class(*rows, 0, q.task, right_rows(q), context);
  q.by_rows ? answer(ByRows(*rows, q, options, context), c) : answer(ByUnits(*rows, q, options, context, c.arms), c);
  c.exploratory = explore(c, metrics, context);
  c.verdict = full_verdict(c);
  return c;
}

}  // namespace evenface::study
