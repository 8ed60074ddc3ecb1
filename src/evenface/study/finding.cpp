#include "evenface/study/finding.h"

#include <algorithm>
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "evenface/core/version.h"
#include "evenface/study/wording.h"

namespace evenface::study {
using nlohmann::json;

json to_json(const stats::Estimate& e) {
  if (!e.estimable()) return {{"value", nullptr}, {"reason", e.reason}, {"n", e.n}};
  json j{{"value", *e.value}, {"low", nullptr}, {"high", nullptr}, {"n", e.n}, {"method", e.method}};
  if (e.interval) j["low"] = e.interval->low, j["high"] = e.interval->high;
  return j;
}

json to_json(const stats::Change& c) {
  return {{"before", to_json(c.before)}, {"after", to_json(c.after)}, {"change", to_json(c.change)}};
}

json to_json(const Finding& f) {
  return {{"id", f.id},
          {"kind", f.kind},
          {"subject", f.subject},
          {"estimates", f.estimates},
          {"test", f.test},
          {"p", f.p},
          {"p_adjusted", f.p_adjusted},
          {"severity", f.severity},
          {"evidence", f.evidence}};
}

json levels_of_group(const Outcomes& o, std::size_t crossing, std::int64_t group) {
  const std::vector<std::string> own = levels_of(o, crossing, group);
  json levels = json::object();
  for (std::size_t i = 0; i < own.size(); ++i) levels[o.crossings[crossing].names[i]] = own[i];
  return levels;
}

const char* standing_of(const GroupRate& group) {
  if (group.outcome == stats::Outcome::kNotEstimable) return "not_estimable";
  if (!group.p) return "not_tested";
  if (group.outcome == stats::Outcome::kNone) return "none";
  return *group.rate.value > group.rest ? "above" : "below";
}

void take_test(const GroupRate& group, const Judgement& j, double level, Finding& f) {
  if (!group.p) return;
  const auto tested = std::ranges::count_if(j.groups, [](const GroupRate& g) { return g.p.has_value(); });
  f.test = family_test(j.test, static_cast<std::size_t>(tested), level);
  f.p = *group.p, f.p_adjusted = *group.p_adjusted;
}

json chance_estimate(const CalibrationChance& chance, std::int64_t rows) {
  return to_json(stats::Estimate{chance.mean, {}, rows, "truth drawn from the scores", {}});
}

const char* unit_name(const MetricName& metric) { return unit_of(metric) == Unit::kPlain ? "plain" : "points"; }

const stats::Estimate& rate_of(const Judgement& j, std::int64_t group) {
  return std::ranges::find(j.groups, group, &GroupRate::group)->rate;
}

const char* name_of(stats::Outcome outcome) {
  switch (outcome) {
    case stats::Outcome::kWon:
      return "won";
    case stats::Outcome::kLost:
      return "lost";
    case stats::Outcome::kNotEstimable:
      return "not_estimable";
    case stats::Outcome::kNone:
      break;
  }
  return "none";
}

json family_test(const std::string& name, std::size_t groups, double level) {
  return {{"name", name}, {"family", fmt::format("{} groups", groups)}, {"level", 1 - level}};
}

namespace {

json made_by(const std::string& command) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return {{"tool", "evenface"},
          {"version", kVersion},
          {"command", command},
          {"time", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now))}};
}

/// What counts as right, in words.
std::string definition_of(const Outcomes& o, const MetricName& metric) {
  if (needs_votes(metric)) return fmt::format("the share of annotators who chose the predicted {}", o.tasks.front());
  if (metric.measure != "accuracy") return metric.text();
  if (o.tasks.size() > 1 && metric.task.empty())
    return fmt::format("every task right: {}", fmt::join(o.tasks, " and "));
  return fmt::format("the predicted {} is the annotated one", metric.task.empty() ? o.tasks.front() : metric.task);
}

