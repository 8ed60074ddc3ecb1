#include <map>

#include <nlohmann/json.hpp>

#include "evenface/cli/evaluation_output.h"
#include "evenface/cli/judgement_output.h"
#include "evenface/study/equalised_odds.h"
#include "evenface/study/finding.h"
#include "evenface/study/notes.h"

namespace evenface::cli {
namespace {
using nlohmann::json;
using study::Evaluation;
using study::Judgement;

json number(const std::optional<double>& value) { return value ? json(*value) : json(nullptr); }

/// A calibration error is never shown without its chance level.
json with_chance(const stats::Estimate& figure, const std::optional<study::CalibrationChance>& chance) {
  json j = estimate_json(figure);
  if (chance) j["null_mean"] = chance->mean, j["excess"] = chance->excess, j["p_null"] = chance->p;
  return j;
}

/// A group by one metric: its estimate, and how it stands to the rest of the rows.
json group_rate_json(const study::GroupRate& g, const Judgement& judgement, const study::JudgeOptions& options) {
  json j = with_chance(g.rate, g.chance);
  if (!judgement.compares_groups()) return j;
  j["rest"] = g.knows_rest() ? json(g.rest) : json(nullptr);
  j["difference"] = estimate_json(g.difference);
  if (g.ratio_to_rest.estimable() || !g.ratio_to_rest.reason.empty())
    j["ratio_to_rest"] = estimate_json(g.ratio_to_rest);
  j["p"] = number(g.p);
  j["p_adjusted"] = number(g.p_adjusted);
  if (options.family == "holm") j["p_holm"] = number(g.p_adjusted);
  j["outcome"] = study::name_of(g.outcome);
  return j;
}

json null_json(const stats::NullReference& null) { return {{"mean", null.mean}, {"q95", null.upper}, {"p", null.p}}; }

json none_json(const std::string& reason) { return {{"mean", nullptr}, {"reason", reason}}; }

void add_inequality(const study::Inequality& i, json& j) {
  if (i.homogeneity)
    j["homogeneity"] = {{"chi2", i.homogeneity->statistic}, {"df", i.homogeneity->df}, {"p", i.homogeneity->p}};
  j["error_ratio"] = estimate_json(i.error_ratio);
  j["gini"] = estimate_json(i.gini);
  j["theil"] = estimate_json(i.theil);
  j["generalized_entropy"] = estimate_json(i.entropy);
  j["over_rows"] = {{"theil", estimate_json(i.theil_of_rows)},
                    {"generalized_entropy", estimate_json(i.entropy_of_rows)}};
}

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
  if (judgement.inequality) add_inequality(*judgement.inequality, j);
  return j;
}

/// How well annotators agree about a group, beside its figures.
void add_annotators(const study::AnnotatorFigures& figures, json& j) {
  j["human_agreement"] = estimate_json(figures.agreement);
  j["annotator_error"] = estimate_json(figures.error);
}

/// How far scores go with being of the group.
json score_association_json(const stats::ScoreAssociation& a) {
  json j{{"correlation", number(a.correlation)}, {"mmd2", nullptr}};
  if (a.discrepancy) j["mmd2"] = {{"gaussian", a.discrepancy->gaussian}, {"laplace", a.discrepancy->laplace}};
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
        if (judgement.is_share) at->second["correct"] = g.right, at->second["p"] = number(g.p);
        if (judgement.is_share && e.options.family == "holm") at->second["p_holm"] = number(g.p_adjusted);
        if (const auto& annotators = e.annotators[crossing])
          add_annotators(annotators->groups[static_cast<std::size_t>(g.group)], at->second);
        if (const auto& associations = e.score_associations[crossing]; !associations.empty())
          at->second["score_association"] = score_association_json(associations[static_cast<std::size_t>(g.group)]);
      }
      at->second[judgement.metric.text()] = group_rate_json(g, judgement, e.options);
    }
  }
  json list = json::array();
  for (auto& [group, object] : groups) list.push_back(std::move(object));
  return list;
}

