#include "evenface/study/explanation.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

#include "evenface/stats/paired_cells.h"
#include "evenface/stats/planning.h"
#include "evenface/stats/quantile.h"
#include "evenface/stats/unit_changes.h"
#include "evenface/study/judge_share.h"

namespace evenface::study {
namespace {
using stats::Arm;

/// The two estimable groups that lie furthest apart; nothing where none do, for there is no gap to explain.
std::optional<LabelNoise> label_noise_of(const std::vector<stats::GroupCount>& counts, std::size_t classes,
                                         double level) {
  LabelNoise noise{.classes = static_cast<std::int64_t>(classes)};
  for (std::size_t g = 1; g < counts.size(); ++g) {
    if (counts[g].rate() > counts[noise.better].rate()) noise.better = g;
    if (counts[g].rate() < counts[noise.worse].rate()) noise.worse = g;
  }
  if (noise.better == noise.worse) return std::nullopt;
  // The extremes of k groups are one of k(k-1)/2 pairs that might have been chosen.
  const auto pairs = static_cast<double>(counts.size() * (counts.size() - 1)) / 2;
  noise.tipping = stats::tipping_point(counts[noise.better], counts[noise.worse], static_cast<int>(classes),
                                       1 - (1 - level) / pairs);
  return noise;
}

double gap_figure(std::span<const stats::GroupCount> groups) { return stats::gap(groups); }

/// What is exchanged within each true class: a row with its weight, or a person's rows of one group and class.
std::vector<stats::Unit> class_units(const Explanation& e, const Outcomes& o, const Judgement& j,
                                     std::optional<std::size_t> task, const stats::Metric& metric) {
  const table::Factor& group = o.crossings[j.crossing].group;
  std::map<std::tuple<std::int64_t, int, std::uint64_t>, stats::Unit> units;
  for (int run = 0; run < o.runs(); ++run) {
    const std::vector<ClassCode> rows = class_codes(o, task, run);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto at = std::ranges::find(e.groups, group.codes[i]);
      if (at == e.groups.end() || !is_trial(metric, rows[i].truth, rows[i].predicted)) continue;
      const std::int64_t g = at - e.groups.begin();
      const double weight = (o.weights.empty() ? 1 : o.weights[i]) / o.runs();
      stats::Unit& unit = units
                              .try_emplace({g, rows[i].truth, person_where_known(o, i).value_or(i)},
                                           stats::Unit{g, {{0, 0}}, rows[i].truth})
                              .first->second;
      unit.adds[0].whole += weight;
      if (is_success(metric, rows[i].truth, rows[i].predicted)) unit.adds[0].part += weight;
    }
  }
  std::vector<stats::Unit> list;
  for (const auto& [key, unit] : units) list.push_back(unit);
  return list;
}

stats::NullReference too_many(std::size_t units, const JudgeOptions& options) {
  stats::NullReference unknown;
  unknown.reason = fmt::format("not known: to exchange {} units {} times takes too long; ask for fewer --permutations",
                               units, options.permutations);
  return unknown;
}

/// Group permuted over units within each class.
stats::NullReference null_of_units(const Explanation& e, const Outcomes& o, const Judgement& j,
                                   std::optional<std::size_t> task, const stats::Metric& metric,
                                   const JudgeOptions& options, const Context& context) {
  // Where nobody is known each row is a unit: too many are not even gathered.
  const auto rows = static_cast<std::size_t>(o.rows());
  if (o.person.rows() == 0 && !can_exchange(rows, options)) return too_many(rows, options);
  const std::vector<stats::Unit> units = class_units(e, o, j, task, metric);
  if (!can_exchange(units.size(), options)) return too_many(units.size(), options);
  return stats::unit_null(units, std::ssize(e.groups), gap_figure, options.permutations,
                          static_cast<std::uint64_t>(options.seed), context);
}

void refer_to_class_mix(Explanation& e, stats::NullReference null) {
  if (null.applicable()) e.within_class = std::move(null);
  else e.no_within_class = std::move(null.reason);
}

/// As the groups' rates do: where rows belong to persons they are fewer.
void rest_on_effective_rows(stats::ClassCounts& counts, const Judgement& j) {
  for (const GroupRate& g : j.groups) {
    const auto at = static_cast<std::size_t>(g.group);
    double mass = 0;
    for (const stats::GroupCount& c : counts.of[at]) mass += c.n;
    if (g.effective > 0 && mass > 0) counts.effective[at] = g.effective / mass;
  }
}

/// Class counts of the groups that are explained; the others are still part of the pooled rows.
void decompose(Explanation& e, const stats::Cells& cells, std::span<const int> runs, const Judgement& j,
               const stats::Metric& metric, double level) {
  stats::ClassCounts counts = stats::class_counts(cells, metric, runs);
  rest_on_effective_rows(counts, j);
  // The groups that are explained are estimable, whatever their effective rows.
  const auto all = stats::decompose_gaps(counts, level);
  for (const std::int64_t g : e.groups) e.decomposition.push_back(all[static_cast<std::size_t>(g)]);
  const auto split = std::ranges::count_if(e.decomposition, [](const auto& d) { return d.composition.estimable(); });
  if (split == 0 && !e.decomposition.empty()) e.no_decomposition = e.decomposition.front().composition.reason;
}

void explain_by_class(Explanation& e, const Outcomes& o, const Judgement& j, std::optional<std::size_t> task,
                      const stats::Metric& metric, const JudgeOptions& options, const Context& context) {
  const stats::Cells cells = cells_of(o, j.crossing, task, -1, context);
  std::vector<int> runs(static_cast<std::size_t>(cells.runs()));
  std::iota(runs.begin(), runs.end(), 0);
  decompose(e, cells, runs, j, metric, options.level);
  if (options.permutations == 0) return;
  refer_to_class_mix(
      e, by_rows(o) ? stats::metric_null(cells.only(e.groups), runs, metric, stats::NullKind::kWithinClass, gap_figure,
                                         options.permutations, static_cast<std::uint64_t>(options.seed), context)
                    : null_of_units(e, o, j, task, metric, options, context));
}

stats::WorstGroup worst_of(const Explanation& e, const Outcomes& o, const Judgement& j, std::optional<std::size_t> task,
                           const stats::Metric& metric, const JudgeOptions& options, const Context& context) {
  const auto cells = [&](int half) {
    return paired_cells_of(o, j.crossing, task, metric, half, context).only(e.groups);
  };
  const auto units = [&](int half) {
    return paired_units_of(o, j.crossing, task, metric, half, context).only(e.groups);
  };
  const bool higher_is_better = j.better != Better::kLower;
  stats::WorstGroup worst =
      by_rows(o) && higher_is_better
          ? stats::cross_fitted_worst(cells(0), cells(1), Arm::kBefore, options.level)
          : stats::cross_fitted_worst(units(0), units(1), Arm::kBefore, higher_is_better, options.level);
  worst.chosen = {e.groups[static_cast<std::size_t>(worst.chosen.first)],
                  e.groups[static_cast<std::size_t>(worst.chosen.second)]};
  return worst;
}

double median_rows(const std::vector<stats::GroupCount>& counts) {
  std::vector<double> n;
  for (const stats::GroupCount& c : counts) n.push_back(c.n);
  return stats::quantile(n, 0.5);
}

}  // namespace

