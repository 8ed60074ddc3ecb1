#include <cmath>

#include "evenface/study/finding.h"
#include "evenface/study/wording.h"

namespace evenface::study {
namespace {

Findings planning(double gap, double rows, std::int64_t groups) {
  Finding f{.id = "planning", .kind = "planning"};
  f.evidence = {{"detectable_gap", std::isfinite(gap) ? gap : 1.0},
                {"power", 0.8},
                {"sentence", planning_sentence(gap, rows, groups)}};
  return {f};
}

}  // namespace

Findings find_planning(const Comparison& c) {
  return planning(c.detectable_gap, c.median_group_rows, c.result.estimable_groups);
}

Findings find_planning(const Evaluation& e) {
  if (!e.explanation.why_not.empty()) return {};
  return planning(e.explanation.detectable_gap, e.explanation.median_group_rows,
                  static_cast<std::int64_t>(e.explanation.groups.size()));
}

}  // namespace evenface::study
