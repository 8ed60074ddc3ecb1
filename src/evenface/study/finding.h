#pragma once
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "evenface/stats/estimate.h"
#include "evenface/study/compare.h"
#include "evenface/study/condition/answer.h"
#include "evenface/study/data_factors.h"
#include "evenface/study/evaluate.h"

namespace evenface::study {

/// The envelope that every finding has (findings/finding.schema.json).
struct Finding {
  std::string id, kind;
  nlohmann::json subject = nlohmann::json::object();
  nlohmann::json estimates = nlohmann::json::object();
  nlohmann::json test = nullptr, p = nullptr, p_adjusted = nullptr;
  std::string severity = "info";  ///< info, notice, warning or critical
  nlohmann::json evidence = nlohmann::json::object();
};

using Findings = std::vector<Finding>;

nlohmann::json to_json(const stats::Estimate& estimate);
nlohmann::json to_json(const Finding& finding);
nlohmann::json to_json(const stats::Change& change);  ///< {before, after, change}

/// attribute -> level of one group of a crossing.
nlohmann::json levels_of_group(const Outcomes& outcomes, std::size_t crossing, std::int64_t group);

/// above, below or none: where a group stands to the rest by the adjusted test; not_estimable; not_tested.
const char* standing_of(const GroupRate& group);

/// The test of the group against the rest and its p, where one was made.
void take_test(const GroupRate& group, const Judgement& judgement, double level, Finding& finding);

/// What a perfectly calibrated model would show.
nlohmann::json chance_estimate(const CalibrationChance& chance, std::int64_t rows);

/// points, or plain where the metric is a number such as an age.
const char* unit_name(const MetricName& metric);

/// Says in an id and a subject which metric and crossing an exploratory finding is about, as far as they aren't
/// primary.
void name_exploratory(const Comparison& comparison, const MetricChange& change, Finding& finding);

/// Unit, direction and dependence on prevalence of a metric.
nlohmann::json metric_traits(const Judgement& judgement);

/// The estimate of one group. The judgement must hold it.
const stats::Estimate& rate_of(const Judgement& judgement, std::int64_t group);

/// won, lost, none or not_estimable.
const char* name_of(stats::Outcome outcome);

/// Test of many groups: its name, "k groups", and the level of the family.
nlohmann::json family_test(const std::string& name, std::size_t groups, double level);

// One producer per kind, each in findings/<kind>/<kind>.cpp beside its schema, view and example.
Findings find_verdict(const Comparison&);
Findings find_overall_change(const Comparison&);
Findings find_group_change(const Comparison&);
Findings find_price(const Comparison&);
Findings find_chance(const Comparison&);
Findings find_chance(const Evaluation&);
Findings find_confusion(const Comparison&);
Findings find_confusion(const Evaluation&);
Findings find_planning(const Comparison&);
Findings find_planning(const Evaluation&);
Findings find_representation(const DataFactors&);
Findings find_association(const DataFactors&);
Findings find_training(const Comparison&);
Findings find_weights(const Comparison&);
Findings find_injected_bias(const Comparison&);
Findings find_limits(const Comparison&);
Findings find_limits(const Evaluation&);
Findings find_overall_rate(const Evaluation&);
Findings find_group_rate(const Evaluation&);
Findings find_group_metric(const Evaluation&);
Findings find_metric_disparity(const Evaluation&);
Findings find_decomposition(const Evaluation&);
Findings find_shrinkage(const Evaluation&);
Findings find_equivalence(const Evaluation&);
Findings find_label_noise(const Evaluation&);
Findings find_small_groups(const Evaluation&);
Findings find_class_flips(const Comparison&);
Findings find_coverage(const Comparison&);
Findings find_coverage(const Evaluation&);
Findings find_conditions(const std::vector<ConditionResult>&);
Findings find_provenance(const Outcomes&, const std::vector<RunSource>& runs, const std::string& command);

/// findings.json of a comparison or an evaluation. `command` is what the user typed.
nlohmann::json findings_document(const Comparison& comparison, const std::vector<ConditionResult>& conditions,
                                 const std::string& command);
nlohmann::json findings_document(const Evaluation& evaluation, const std::vector<ConditionResult>& conditions,
                                 const std::string& command);

}  // namespace evenface::study