Explanation explain(const Outcomes& o, const Judgement& j, const JudgeOptions& options, const Context& context) {
  Explanation e;
  if (!j.is_share || j.depends_on_prevalence) {
    e.why_not = fmt::format("{} is no share of rows that the true class alone decides", j.metric.text());
    return e;
  }
  for (const GroupRate& g : j.groups)
    if (g.rate.estimable()) e.groups.push_back(g.group), e.counts.push_back({g.effective, g.effective * *g.rate.value});
  if (e.groups.size() < 2) {
    e.why_not = "fewer than two groups can be judged";
    return e;
  }
  const std::optional<std::size_t> task = task_of(j.metric, o.tasks);
  e.classes = class_levels(o, task);
  const stats::Metric metric =
      resolve(j.metric, e.classes, options.positive.empty() ? std::nullopt : std::optional(options.positive));
  if (stats::Cells::can_number(static_cast<int>(e.classes.size()), o.runs()))
    explain_by_class(e, o, j, task, metric, options, context);
  else e.no_decomposition = e.no_within_class = "too many runs over too many classes to count together";
  e.shrinkage =
      stats::shrink(e.counts, options.level,
                    options.shrinkage == "moments" ? stats::PriorFit::kMoments : stats::PriorFit::kMarginalLikelihood);
  constexpr std::size_t kMostGroups = 1000;
  if (e.groups.size() <= kMostGroups)
    e.equivalence =
        stats::test_equivalence(e.counts, {.margin = options.equivalence_margin, .min_rows = options.min_group});
  if (metric.measure == stats::Measure::kAccuracy && e.classes.size() > 1)
    e.label_noise = label_noise_of(e.counts, e.classes.size(), options.level);
  const double median = median_rows(e.counts);
  e.detectable = {
      stats::detectable_gap(*j.over_groups.value, median, (1 - options.level) / static_cast<double>(e.groups.size())),
      median, !by_rows(o), std::ssize(e.groups)};
  e.worst = worst_of(e, o, j, task, metric, options, context);
  return e;
}

}  // namespace evenface::study
