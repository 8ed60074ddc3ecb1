#include "evenface/study/finding.h"

namespace evenface::study {

Findings find_group_rate(const Evaluation& e) {
  const Judgement& j = e.primary();
  Findings findings;
  for (const GroupRate& g : j.groups) {
    Finding f{.id = "group_rate/" + e.group_name(j, g.group), .kind = "group_rate"};
    f.subject = {{"group", e.group_name(j, g.group)}, {"levels", levels_of_group(e.outcomes, j.crossing, g.group)}};
    f.estimates = {{"rate", to_json(g.rate)}};
    f.test = family_test(j.test, j.groups.size(), e.options.level);
    f.p = g.p, f.p_adjusted = g.p_adjusted;
    f.evidence = {{"n", g.n}, {"correct", g.right}, {"outcome", place_of(g)}, {"rest", g.rest}};
    if (g.p_adjusted < 1 - e.options.level) f.severity = g.outcome == stats::Outcome::kLost ? "warning" : "notice";
    findings.push_back(std::move(f));
  }
  return findings;
}

}  // namespace evenface::study
