#include "evenface/study/finding.h"

namespace evenface::study {
namespace {

Finding small_group(const Evaluation& e, const GroupRate& g) {
  const Judgement& j = e.primary();
  const std::string& name = e.group_name(j, g.group);
  const double level = e.options.level, rest_rows = static_cast<double>(j.overall.n - g.n);
  const stats::Estimate rest = stats::proportion(g.rest * rest_rows, rest_rows, 1, level);
  Finding f{.id = "small_groups/model/" + name, .kind = "small_groups", .severity = "notice"};
  f.subject = {{"group", name}, {"levels", levels_of_group(e.outcomes, j.crossing, g.group)}, {"arm", "model"}};
  f.estimates = {{"rest", to_json(rest)}};
  take_test(g, j, level, f);
  const bool significant = g.significant(level) && g.n > 0 && rest.estimable();
  const bool above = significant && g.right / static_cast<double>(g.n) > *rest.value;
  f.evidence = {{"n", g.n}, {"right", g.right}, {"outcome", !significant ? "none" : above ? "above" : "below"}};
  if (significant && !above) f.severity = "warning";
  return f;
}

}  // namespace

Findings find_small_groups(const Evaluation& e) {
  Findings findings;
  if (!e.primary().is_share) return findings;
  for (const GroupRate& g : e.primary().groups)
    if (!g.rate.estimable()) findings.push_back(small_group(e, g));
  return findings;
}

}  // namespace evenface::study
