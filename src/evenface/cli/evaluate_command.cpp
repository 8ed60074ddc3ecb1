#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/cli/command.h"
#include "evenface/cli/conditions.h"
#include "evenface/cli/evaluation_output.h"
#include "evenface/cli/judgement_output.h"
#include "evenface/core/file.h"
#include "evenface/study/finding.h"
#include "evenface/study/judged_figures.h"

namespace evenface::cli {
namespace {

/// The options of the study, and how its answer is printed and judged.
struct EvaluateCommand : study::EvaluateOptions, AnswerOptions {
  template <class V>
  static void fields(V& v) {
    study::EvaluateOptions::fields(v);
    answer_fields<EvaluateCommand>(v);
  }
};

std::filesystem::path output_of(const study::EvaluateOptions& options) {
  if (!options.output.empty()) return options.output;
  return std::filesystem::is_directory(options.predictions.front()) ? std::filesystem::path(options.predictions.front())
                                                                    : std::filesystem::path();
}

int run(const EvaluateCommand& options, const Shell& shell) {
  require_one_form(shell.json, options.csv, options.markdown);
  const std::filesystem::path folder = output_of(options);
  if (!folder.empty()) require_can_make(folder);
  const std::vector<study::Condition> conditions = parse_conditions(options.require);
  study::EvaluateOptions asked = options;
  asked.also_by = study::crossings_in(conditions);
  const study::Evaluation e = study::evaluate(asked, shell.context);
  const std::vector<study::ConditionResult> results = study::judge_conditions(conditions, e, shell.context);
  if (shell.json) {
    nlohmann::json j = machine_form(e);
    if (!results.empty()) j["conditions"] = conditions_json(results);
    fmt::print("{}\n", j.dump(1));
  } else {
    fmt::print("{}", options.csv ? csv_form(e) : options.markdown ? markdown_form(e) : terminal_form(e, shell));
  }
  if (!folder.empty()) write_findings(study::findings_document(e, results, shell.typed), folder, shell, options);
  return answer_of(results, shell);
}

}  // namespace

Command evaluate_command() {
  return make_command<EvaluateCommand>(
      "evaluate", "How accurate for whom: rates per group with intervals, gaps with their chance level",
      "evenface evaluate preds.csv --id file --truth label --predicted pred --by race,gender", {"predictions"},
      {"predictions"}, run);
}

}  // namespace evenface::cli
