#include "evenface/cli/judgement_output.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/report/report.h"
#include "evenface/study/finding.h"
#include "evenface/study/wording.h"

namespace evenface::cli {
using study::in_unit;
using study::Unit;

std::string grey(const Shell& shell, const std::string& text) {
  return shell.out.colour ? "\x1b[90m" + text + "\x1b[0m" : text;
}

std::string bracketed(const stats::Estimate& e, Unit unit, bool with_sign) {
  if (!e.interval) return "";
  return fmt::format("[{}, {}]", in_unit(e.interval->low, unit, with_sign), in_unit(e.interval->high, unit, with_sign));
}

std::string value_of(const stats::Estimate& e, Unit unit, bool with_sign) {
  return e.estimable() ? in_unit(*e.value, unit, with_sign) : "n/e";
}

std::string family_name(const study::JudgeOptions& options) {
  return options.family == "holm" ? "Holm" : "Benjamini-Yekutieli";
}

std::string p_text(double p) { return p < 0.0005 ? "< 0.001" : fmt::format("{:.3f}", p); }

nlohmann::json estimate_json(const stats::Estimate& e) { return study::to_json(e); }

void require_one_form(bool json, bool csv, bool markdown) {
  std::vector<std::string> forms;
  for (const auto& [asked, flag] : {std::pair(json, "--json"), {csv, "--csv"}, {markdown, "--markdown"}})
    if (asked) forms.emplace_back(flag);
  if (forms.size() < 2) return;
  throw InputError({.file = {},
                    .at = fmt::format("{}", fmt::join(forms, " ")),
                    .found = "one answer can't be printed in several forms",
                    .expected = {},
                    .remedy = "choose one of them; -o writes findings.json beside it"});
}

void write_findings(const nlohmann::json& findings, const std::filesystem::path& folder, const Shell& shell,
                    const AnswerOptions& answer) {
  write_file(folder / "findings.json", findings.dump(1) + "\n");
  report::write_report(findings, folder / "report.html");
  if (!shell.json && !answer.csv && !answer.markdown) fmt::print("\nreport   {}\n", (folder / "report.html").string());
}

}  // namespace evenface::cli
