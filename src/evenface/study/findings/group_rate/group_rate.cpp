#include "evenface/study/finding.h"

namespace evenface::study {
namespace {

const char* place_of(stats::Outcome outcome) {
  switch (outcome) {
    case stats::Outcome::kWon:
      return "above";
    case stats::Outcome::kLost:
      return "below";
    case stats::Outcome::kNotEstimable:
      return "not_estimable";
    case stats::Outcome::kNone:
      break;
  }
  return "none";
}

}  // namespace

Findings find_group_rate(const Evaluation& e) {
  Findings findings;
  for (const GroupRate& g : e.groups) {
    Finding f{.id = "group_rate/" + e.group_name(g.group), .kind = "group_rate"};
    f.subject = {{"group", e.group_name(g.group)}, {"levels", levels_of_group(e.outcomes, g.group)}};
    f.estimates = {{"rate", to_json(g.rate)}};
    f.test = family_test(e.outcomes.runs() == 1 ? "Fisher's exact, against the rest" : "Welch's t, against the rest",
                         e.groups.size(), e.options.level);
    f.p = g.p, f.p_adjusted = g.p_adjusted;
    f.evidence = {{"n", g.n}, {"correct", g.right}, {"outcome", place_of(g.outcome)}, {"rest", g.rest}};
    if (g.p_adjusted < 1 - e.options.level)
      f.severity = g.rest > g.right / static_cast<double>(g.n) ? "warning" : "notice";
    findings.push_back(std::move(f));
  }
  return findings;
}

}  // namespace evenface::study
