#include <nlohmann/json.hpp>

#include "evenface/cli/comparison_output.h"
#include "evenface/cli/evaluation_output.h"
#include "evenface/cli/judgement_output.h"
#include "evenface/study/finding.h"
#include "evenface/study/notes.h"
#include "evenface/study/wording.h"

namespace evenface::cli {
namespace {
using nlohmann::json;
using study::Comparison;

json change_json(const stats::Change& c) {
  return {{"before", estimate_json(c.before)}, {"after", estimate_json(c.after)}, {"change", estimate_json(c.change)}};
}

json disparity_json(const study::ArmDisparity& d, const stats::Estimate& corrected, const study::Evaluation& arm) {
  const json reasons = reasons_json(arm);
  json raw;
  if (d.gap_null) raw = {{"mean", d.gap_null->mean}, {"q95", d.gap_null->upper}, {"p", d.gap_null->p}};
  return {{"gap", d.gap},
          {"ratio", d.ratio},
          {"sd", d.sd},
          {"sd_corrected", estimate_json(corrected)},
          {"null", {{"raw", raw}, {"within_class", reasons.at("within_class")}}},
          {"decomposition", reasons.at("decomposition")}};
}

json group_json(const std::string& name, const stats::GroupChange& g, const study::JudgeOptions& options) {
  json j{{"name", name},
         {"n", g.n},
         {"before", estimate_json(g.accuracy.before)},
         {"after", estimate_json(g.accuracy.after)},
         {"change", estimate_json(g.accuracy.change)},
         {"lost", g.lost},
         {"won", g.won},
         {"p", g.p},
         {"p_adjusted", g.p_adjusted},
         {"outcome", study::name_of(g.outcome)}};
  if (options.family == "holm") j["p_holm"] = g.p_adjusted;
  return j;
}

json groups_json(const Comparison& c, std::size_t crossing, const stats::BeforeAfter& result) {
  json groups = json::array();
  for (const auto& g : result.groups)
    groups.push_back(group_json(study::group_name(c.outcomes, crossing, g.group), g, c.options));
  return groups;
}

json coverage_json(const study::Outcomes& o) {
  json list = json::array();
  for (const auto& g : o.coverage)
    list.push_back({{"name", g.name},
                    {"common", g.common},
                    {"only_before", g.only_before},
                    {"only_after", g.only_after},
                    {"without_truth", g.without_truth},
                    {"without_scores", g.without_scores}});
  return list;
}

}  // namespace

json machine_form(const Comparison& c) {
  const auto& r = c.result;
  const std::vector<std::string> classes = study::class_levels(c.outcomes, c.task);
  json j{{"verdict", study::find_verdict(c).front().evidence.at("verdict")},
         {"headline", study::verdict_headline(c)},
         {"metric", c.metric.text()},
         {"groups", groups_json(c, 0, r)},
         {"classes", json::array()},
         {"overall",
          {{"over_faces", change_json(r.over_faces)},
           {"over_groups", change_json(r.over_groups)},
           {"worst_group", change_json(c.worst)}}},
         {"disparity",
          {{"before", disparity_json(c.disparity_before, r.spread.before, c.arms[0])},
           {"after", disparity_json(c.disparity_after, r.spread.after, c.arms[1])},
           {"change", estimate_json(r.spread.change)}}},
         {"price", json::object()},
         {"runs", {c.outcomes.runs_before, c.outcomes.runs_after}},
         {"rows", c.outcomes.rows()},
         {"coverage", coverage_json(c.outcomes)},
         {"exploratory", json::array()},
         {"notes", notes_of(c)}};
  for (const auto& g : c.classes)
    j["classes"].push_back(group_json(classes[static_cast<std::size_t>(g.group)], g, c.options));
  for (const auto& f : study::find_price(c)) j["price"][f.subject.at("figure").get<std::string>()] = f.evidence;
  for (const auto& change : c.exploratory)
    j["exploratory"].push_back({{"metric", change.metric.text()},
                                {"by", c.outcomes.crossings[change.crossing].names},
                                {"overall", change_json(change.result.over_faces)},
                                {"spread", change_json(change.result.spread)},
                                {"groups", groups_json(c, change.crossing, change.result)}});
  return j;
}

}  // namespace evenface::cli
