#include "evenface/cli/conditions.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/study/finding.h"

namespace evenface::cli {
namespace {

/// Of a condition that holds only the tests that say which groups their figures are without.
void print_holding(const study::ConditionResult& result) {
  fmt::print(stderr, "required, and holds: {}\n", result.text);
  for (const study::TestResult& test : result.tests)
    if (!test.figure.left_out.empty()) fmt::print(stderr, "{}\n", study::describe(test));
}

}  // namespace

std::vector<study::Condition> parse_conditions(const std::vector<std::string>& texts) {
  std::vector<study::Condition> conditions;
  for (const std::string& text : texts) conditions.push_back(study::parse_condition(text));
  return conditions;
}

nlohmann::json conditions_json(const std::vector<study::ConditionResult>& results) {
  nlohmann::json list = nlohmann::json::array();
  const study::Findings findings = study::find_conditions(results);
  for (std::size_t i = 0; i < results.size(); ++i)
    list.push_back({{"text", results[i].text},
                    {"holds", results[i].holds()},
                    {"why", study::describe(results[i])},
                    {"tests", findings[i].evidence.at("tests")}});
  return list;
}

int answer_of(const std::vector<study::ConditionResult>& results, const Shell& shell) {
  constexpr int kConditionFails = 1;
  bool all = true;
  for (const auto& result : results) {
    all = all && result.holds();
    if (!result.holds())
      fmt::print(stderr, "required, and does not hold: {}\n{}\n", result.text, study::describe(result));
    else if (!shell.context.console.quiet) print_holding(result);
  }
  return all ? 0 : kConditionFails;
}

}  // namespace evenface::cli
