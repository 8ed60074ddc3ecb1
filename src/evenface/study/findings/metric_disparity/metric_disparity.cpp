#include <algorithm>

#include <fmt/format.h>

#include "evenface/study/finding.h"

namespace evenface::study {
namespace {

const GroupRate* extreme(const Judgement& j, bool highest) {
  const GroupRate* found = nullptr;
  for (const GroupRate& g : j.groups)
    if (g.rate.estimable() && (!found || (*g.rate.value > *found->rate.value) == highest)) found = &g;
  return found;
}

}  // namespace

Findings find_metric_disparity(const Evaluation& e) {
  Findings findings;
  for (const Judgement& j : e.judgements) {
    if (!j.compares_groups()) continue;
    const auto& by = e.outcomes.crossings[j.crossing].names;
    Finding f{.id = fmt::format("metric_disparity/{}/{}", j.metric.text(), fmt::join(by, " x ")),
              .kind = "metric_disparity"};
    f.subject = {{"metric", j.metric.text()}, {"by", by}};
    const std::int64_t n = j.overall.n;
    const auto plain = [n](double value, const char* method) {
      return to_json(stats::Estimate{value, {}, n, method, {}});
    };
    const auto none = to_json(stats::not_estimable(n, "there is no permutation test of this metric"));
    f.estimates = {{"gap", to_json(j.gap)},
                   {"ratio", to_json(j.ratio)},
                   {"sd", j.gap.estimable() ? plain(j.sd, "population SD, as counted") : to_json(j.gap)},
                   {"sd_corrected", to_json(j.spread)},
                   {"null_mean", j.gap_null ? plain(j.gap_null->mean, "mean of the permuted values") : none},
                   {"null_q95", j.gap_null ? plain(j.gap_null->upper, "95% point of the permuted values") : none}};
    f.evidence = metric_traits(j);
    f.evidence["groups"] = j.estimable_groups;
    f.evidence["draws"] = j.gap_null ? static_cast<std::int64_t>(j.gap_null->draws.size()) : 0;
    if (const GroupRate* g = extreme(j, true)) f.evidence["highest"] = e.group_name(j, g->group);
    if (const GroupRate* g = extreme(j, false)) f.evidence["lowest"] = e.group_name(j, g->group);
    if (j.gap_null) {
      f.test = {
          {"name", "permutation of groups over all rows"}, {"family", "one figure"}, {"level", 1 - e.options.level}};
      f.p = j.gap_null->p;
      f.severity = j.gap_null->p < 1 - e.options.level ? "notice" : "info";
    }
    findings.push_back(std::move(f));
  }
  return findings;
}

}  // namespace evenface::study
