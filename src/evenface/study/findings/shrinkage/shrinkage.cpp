#include <cmath>

#include "evenface/study/finding.h"

namespace evenface::study {

Findings find_shrinkage(const Evaluation& e) {
  const Explanation& x = e.explanation;
  if (!x.why_not.empty()) return {};
  const Judgement& j = e.primary();
  Finding f{.id = "shrinkage/" + e.arm, .kind = "shrinkage"};
  f.subject = {{"arm", e.arm}};
  const char* const method = e.options.shrinkage == "moments" ? "moments" : "marginal likelihood";
  const stats::RatePrior& prior = x.shrinkage.prior;
  const double strength = prior.strength();
  f.estimates = {
      {"mean", to_json(stats::Estimate{prior.rate, {}, j.overall.n, method, {}})},
      {"concentration", to_json(std::isfinite(strength) ? stats::Estimate{strength, {}, j.overall.n, method, {}}
                                                        : stats::not_estimable(j.overall.n,
                                                                               "the rates differ by no more than "
                                                                               "sampling does"))}};
  nlohmann::json groups = nlohmann::json::array();
  bool applicable = false;
  for (std::size_t i = 0; i < x.groups.size(); ++i) {
    applicable = applicable || x.shrinkage.rates[i].estimable();
    groups.push_back({{"group", e.group_name(j, x.groups[i])},
                      {"n", std::llround(x.counts[i].n)},
                      {"raw", to_json(rate_of(j, x.groups[i]))},
                      {"shrunken", to_json(x.shrinkage.rates[i])}});
  }
  f.evidence = {{"applicable", applicable}, {"method", method}, {"rho", prior.rho}, {"groups", groups}};
  if (!applicable) f.evidence["why_not"] = x.shrinkage.rates.front().reason;
  return {f};
}

}  // namespace evenface::study
