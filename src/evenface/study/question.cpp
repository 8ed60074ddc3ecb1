#include "evenface/study/question.h"

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/study/judge_share.h"

namespace evenface::study {

Question question(const MetricName& name, std::size_t crossing, const Outcomes& o, const JudgeOptions& options) {
  if (!is_compared(name))
    throw InputError({.file = {},
                      .at = "--metric " + name.text(),
                      .found = "two runs are not compared by a calibration error or a mean signed error",
                      .expected =
                          "a metric of predicted classes, or roc_auc, pr_auc, brier, soft_accuracy, soft_recall, "
                          "soft_false_positive_rate or mae",
                      .remedy = "compare by one of these, and look at the others with evenface evaluate"});
  Question q{.name = name, .crossing = crossing, .task = task_of(name, o.tasks)};
  q.error_rate = better(name) == Better::kLower;
  if (family_of(name) == MetricFamily::kClasses) {
    q.metric = resolve(name, class_levels(o, q.task),
                       options.positive.empty() ? std::nullopt : std::optional(options.positive));
    q.by_rows = is_paired(q.metric) && by_rows(o);
    return q;
  }
  if (is_ranking(name)) q.rankings = rankings_of(o, name, crossing, options);
  else q.mean = mean_metric(o, name, crossing, options);
  if (!q.mean && (!q.rankings || q.rankings->classes == 0))
    throw InputError(
        {.file = {},
         .at = "--metric " + name.text(),
         .found = "no class has enough rows in every group",
         .expected = fmt::format("{} rows (--min-group) of a class, and as many others", options.min_group),
         .remedy = fmt::format("name a class that has them, as in {}(class)", name.measure)});
  return q;
}

stats::Metric right_rows(const Question& q) {
  if (!is_paired(q.metric)) return {};
  stats::Metric metric = q.metric;
  if (metric.measure == stats::Measure::kFalseNegativeRate) metric.measure = stats::Measure::kRecall;
  if (metric.measure == stats::Measure::kFalsePositiveRate) metric.measure = stats::Measure::kSpecificity;
  return metric;
}

void count_flips(const stats::PairedCells& rows, std::vector<stats::GroupChange>& changes) {
  for (stats::GroupChange& c : changes) {
    const stats::Flips flips = flips_of(rows, c.group);
    c.n = rows.rows(c.group), c.lost = flips.lost, c.won = flips.won;
  }
}

void count_moves(const Outcomes& o, const Question& q, std::vector<stats::GroupChange>& changes) {
  std::vector<stats::Flips> moved(static_cast<std::size_t>(o.crossings[q.crossing].group.level_count()));
  std::vector<std::int64_t> rows(moved.size());
  const auto before = static_cast<std::size_t>(o.runs_before), runs = static_cast<std::size_t>(o.runs());
  const double pairs = static_cast<double>(o.runs_before) * o.runs_after, sign = q.error_rate ? -1 : 1;
  std::vector<double> value(runs);
  for (std::size_t row = 0; row < o.keys.size(); ++row) {
    std::size_t known = 0;
    for (; known < runs; ++known) {
      const std::optional<double> x = q.mean->number(known, row, 0);
      if (!x) break;
      value[known] = sign * *x;
    }
    if (known < runs) continue;
    const auto group = static_cast<std::size_t>(o.crossings[q.crossing].group.codes[row]);
    ++rows[group];
    for (std::size_t b = 0; b < before; ++b)
      for (std::size_t a = before; a < runs; ++a) {
        moved[group].lost += (value[a] < value[b]) / pairs;
        moved[group].won += (value[a] > value[b]) / pairs;
      }
  }
  for (stats::GroupChange& c : changes) {
    const auto group = static_cast<std::size_t>(c.group);
    c.n = rows[group], c.lost = moved[group].lost, c.won = moved[group].won;
  }
}

}  // namespace evenface::study
