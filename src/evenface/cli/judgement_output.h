#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "evenface/cli/command.h"
#include "evenface/stats/estimate.h"
#include "evenface/study/compare.h"

// What evaluate and compare print alike. Private to `cli`.
namespace evenface::cli {

/// Text in grey, where the terminal has colours.
std::string grey(const Shell& shell, const std::string& text);

/// "[-1.9, +0.5]" in points, or "" where there is no interval.
std::string bracketed(const stats::Estimate& estimate, bool with_sign);

/// A value in points, or "n/e" where it is not estimable.
std::string value_of(const stats::Estimate& estimate, bool with_sign = false);

/// p with three decimals, "< 0.001" below.
std::string p_text(double p);

/// Writes findings.json and report.html into the folder and says so on stdout.
void write_findings(const nlohmann::json& findings, const std::filesystem::path& folder, const Shell& shell);

/// {"value","low","high","n","method"} or {"value": null, "reason", "n"}.
nlohmann::json estimate_json(const stats::Estimate& estimate);

}  // namespace evenface::cli
