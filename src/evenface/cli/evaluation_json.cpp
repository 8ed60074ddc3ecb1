#include <map>

#include <nlohmann/json.hpp>

#include "evenface/cli/evaluation_output.h"
#include "evenface/cli/judgement_output.h"
#include "evenface/study/finding.h"

namespace evenface::cli {
namespace {
using nlohmann::json;
using study::Evaluation;
using study::Judgement;

/// A group by one metric: its estimate, and how it stands to the rest of the rows.
json group_rate_json(const study::GroupRate& g, const study::JudgeOptions& options) {
  json j = estimate_json(g.rate);
  j["rest"] = g.rest;
  j["difference"] = estimate_json(g.difference);
  j["p"] = g.p;
  j["p_adjusted"] = g.p_adjusted;
  if (options.family == "holm") j["p_holm"] = g.p_adjusted;
  j["outcome"] = study::name_of(g.outcome);
  return j;
}

json null_json(const stats::NullReference& null) { return {{"mean", null.mean}, {"q95", null.upper}, {"p", null.p}}; }

json plain(const stats::Estimate& e) { return e.estimable() ? json(*e.value) : json(nullptr); }

json disparity_json(const Judgement& judgement) {
  json j{{"gap", plain(judgement.gap)},
         {"gap_interval", estimate_json(judgement.gap)},
         {"ratio", plain(judgement.ratio)},
         {"ratio_interval", estimate_json(judgement.ratio)},
         {"sd", judgement.gap.estimable() ? json(judgement.sd) : json(nullptr)},
         {"sd_corrected", estimate_json(judgement.spread)},
         {"over_groups", estimate_json(judgement.over_groups)},
         {"depends_on_prevalence", judgement.depends_on_prevalence},
         {"null", {{"raw", nullptr}, {"within_class", nullptr}}}};
  if (judgement.gap_null) j["null"]["raw"] = null_json(*judgement.gap_null);
  return j;
}

/// The groups of a crossing with every metric; those of one crossing stand together in `e.judgements`.
json groups_json(const Evaluation& e, std::size_t crossing) {
  std::map<std::int64_t, json> groups;
  for (const Judgement& judgement : e.judgements) {
    if (judgement.crossing != crossing) continue;
    for (const study::GroupRate& g : judgement.groups) {
      const auto [at, fresh] = groups.try_emplace(g.group);
      if (fresh) {
        at->second = {{"name", e.group_name(judgement, g.group)}, {"n", g.rows}};
        if (judgement.is_share) at->second["correct"] = g.right, at->second["p"] = g.p;
        if (judgement.is_share && e.options.family == "holm") at->second["p_holm"] = g.p_adjusted;
      }
      at->second[judgement.metric.text()] = group_rate_json(g, e.options);
    }
  }
  json list = json::array();
  for (auto& [group, object] : groups) list.push_back(std::move(object));
  return list;
}

json disparities_json(const Evaluation& e, std::size_t crossing) {
  json j = json::object();
  for (const Judgement& judgement : e.judgements)
    if (judgement.crossing == crossing) j[judgement.metric.text()] = disparity_json(judgement);
  return j;
}

/// The primary gap of each group, split; empty where it can't be.
json decomposition_json(const Evaluation& e) {
  json list = json::array();
  for (std::size_t i = 0; i < e.explanation.decomposition.size(); ++i) {
    const auto& d = e.explanation.decomposition[i];
    list.push_back({{"name", e.group_name(e.primary(), e.explanation.groups[i])},
                    {"gap", estimate_json(d.gap)},
                    {"composition", estimate_json(d.composition)},
                    {"conditional", estimate_json(d.conditional)},
                    {"standardised", estimate_json(d.standardised)}});
  }
  return list;
}

}  // namespace

json machine_form(const Evaluation& e) {
  json j{{"overall", json::object()},      {"groups", groups_json(e, 0)}, {"disparity", disparities_json(e, 0)},
         {"not_estimable", json::array()}, {"rows", e.outcomes.rows()},   {"runs", e.outcomes.runs()},
         {"notes", e.outcomes.notes}};
  if (e.explanation.within_class)
    j["disparity"][e.primary().metric.text()]["null"]["within_class"] = null_json(*e.explanation.within_class);
  j["disparity"][e.primary().metric.text()]["decomposition"] = decomposition_json(e);
  for (const Judgement& judgement : e.judgements)
    if (judgement.crossing == 0) j["overall"][judgement.metric.text()] = estimate_json(judgement.overall);
  for (const study::GroupRate& g : e.primary().groups)
    if (!g.rate.estimable())
      j["not_estimable"].push_back({{"name", e.group_name(e.primary(), g.group)},
                                    {"n", g.n},
                                    {"correct", g.right},
                                    {"p", g.p},
                                    {"p_adjusted", g.p_adjusted},
                                    {"reason", g.rate.reason}});
  j["exploratory"] = json::array();
  for (std::size_t c = 1; c < e.outcomes.crossings.size(); ++c)
    j["exploratory"].push_back(
        {{"by", e.outcomes.crossings[c].names}, {"groups", groups_json(e, c)}, {"disparity", disparities_json(e, c)}});
  return j;
}

}  // namespace evenface::cli