json design_of(const Outcomes& o, const JudgeOptions& options, const MetricName& metric, std::vector<int> runs,
               std::vector<std::string> names) {
  const auto groups =
      std::ranges::count_if(o.coverage, [](const GroupCoverage& g) { return g.common > g.without_truth; });
  json design{{"metric", metric.text()},
              {"definition", definition_of(o, metric)},
              {"tasks", o.tasks},
              {"by", o.by()},
              {"rows", o.rows()},
              {"groups", groups},
              {"runs", runs},
              {"level", options.level},
              {"min_group", options.min_group},
              {"margin", options.margin},
              {"unit", is_number(metric) ? "years" : "share"},
              {"rows_only_before", o.rows_only_before},
              {"rows_only_after", o.rows_only_after},
              {"correction", options.family == "holm" ? "Holm" : "Benjamini-Yekutieli"},
              {"names", names}};
  if (!o.data.empty() && o.rows_seen_in_training == 0) design["rows_are"] = "faces never seen in training";
  return design;
}

json document(const char* kind, std::string title, const std::string& command, json design,
              const std::vector<Findings>& parts) {
  json findings = json::array();
  for (const Findings& part : parts)
    for (const Finding& f : part) findings.push_back(to_json(f));
  return {{"schema_version", 1},         {"document", kind},
          {"title", std::move(title)},   {"made", made_by(command)},
          {"design", std::move(design)}, {"findings", std::move(findings)}};
}

}  // namespace

void name_exploratory(const Comparison& c, const MetricChange& change, Finding& f) {
  const auto& by = c.outcomes.crossings[change.crossing].names;
  if (change.metric != c.metric) {
    f.id += "/" + change.metric.text();
    f.subject["metric"] = change.metric.text();
  }
  if (change.crossing == 0) return;
  f.id += fmt::format("/by {}", fmt::join(by, " x "));
  f.subject["by"] = by;
}

json findings_document(const Comparison& c, const std::vector<ConditionResult>& conditions,
                       const std::string& command) {
  const Outcomes& o = c.outcomes;
  std::vector<RunSource> runs = c.before;
  runs.insert(runs.end(), c.after.begin(), c.after.end());
  const Evaluation &was = c.arms[0], &is = c.arms[1];
  const DataFactors data = data_factors_of(o);
  return document("comparison", fmt::format("{} → {}", c.names[0], c.names[1]), command,
                  design_of(o, c.options, c.metric, {o.runs_before, o.runs_after}, c.names),
                  {find_verdict(c),         find_conditions(conditions),
                   find_overall_change(c),  find_group_change(c),
                   find_class_flips(c),     find_price(c),
                   find_injected_bias(c),   find_chance(c),
                   find_decomposition(was), find_decomposition(is),
                   find_shrinkage(was),     find_shrinkage(is),
                   find_equivalence(was),   find_equivalence(is),
                   find_label_noise(was),   find_label_noise(is),
                   find_planning(c),        find_confusion(c),
                   find_coverage(c),        find_representation(data),
                   find_association(data),  find_weights(c),
                   find_training(c),        find_provenance(o, runs, command),
                   find_limits(c)});
}

json findings_document(const Evaluation& e, const std::vector<ConditionResult>& conditions,
                       const std::string& command) {
  const Outcomes& o = e.outcomes;
  const DataFactors data = data_factors_of(o);
  return document(
      "evaluation", e.name, command, design_of(o, e.options, e.primary().metric, {o.runs_before}, {e.name}),
      {find_overall_rate(e), find_conditions(conditions), find_group_rate(e), find_small_groups(e),
       find_group_metric(e), find_metric_disparity(e), find_chance(e), find_decomposition(e), find_shrinkage(e),
       find_equivalence(e), find_label_noise(e), find_planning(e), find_confusion(e), find_coverage(e),
       find_representation(data), find_association(data), find_provenance(o, e.runs, command), find_limits(e)});
}

}  // namespace evenface::study
