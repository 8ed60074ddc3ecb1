#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "evenface/cli/command.h"
#include "evenface/study/evaluate.h"

// The forms in which an evaluation is printed. Private to `cli`.
namespace evenface::cli {

/// The form that other tools may rely on.
nlohmann::json machine_form(const study::Evaluation& evaluation);

/// Why the groups of the primary judgement differ: {"within_class", "decomposition"} as they stand in its disparity.
nlohmann::json reasons_json(const study::Evaluation& evaluation);

/// The answer, the figures, every group and what was looked at beside: one screen for a terminal.
std::string terminal_form(const study::Evaluation& evaluation, const Shell& shell);

/// The same tables in Markdown.
std::string markdown_form(const study::Evaluation& evaluation);

/// One line per crossing, metric and group, figures as fractions.
std::string csv_form(const study::Evaluation& evaluation);

}  // namespace evenface::cli
