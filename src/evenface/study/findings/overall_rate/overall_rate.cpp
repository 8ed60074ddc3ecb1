#include <fmt/format.h>

#include "evenface/study/finding.h"
#include "evenface/study/wording.h"

namespace evenface::study {
namespace {

Finding figure(const Evaluation& e, const std::string& name, const stats::Estimate& rate, const char* note) {
  Finding f{.id = "overall_rate/" + name, .kind = "overall_rate"};
  f.subject = {{"figure", name}};
  f.estimates = {{"rate", to_json(rate)}};
  f.evidence = {{"unit", unit_name(e.primary().metric)}, {"note", note}};
  return f;
}

/// A calibration error, which has no figures over groups.
Finding calibration_error(const Evaluation& e) {
  const Judgement& j = e.primary();
  Finding f = figure(e, "over faces", j.overall, "");
  if (!j.chance) return f;
  f.estimates["null_mean"] = chance_estimate(*j.chance, j.overall.n);
  f.evidence["note"] =
      fmt::format("a perfectly calibrated model would show {} points on these rows; the excess is {} (p {:.3f})",
                  points(j.chance->mean), points(j.chance->excess), j.chance->p);
  return f;
}

}  // namespace

Findings find_overall_rate(const Evaluation& e) {
  const Judgement& j = e.primary();
  if (!j.compares_groups()) return {calibration_error(e)};
  Findings findings{figure(e, "over faces", j.overall, "every face counts once"),
                    figure(e, "over groups", j.over_groups, "every group counts once"),
                    figure(e, "spread over groups", j.spread, "noise-corrected SD")};
  if (e.explanation.worst) {
    findings.push_back(figure(e, "worst group", e.explanation.worst->rate,
                              "cross-fitted: chosen on one half of the rows, estimated on the other"));
    if (e.explanation.worst->rate.estimable())
      findings.back().evidence["group"] = chosen_names(e.outcomes, j.crossing, e.explanation.worst->chosen);
  }
  findings.push_back(figure(e, "gap", j.gap, "highest minus lowest group, as counted; chance alone makes a gap too"));
  return findings;
}

}  // namespace evenface::study
