#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/cli/command.h"
#include "evenface/cli/comparison_output.h"
#include "evenface/cli/conditions.h"
#include "evenface/cli/judgement_output.h"
#include "evenface/core/file.h"
#include "evenface/study/finding.h"
#include "evenface/study/judged_figures.h"

namespace evenface::cli {
namespace {

/// The options of the study, and how its answer is printed and judged.
struct CompareCommand : study::CompareOptions, AnswerOptions {
  template <class V>
  static void fields(V& v) {
    study::CompareOptions::fields(v);
    answer_fields<CompareCommand>(v);
  }
};

/// Where the report goes: as asked, else into the folder of the runs after.
std::filesystem::path output_of(const study::CompareOptions& options) {
  if (!options.output.empty()) return options.output;
  return std::filesystem::is_directory(options.after.front()) ? std::filesystem::path(options.after.front())
                                                              : std::filesystem::path();
}

int run(const CompareCommand& options, const Shell& shell) {
  require_one_form(shell.json, options.csv, options.markdown);
  const std::filesystem::path folder = output_of(options);
  if (!folder.empty()) require_can_make(folder);
  const std::vector<study::Condition> conditions = parse_conditions(options.require);
  study::CompareOptions asked = options;
  asked.also_by = study::crossings_in(conditions);
  const study::Comparison c = study::compare(asked, shell.context);
  const std::vector<study::ConditionResult> results = study::judge_conditions(conditions, c, shell.context);
  if (shell.json) {
    nlohmann::json j = machine_form(c);
    if (!results.empty()) j["conditions"] = conditions_json(results);
    fmt::print("{}\n", j.dump(1));
  } else {
    fmt::print("{}", options.csv ? csv_form(c) : options.markdown ? markdown_form(c) : terminal_form(c, shell));
  }
  if (!folder.empty()) write_findings(study::findings_document(c, results, shell.typed), folder, shell, options);
  return answer_of(results, shell);
}

}  // namespace

Command compare_command() {
  return make_command<CompareCommand>(
      "compare", "Did it get fairer, for whom, and who paid: two sets of predictions for the same rows",
      "evenface compare runs/baseline runs/attention --by race,gender", {"before", "after"}, {"before", "after"}, run);
}

}  // namespace evenface::cli
