#include <cmath>

#include <fmt/format.h>

#include "evenface/study/finding.h"

namespace evenface::study {
namespace {
using nlohmann::json;

/// The SD over the groups of one of the parts, as counted.
stats::Estimate spread_of(const Explanation& e, const stats::Estimate stats::GapDecomposition::* part,
                          std::int64_t rows) {
  double n = 0, sum = 0, squares = 0;
  for (const auto& d : e.decomposition) {
    const stats::Estimate& value = d.*part;
    if (!value.estimable()) return {std::nullopt, std::nullopt, rows, {}, value.reason};
    ++n, sum += *value.value, squares += *value.value * *value.value;
  }
  return {std::sqrt(std::max(0.0, squares / n - sum / n * (sum / n))), {}, rows, "population SD, as counted", {}};
}

}  // namespace

Findings find_decomposition(const Evaluation& e) {
  const Explanation& x = e.explanation;
  if (!x.why_not.empty() || x.decomposition.empty()) return {};
  const Judgement& j = e.primary();
  Finding f{.id = "decomposition/" + e.arm, .kind = "decomposition"};
  f.subject = {{"arm", e.arm}};
  const std::int64_t rows = j.overall.n;
  f.estimates = {{"spread", to_json(spread_of(x, &stats::GapDecomposition::gap, rows))},
                 {"spread_composition", to_json(spread_of(x, &stats::GapDecomposition::composition, rows))},
                 {"spread_conditional", to_json(spread_of(x, &stats::GapDecomposition::conditional, rows))}};
  json groups = json::array();
  for (std::size_t i = 0; i < x.groups.size(); ++i) {
    const auto& d = x.decomposition[i];
    groups.push_back({{"group", e.group_name(j, x.groups[i])},
                      {"n", std::llround(x.counts[i].n)},
                      {"rate", to_json(rate_of(j, x.groups[i]))},
                      {"gap", to_json(d.gap)},
                      {"composition", to_json(d.composition)},
                      {"conditional", to_json(d.conditional)},
                      {"standardised", to_json(d.standardised)},
                      {"overlap", d.overlap}});
  }
  f.evidence = {{"applicable", x.no_decomposition.empty()},
                {"classes", fmt::format("{}", fmt::join(e.outcomes.tasks, " x "))},
                {"groups", groups}};
  if (!x.no_decomposition.empty()) f.evidence["why_not"] = x.no_decomposition;
  return {f};
}

}  // namespace evenface::study
