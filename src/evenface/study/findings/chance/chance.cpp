#include <algorithm>

#include "evenface/study/finding.h"

namespace evenface::study {
namespace {
using nlohmann::json;

/// Twenty bins over the permuted values.
json histogram(const std::vector<double>& draws) {
  constexpr int kBins = 20;
  const double low = draws.front(), width = std::max(1e-9, draws.back() - low) / kBins;
  std::vector<double> edges;
  for (int i = 0; i <= kBins; ++i) edges.push_back(low + i * width);
  std::vector<std::int64_t> counts(kBins);
  for (const double d : draws)
    ++counts[static_cast<std::size_t>(std::clamp(static_cast<int>((d - low) / width), 0, kBins - 1))];
  return {{"edges", edges}, {"counts", counts}};
}

Finding against_chance(const char* figure, const char* arm, const stats::NullReference& null, std::int64_t rows,
                       double level) {
  const auto plain = [&](double value, const char* method) {
    return to_json(stats::Estimate{value, {}, rows, method, {}});
  };
  Finding f{.id = std::string("chance/") + figure + "/" + arm + "/raw", .kind = "chance"};
  f.subject = {{"figure", figure}, {"arm", arm}};
  f.estimates = {{"observed", plain(null.observed, "as counted")},
                 {"null_mean", plain(null.mean, "mean of the permuted values")},
                 {"null_q95", plain(null.upper, "95% point of the permuted values")}};
  f.test = {{"name", "permutation of groups over all rows"}, {"family", "one figure"}, {"level", 1 - level}};
  f.p = null.p;
  f.severity = null.p < 1 - level ? "notice" : "info";
  f.evidence = {{"reference", "raw"},
                {"applicable", true},
                {"histogram", histogram(null.draws)},
                {"draws", static_cast<std::int64_t>(null.draws.size())}};
  return f;
}

}  // namespace

namespace {

/// The gap beside what the groups' mix of classes alone would make, or why that isn't known; nothing where it isn't
/// asked.
Findings within_class(const Evaluation& e, std::int64_t n) {
  const Explanation& x = e.explanation;
  if (x.within_class) {
    Finding f = against_chance("gap", e.arm.c_str(), *x.within_class, n, e.options.level);
    f.id = "chance/gap/" + e.arm + "/within_class";
    f.test["name"] = "permutation of groups within each true class";
    f.evidence["reference"] = "within_class";
    return {f};
  }
  if (x.no_within_class.empty()) return {};
  Finding f{.id = "chance/gap/" + e.arm + "/within_class", .kind = "chance"};
  f.subject = {{"figure", "gap"}, {"arm", e.arm}};
  const auto none = to_json(stats::not_applicable(n, x.no_within_class));
  const stats::Estimate observed{e.primary().gap.value, {}, n, "as counted", {}};
  f.estimates = {{"observed", to_json(observed)}, {"null_mean", none}, {"null_q95", none}};
  f.evidence = {{"reference", "within_class"}, {"applicable", false}, {"why_not", x.no_within_class}};
  return {f};
}

}  // namespace

Findings find_chance(const Comparison& c) {
  const std::int64_t n = c.outcomes.rows();
  const double level = c.options.level;
  Findings findings;
  for (const auto& [arm, d] : {std::pair("before", &c.disparity_before), {"after", &c.disparity_after}}) {
    if (d->gap_null) findings.push_back(against_chance("gap", arm, *d->gap_null, n, level));
    if (d->spread_null) findings.push_back(against_chance("spread", arm, *d->spread_null, n, level));
  }
  for (const Evaluation& arm : c.arms)
    for (Finding& f : within_class(arm, n)) findings.push_back(std::move(f));
  return findings;
}

Findings find_chance(const Evaluation& e) {
  const Judgement& j = e.primary();
  const std::int64_t n = e.outcomes.rows();
  if (!j.gap_null) return {};
  Findings findings{against_chance("gap", "model", *j.gap_null, n, e.options.level),
                    against_chance("spread", "model", *j.spread_null, n, e.options.level)};
  for (Finding& f : within_class(e, n)) findings.push_back(std::move(f));
  return findings;
}

}  // namespace evenface::study
