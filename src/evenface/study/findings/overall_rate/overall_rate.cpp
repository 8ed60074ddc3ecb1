#include "evenface/study/finding.h"

namespace evenface::study {
namespace {

Finding figure(const char* name, const stats::Estimate& rate, const char* note) {
  Finding f{.id = std::string("overall_rate/") + name, .kind = "overall_rate"};
  f.subject = {{"figure", name}};
  f.estimates = {{"rate", to_json(rate)}};
  f.evidence = {{"unit", "points"}, {"note", note}};
  return f;
}

}  // namespace

Findings find_overall_rate(const Evaluation& e) {
  return {figure("accuracy over faces", e.over_faces, "every face counts once"),
          figure("accuracy over groups", e.over_groups, "every group counts once"),
          figure("spread over groups", e.spread, "noise-corrected SD"),
          figure("worst group", e.worst.rate, "cross-fitted: chosen on one half of the rows, estimated on the other"),
          figure("gap", e.gap, "highest minus lowest group, as counted; chance alone makes a gap too")};
}

}  // namespace evenface::study