json disparities_json(const Evaluation& e, std::size_t crossing) {
  json j = json::object();
  for (const Judgement& judgement : e.judgements)
    if (judgement.crossing == crossing && judgement.compares_groups())
      j[judgement.metric.text()] = disparity_json(judgement);
  return j;
}

/// Equalised odds where both rates were asked for; such a crossing alone has the key.
void add_equalised_odds(const Evaluation& e, std::size_t crossing, json& j) {
  for (const study::EqualisedOdds& odds : all_equalised_odds(e.judgements))
    if (odds.crossing == crossing)
      j["equalized_odds"].push_back({{"rates", {odds.true_positive.text(), odds.false_positive.text()}},
                                     {"difference", estimate_json(odds.difference)},
                                     {"ratio", estimate_json(odds.ratio)}});
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

/// What stands in findings.json as one finding, or null.
json finding_json(const study::Findings& found) { return found.empty() ? json(nullptr) : to_json(found.front()); }

json worst_group_json(const Evaluation& e) {
  const stats::WorstGroup& worst = *e.explanation.worst;
  json j = estimate_json(worst.rate);
  if (worst.rate.estimable())
    j["chosen"] = {e.group_name(e.primary(), worst.chosen.first), e.group_name(e.primary(), worst.chosen.second)};
  return j;
}

/// Why the groups of the primary judgement differ.
void add_explanation(const Evaluation& e, json& j) {
  const study::Explanation& x = e.explanation;
  json& disparity = j["disparity"][e.primary().metric.text()];
  const json reasons = reasons_json(e);
  disparity["null"]["within_class"] = reasons.at("within_class");
  disparity["decomposition"] = reasons.at("decomposition");
  if (x.worst) j["overall"]["worst_group"] = worst_group_json(e);
  j["shrinkage"] = finding_json(find_shrinkage(e));
  j["equivalence"] = finding_json(find_equivalence(e));
  j["label_noise"] = finding_json(find_label_noise(e));
}

}  // namespace

json reasons_json(const Evaluation& e) {
  const study::Explanation& x = e.explanation;
  json j{{"within_class", nullptr}, {"decomposition", decomposition_json(e)}};
  if (x.within_class) j["within_class"] = null_json(*x.within_class);
  else if (!x.no_within_class.empty()) j["within_class"] = none_json(x.no_within_class);
  return j;
}

json machine_form(const Evaluation& e) {
  json j{{"overall", json::object()},
         {"groups", groups_json(e, 0)},
         {"disparity", disparities_json(e, 0)},
         {"not_estimable", json::array()},
         {"rows", e.outcomes.rows()},
         {"runs", e.outcomes.runs()},
         {"notes", notes_of(e)}};
  add_equalised_odds(e, 0, j);
  if (!e.explanation.why_not.empty()) j["not_explained"] = e.explanation.why_not;
  for (const Judgement& judgement : e.judgements)
    if (judgement.crossing == 0)
      j["overall"][judgement.metric.text()] = with_chance(judgement.overall, judgement.chance);
  if (const auto& annotators = e.annotators.front()) add_annotators(annotators->all, j["overall"]);
  if (e.primary().compares_groups()) add_explanation(e, j);
  for (const study::GroupRate& g : e.primary().groups)
    if (!g.rate.estimable())
      j["not_estimable"].push_back({{"name", e.group_name(e.primary(), g.group)},
                                    {"n", g.n},
                                    {"correct", g.right},
                                    {"p", number(g.p)},
                                    {"p_adjusted", number(g.p_adjusted)},
                                    {"reason", g.rate.reason}});
  j["exploratory"] = json::array();
  for (std::size_t c = 1; c < e.outcomes.crossings.size(); ++c) {
    json& other = j["exploratory"].emplace_back(json{
        {"by", e.outcomes.crossings[c].names}, {"groups", groups_json(e, c)}, {"disparity", disparities_json(e, c)}});
    add_equalised_odds(e, c, other);
  }
  return j;
}

}  // namespace evenface::cli
