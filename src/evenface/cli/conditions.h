#pragma once
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "evenface/cli/command.h"
#include "evenface/study/condition/answer.h"

// What evaluate and compare do with --require. Private to `cli`.
namespace evenface::cli {

/// The conditions as given. Throws InputError as parse_condition does.
std::vector<study::Condition> parse_conditions(const std::vector<std::string>& texts);

/// [{"text", "holds", "why", "tests"}], the tests as in findings.json, with their figures unrounded.
nlohmann::json conditions_json(const std::vector<study::ConditionResult>& results);

/// Says on stderr which conditions do not hold, with their figures, and, unless it is to be quiet, which do and which
/// groups their figures are without. Returns the exit code: 0 or 1.
int answer_of(const std::vector<study::ConditionResult>& results, const Shell& shell);

}  // namespace evenface::cli
