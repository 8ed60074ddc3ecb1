#include "evenface/study/finding.h"

namespace evenface::study {
namespace {

const char* better_of(const MetricName& metric) { return better(metric) == Better::kLower ? "lower" : "higher"; }

Finding figure(const std::string& name, const stats::Change& change, const char* note, const MetricName& metric,
               const char* better) {
  Finding f{.id = "overall_change/" + name, .kind = "overall_change"};
  f.subject = {{"figure", name}};
  f.estimates = to_json(change);
  f.evidence = {{"unit", unit_name(metric)}, {"note", note}, {"better", better}};
  return f;
}

/// Figures of groups that every metric and crossing has.
Findings figures(const stats::BeforeAfter& r, const MetricName& metric) {
  const char* const better = better_of(metric);
  return {
      figure("over faces", r.over_faces, "every face counts once", metric, better),
      figure("over groups", r.over_groups, "every group counts once", metric, better),
      figure("spread over groups", r.spread, "noise-corrected SD", metric, "lower"),
      figure("gap", r.gap, "highest minus lowest group, as counted; chance alone makes a gap too", metric, "lower")};
}

}  // namespace

Findings find_overall_change(const Comparison& c) {
  Findings findings = figures(c.result, c.metric);
  Finding worst = figure("worst group", c.worst, "cross-fitted: chosen on one half of the rows, estimated on the other",
                         c.metric, better_of(c.metric));
  worst.evidence["group_before"] = chosen_names(c.outcomes, 0, c.worst_before.chosen);
  worst.evidence["group_after"] = chosen_names(c.outcomes, 0, c.worst_after.chosen);
  findings.insert(findings.end() - 1, std::move(worst));
  for (const MetricChange& change : c.exploratory)
    for (Finding& f : figures(change.result, change.metric)) {
      name_exploratory(c, change, f);
      findings.push_back(std::move(f));
    }
  return findings;
}

}  // namespace evenface::study
