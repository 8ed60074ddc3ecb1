#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "evenface/cli/command.h"
#include "evenface/stats/estimate.h"
#include "evenface/study/judge_options.h"
#include "evenface/study/wording.h"

// What evaluate and compare print alike. Private to `cli`.
namespace evenface::cli {

/// Text in grey, where the terminal has colours.
std::string grey(const Shell& shell, const std::string& text);

/// "[-1.9, +0.5]", or "" where there is no interval.
std::string bracketed(const stats::Estimate& estimate, study::Unit unit, bool with_sign = false);

/// A value, or "n/e" where it is not estimable.
std::string value_of(const stats::Estimate& estimate, study::Unit unit, bool with_sign = false);

/// p with three decimals, "< 0.001" below.
std::string p_text(double p);

/// What evaluate and compare have in common in how they answer.
struct AnswerOptions {
  bool csv = false, markdown = false;
  std::vector<std::string> require;

  /// The fields, as members of an options struct that derives from this one.
  template <class Options, class V>
  static void answer_fields(V& v) {
    v(&Options::require, "require",
      {.help = "condition that must hold, else exit code 1 (docs/conditions.md); may be repeated",
       .whole_texts = true});
    v(&Options::csv, "csv", {.help = "print every group and metric as CSV"});
    v(&Options::markdown, "markdown", {.help = "print the tables in Markdown"});
  }
};

/// Throws InputError when the answer is asked for in more than one form.
void require_one_form(bool json, bool csv, bool markdown);

/// Writes findings.json and report.html into the folder and, on a terminal's form of the answer, says so.
void write_findings(const nlohmann::json& findings, const std::filesystem::path& folder, const Shell& shell,
                    const AnswerOptions& answer);

/// "Holm" or "Benjamini-Yekutieli".
std::string family_name(const study::JudgeOptions& options);

/// {"value","low","high","n","method"} or {"value": null, "reason", "n"}.
nlohmann::json estimate_json(const stats::Estimate& estimate);

}  // namespace evenface::cli
