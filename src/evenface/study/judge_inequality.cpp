#include "evenface/stats/inequality.h"
#include "evenface/stats/ratio.h"
#include "evenface/study/judge_family.h"
#include "evenface/study/judge_share.h"

namespace evenface::study {
namespace {
using stats::Estimate;
using stats::GroupCount;

/// Katz's interval, which is what is published of such ratios; where all or none of a side's rows leave it without one,
/// MOVER-R's.
Estimate ratio_of(const GroupCount& own, const GroupCount& rest, double level) {
  Estimate katz = stats::rate_ratio(own, rest, level, stats::RatioMethod::kKatz);
  return katz.estimable() ? katz : stats::rate_ratio(own, rest, level);
}

void compare_by_ratio(double level, Judgement& j) {
  for (GroupRate& g : j.groups) {
    if (!g.rate.estimable() || !g.difference.estimable()) continue;
    const auto n = static_cast<double>(g.n), others = static_cast<double>(j.overall.n - g.n);
    g.ratio_to_rest = ratio_of({n, g.right}, {others, g.rest * others}, level);
  }
}

/// Errors are what is left of a rate that is good to be high, and what a rate that is bad to be high counts.
Estimate error_ratio_of(std::vector<GroupCount> groups, const Judgement& j, double level) {
  if (j.metric.measure == "selection_rate")
    return stats::not_applicable(stats::rows_of(groups), "to be selected or not is no error");
  if (j.better == Better::kLower)
    for (GroupCount& g : groups) g.right = g.n - g.right;
  return stats::error_ratio(groups, level);
}

/// Over rows, where the metric is about one class, which is taken as the one that benefits.
void measure_benefits(const Outcomes& o, const JudgeOptions& options, const Context& context, Judgement& j) {
  Inequality& i = *j.inequality;
  const std::optional<std::size_t> task = task_of(j.metric, o.tasks);
  const stats::Metric metric = resolve(j.metric, class_levels(o, task),
                                       options.positive.empty() ? std::nullopt : std::optional(options.positive));
  if (metric.measure == stats::Measure::kAccuracy || metric.average != stats::Average::kOneClass || o.runs() > 1) {
    i.theil_of_rows = i.entropy_of_rows = stats::not_applicable(j.overall.n, "benefits are of one class, in one run");
    return;
  }
  const stats::Confusion table = cells_of(o, j.crossing, task, -1, context).pooled(0);
  i.theil_of_rows = stats::entropy_of_benefits(table, metric.positive, 1, options.level);
  i.entropy_of_rows = stats::entropy_of_benefits(table, metric.positive, 2, options.level);
  if (o.person.rows() == 0) return;
  for (Estimate* e : {&i.theil_of_rows, &i.entropy_of_rows})
    if (e->estimable()) e->interval.reset(), e->method = "no interval is known where rows belong to persons";
}

}  // namespace

void measure_inequality(const Outcomes& o, const JudgeOptions& options, const Context& context, Judgement& j) {
  const bool independent = o.runs() == 1 && by_rows(o);
  if (independent) compare_by_ratio(options.level, j);
  if (!j.gap.estimable()) return;
  std::vector<GroupCount> counts;
  for (const GroupRate& g : j.groups)
    if (g.rate.estimable()) counts.push_back({g.effective, g.effective * *g.rate.value});
  j.inequality = Inequality{.error_ratio = error_ratio_of(counts, j, options.level),
                            .gini = stats::gini_of_rates(counts),
                            .theil = stats::entropy_of_rates(counts, 1),
                            .entropy = stats::entropy_of_rates(counts, 2)};
  if (independent) j.inequality->homogeneity = stats::homogeneity(counts);
  measure_benefits(o, options, context, j);
}

}  // namespace evenface::study
