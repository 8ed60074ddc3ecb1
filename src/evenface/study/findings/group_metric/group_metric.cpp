#include <fmt/format.h>

#include "evenface/study/finding.h"

namespace evenface::study {
namespace {

const char* word_of(Better better) {
  switch (better) {
    case Better::kHigher:
      return "higher";
    case Better::kLower:
      return "lower";
    case Better::kNearZero:
      break;
  }
  return "near_zero";
}

}  // namespace

nlohmann::json metric_traits(const Judgement& j) {
  const bool share = family_of(j.metric) == MetricFamily::kClasses || needs_votes(j.metric);
  return {{"unit", share                 ? "share"
                   : is_number(j.metric) ? "years"
                                         : "score"},
          {"better", j.metric.measure == "selection_rate" ? "neither" : word_of(j.better)},
          {"depends_on_prevalence", j.depends_on_prevalence}};
}

Findings find_group_metric(const Evaluation& e) {
  Findings findings;
  for (const Judgement& j : e.judgements) {
    if (&j == &e.primary()) continue;
    const auto& by = e.outcomes.crossings[j.crossing].names;
    for (const GroupRate& g : j.groups) {
      const std::string& name = e.group_name(j, g.group);
      Finding f{.id = fmt::format("group_metric/{}/{}/{}", j.metric.text(), fmt::join(by, " x "), name),
                .kind = "group_metric"};
      f.subject = {{"metric", j.metric.text()},
                   {"by", by},
                   {"group", name},
                   {"levels", levels_of_group(e.outcomes, j.crossing, g.group)}};
      f.estimates = {{"figure", to_json(g.rate)},
                     {"rest", to_json(g.difference.estimable()
                                          ? stats::Estimate{g.rest, {}, j.overall.n - g.n, "of all other rows", {}}
                                          : stats::not_estimable(0, "no comparison with the rest"))}};
      if (g.chance) f.estimates["null_mean"] = chance_estimate(*g.chance, g.n);
      take_test(g, j, e.options.level, f);
      f.evidence = metric_traits(j);
      f.evidence["n"] = g.n;
      f.evidence["outcome"] = standing_of(g);
      findings.push_back(std::move(f));
    }
  }
  return findings;
}

}  // namespace evenface::study
