#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "evenface/cli/command.h"
#include "evenface/study/compare.h"

// The forms in which a comparison is printed. Private to `cli`.
namespace evenface::cli {

/// The form that other tools may rely on.
nlohmann::json machine_form(const study::Comparison& comparison);

/// The verdict, its price, the figures and every group: one screen for a terminal.
std::string terminal_form(const study::Comparison& comparison, const Shell& shell);

/// The same tables in Markdown.
std::string markdown_form(const study::Comparison& comparison);

/// One line per crossing, metric and group, figures as fractions.
std::string csv_form(const study::Comparison& comparison);

}  // namespace evenface::cli
