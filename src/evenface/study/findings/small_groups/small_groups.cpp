#include "evenface/study/finding.h"

namespace evenface::study {
namespace {

Finding small_group(const std::string& arm, const std::string& name, nlohmann::json levels, std::int64_t n,
                    double right, const stats::Estimate& rest, double p, double p_adjusted, double level) {
  Finding f{.id = "small_groups/" + arm + "/" + name, .kind = "small_groups", .severity = "notice"};
  f.subject = {{"group", name}, {"levels", std::move(levels)}, {"arm", arm}};
  f.estimates = {{"rest", to_json(rest)}};
  f.p = p, f.p_adjusted = p_adjusted;
  const bool significant = p_adjusted < 1 - level && n > 0 && rest.estimable();
  const bool above = significant && right / static_cast<double>(n) > *rest.value;
  f.evidence = {{"n", n}, {"right", right}, {"outcome", !significant ? "none" : above ? "above" : "below"}};
  if (significant && !above) f.severity = "warning";
  return f;
}

}  // namespace

Findings find_small_groups(const Evaluation& e) {
  const Judgement& j = e.primary();
  Findings findings;
  if (!j.is_share) return findings;
  for (const GroupRate& g : j.groups) {
    if (g.rate.estimable()) continue;
    const std::int64_t rest_rows = j.overall.n - g.n;
    findings.push_back(small_group(
        "model", e.group_name(j, g.group), levels_of_group(e.outcomes, j.crossing, g.group), g.n, g.right,
        stats::proportion(g.rest * static_cast<double>(rest_rows), static_cast<double>(rest_rows), 1, e.options.level),
        g.p, g.p_adjusted, e.options.level));
    findings.back().test = family_test(j.test, j.groups.size(), e.options.level);
  }
  return findings;
}

}  // namespace evenface::study
