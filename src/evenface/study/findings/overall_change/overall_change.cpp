#include "evenface/study/finding.h"

namespace evenface::study {
namespace {

Finding figure(const std::string& name, const stats::Change& change, const char* note, const char* better) {
  Finding f{.id = "overall_change/" + name, .kind = "overall_change"};
  f.subject = {{"figure", name}};
  f.estimates = to_json(change);
  f.evidence = {{"unit", "points"}, {"note", note}, {"better", better}};
  return f;
}

/// Figures of groups that every metric and crossing has.
Findings figures(const stats::BeforeAfter& r, const char* better) {
  return {figure("over faces", r.over_faces, "every face counts once", better),
          figure("over groups", r.over_groups, "every group counts once", better),
          figure("spread over groups", r.spread, "noise-corrected SD", "lower"),
          figure("gap", r.gap, "highest minus lowest group, as counted; chance alone makes a gap too", "lower")};
}

}  // namespace

Findings find_overall_change(const Comparison& c) {
  const char* const better = c.error_rate ? "lower" : "higher";
  Findings findings = figures(c.result, better);
  Finding worst =
      figure("worst group", c.worst, "cross-fitted: chosen on one half of the rows, estimated on the other", better);
  worst.evidence["group_before"] = c.group_name(c.worst_before.chosen.first);
  worst.evidence["group_after"] = c.group_name(c.worst_after.chosen.first);
  findings.insert(findings.end() - 1, std::move(worst));
  for (const MetricChange& change : c.exploratory)
    for (Finding& f : figures(change.result, study::better(change.metric) == Better::kLower ? "lower" : "higher")) {
      name_exploratory(c, change, f);
      findings.push_back(std::move(f));
    }
  return findings;
}

}  // namespace evenface::study
