#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/cli/command.h"
#include "evenface/cli/text_table.h"
#include "evenface/study/adjustment.h"
#include "evenface/study/wording.h"

namespace evenface::cli {
namespace {
using nlohmann::json;
using study::AdjustChange;
using study::Adjustment;
using study::FitReport;
using study::points;

using Rate = std::optional<double>;

std::string text_of(const Rate& rate) { return rate ? points(*rate) : "n/a"; }

/// "before -> after" as two cells.
void add_pair(std::vector<std::string>& cells, const Rate& before, const Rate& after) {
  cells.push_back(text_of(before)), cells.push_back(text_of(after));
}

std::string thresholds_table(const FitReport& fit) {
  TextTable table(
      {"group", "n", "selected", "after", "true pos.", "after", "false pos.", "after", "accuracy", "after"});
  const auto add = [&](const AdjustChange& g) {
    std::vector<std::string> cells{g.name, std::to_string(g.n)};
    add_pair(cells, g.before.selection, g.after.selection);
    add_pair(cells, g.before.true_positive, g.after.true_positive);
    add_pair(cells, g.before.false_positive, g.after.false_positive);
    add_pair(cells, g.before.accuracy, g.after.accuracy);
    table.add(std::move(cells));
  };
  for (const AdjustChange& g : fit.groups) add(g);
  add(fit.overall);
  return table.text();
}

std::string accuracy_table(const FitReport& fit) {
  TextTable table({"accuracy", "n", "before", "after"});
  const auto add = [&](const AdjustChange& g) {
    table.add({g.name, std::to_string(g.n), text_of(g.before.accuracy), text_of(g.after.accuracy)});
  };
  for (const AdjustChange& g : fit.groups) add(g);
  add(fit.overall);
  if (fit.spread_before)
    table.add({"spread over groups (noise-corrected SD)", "", points(*fit.spread_before), text_of(fit.spread_after)});
  return table.text();
}

std::string shifts_table(const adjust::Rule& rule, const adjust::ShiftRule& shifts) {
  TextTable table({"class", "shift of its logit"});
  for (std::size_t c = 0; c < shifts.shifts.size(); ++c)
    table.add({rule.columns.classes[c], fmt::format("{:+.3f}", shifts.shifts[c])});
  return table.text();
}

std::string temperature_text(const adjust::TemperatureFit& fit) {
  TextTable table({"", "before", "after"});
  table.add({"temperature", "1", fmt::format("{:.4g}", fit.rule.temperature)});
  table.add(
      {"negative log-likelihood (nats)", fmt::format("{:.4f}", fit.nll_before), fmt::format("{:.4f}", fit.nll_after)});
  table.add(
      {"expected calibration error (points)", points(*fit.ece_before.ece.value), points(*fit.ece_after.ece.value)});
  table.add({"  of a calibrated model, by chance", points(fit.ece_before.null.mean), points(fit.ece_after.null.mean)});
  return table.text();
}

std::string headline(const Adjustment& a) {
  if (const auto* thresholds = std::get_if<adjust::ThresholdRule>(&a.rule.method))
    return fmt::format(
        "Thresholds for {} groups ({}). They look at a perceived attribute of each person they decide on.",
        thresholds->groups.size(), adjust::to_text(thresholds->criterion));
  if (std::holds_alternative<adjust::ShiftRule>(a.rule.method))
    return "One shift per class, the same for everybody: no attribute of a person is looked at.";
  return "One temperature for all scores: no prediction changes, the probabilities do.";
}

void print_fit(const Adjustment& a, const FitReport& fit) {
  fmt::print("Fitted on {}: {} rows{}; figures{} on these rows\n\n", fit.file, fit.rows,
             fit.left_out > 0 ? fmt::format(", {} left out (no truth, group or score)", fit.left_out) : "",
             fit.temperature ? "" : " in points,");
  if (std::holds_alternative<adjust::ThresholdRule>(a.rule.method)) {
    fmt::print("{}\n", thresholds_table(fit));
    if (fit.random_share > 0)
      fmt::print("decided by lot: {} % of the rows; the figures are expected over the lots, which follow the id\n",
                 points(fit.random_share));
  } else if (const auto* shifts = std::get_if<adjust::ShiftRule>(&a.rule.method)) {
    fmt::print("{}\n{}\n", shifts_table(a.rule, *shifts), accuracy_table(fit));
  } else {
    fmt::print("{}\n", temperature_text(*fit.temperature));
  }
  fmt::print("A rule looks better on the rows it was fitted on than elsewhere: these figures prove nothing.\n");
}

/// The command that judges what was done: a comparison where predictions of the same rows may have changed. Without
/// true labels there is none, but what is missing.
std::string next_step(const Adjustment& a, const study::AdjustOptions& o) {
  const auto& c = a.rule.columns;
  if (!a.applied->has_truth)
    return fmt::format(
        "{} has no column {}: join the true labels (--data, or --truth for another name), and judge by them",
        a.applied->file, c.truth);
  const bool compares = a.applied->changed && !std::holds_alternative<adjust::TemperatureRule>(a.rule.method);
  std::vector<std::string> words{"evenface", compares ? "compare" : "evaluate"};
  if (compares) words.push_back(o.predictions.back());
  words.push_back(a.applied->output);
  for (const auto& [flag, value] : {std::pair{"--id", c.id}, {"--truth", c.truth}, {"--predicted", c.predicted}})
    words.insert(words.end(), {flag, value});
  words.insert(words.end(), {"--by", c.by.empty() ? "ATTRIBUTE" : fmt::format("{}", fmt::join(c.by, ","))});
  if (!a.applied->data.empty()) words.insert(words.end(), {"--data", a.applied->data});
  for (std::string& word : words) word = shell_word(word);
  return fmt::format("{}", fmt::join(words, " "));
}

void print_applied(const Adjustment& a, const study::AdjustOptions& o) {
  const auto& r = *a.applied;
  fmt::print("Adjusted {}: {} rows", r.file, r.rows);
  if (r.changed) fmt::print(", {} predictions changed", *r.changed);
  if (r.undecided > 0)
    fmt::print(", {} not decided (no score{}; they count as errors)", r.undecided,
               std::holds_alternative<adjust::ThresholdRule>(a.rule.method) ? " or group" : "");
  fmt::print(".{}\n\nwrote    {}\nnext     {}\n",
             std::holds_alternative<adjust::TemperatureRule>(a.rule.method)
                 ? ""
                 : " Whether that is fairer, and for whom, is for evenface compare to say, on these rows.",
             r.output, next_step(a, o));
}

void print(const Adjustment& a, const study::AdjustOptions& o) {
  fmt::print("{}\n", headline(a));
  if (a.fit) print_fit(a, *a.fit);
  if (!o.save.empty()) fmt::print("saved    {}\n", o.save);
  if (a.applied) print_applied(a, o);
}

json rate_json(const Rate& rate) { return rate ? json(*rate) : json(nullptr); }

json rates_json(const study::AdjustRates& r) {
  return {{"accuracy", rate_json(r.accuracy)},
          {"selection_rate", rate_json(r.selection)},
          {"true_positive_rate", rate_json(r.true_positive)},
          {"false_positive_rate", rate_json(r.false_positive)}};
}

json change_json(const AdjustChange& g) {
  return {{"name", g.name}, {"n", g.n}, {"before", rates_json(g.before)}, {"after", rates_json(g.after)}};
}

json ece_json(const stats::CalibrationError& e) {
  return {{"value", *e.ece.value}, {"null", {{"mean", e.null.mean}, {"q95", e.null.upper}, {"p", e.null.p}}}};
}

json fit_json(const Adjustment& a, const FitReport& fit) {
  json j{{"file", fit.file},
         {"rows", fit.rows},
         {"left_out", fit.left_out},
         {"overall", change_json(fit.overall)},
         {"groups", json::array()}};
  for (const AdjustChange& g : fit.groups) j["groups"].push_back(change_json(g));
  if (std::holds_alternative<adjust::ThresholdRule>(a.rule.method)) {
    j["common_rate"] = fit.common_rate, j["random_share"] = fit.random_share;
  } else {
    j["spread"] = {{"before", rate_json(fit.spread_before)}, {"after", rate_json(fit.spread_after)}};
  }
  if (const auto& t = fit.temperature)
    j["temperature"] = {{"value", t->rule.temperature},
                        {"nll", {{"before", t->nll_before}, {"after", t->nll_after}}},
                        {"ece", {{"before", ece_json(t->ece_before)}, {"after", ece_json(t->ece_after)}}}};
  return j;
}

json machine_form(const Adjustment& a) {
  json j{{"method", adjust::method_name(a.rule)}, {"rule", json::parse(adjust::rule_text(a.rule))}};
  j["fit"] = a.fit ? fit_json(a, *a.fit) : json(nullptr);
  j["applied"] = nullptr;
  if (const auto& r = a.applied) {
    j["applied"] = {{"file", r->file}, {"output", r->output}, {"rows", r->rows}, {"undecided", r->undecided}};
    j["applied"]["changed"] = r->changed ? json(*r->changed) : json(nullptr);
  }
  return j;
}

int run(const study::AdjustOptions& options, const Shell& shell) {
  const Adjustment a = study::adjust_predictions(options, shell.context);
  if (shell.json) fmt::print("{}\n", machine_form(a).dump(1));
  else print(a, options);
  return 0;
}

}  // namespace

Command adjust_command() {
  return make_command<study::AdjustOptions>(
      "adjust", "Change predictions after training: thresholds per group, shifts per class, temperature",
      "evenface adjust val.csv test.csv --method thresholds --criterion odds --id file --truth label --score p "
      "--positive yes --by race,gender -o adjusted.csv --save rule.json",
      {"predictions"}, {"predictions"}, run);
}

}  // namespace evenface::cli
