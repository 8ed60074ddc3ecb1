#include "evenface/study/finding.h"

namespace evenface::study {

Findings find_group_rate(const Evaluation& e) {
  const Judgement& j = e.primary();
  Findings findings;
  for (const GroupRate& g : j.groups) {
    Finding f{.id = "group_rate/" + e.group_name(j, g.group), .kind = "group_rate"};
    f.subject = {{"group", e.group_name(j, g.group)}, {"levels", levels_of_group(e.outcomes, j.crossing, g.group)}};
    f.estimates = {{"rate", to_json(g.rate)}};
    if (g.chance) f.estimates["null_mean"] = chance_estimate(*g.chance, g.n);
    take_test(g, j, e.options.level, f);
    f.evidence = {{"n", g.n}, {"correct", g.right}, {"outcome", standing_of(g)}};
    if (j.compares_groups() && g.knows_rest()) f.evidence["rest"] = g.rest;
    if (g.significant(e.options.level)) f.severity = g.outcome == stats::Outcome::kLost ? "warning" : "notice";
    findings.push_back(std::move(f));
  }
  return findings;
}

}  // namespace evenface::study
