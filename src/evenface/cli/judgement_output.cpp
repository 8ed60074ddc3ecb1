#include "evenface/cli/judgement_output.h"

#include <fmt/format.h>

#include "evenface/core/file.h"
#include "evenface/report/report.h"
#include "evenface/study/finding.h"
#include "evenface/study/wording.h"

namespace evenface::cli {
using study::points;

std::string grey(const Shell& shell, const std::string& text) {
  return shell.out.colour ? "\x1b[90m" + text + "\x1b[0m" : text;
}

std::string bracketed(const stats::Estimate& e, bool with_sign) {
  if (!e.interval) return "";
  return fmt::format("[{}, {}]", points(e.interval->low, with_sign), points(e.interval->high, with_sign));
}

std::string value_of(const stats::Estimate& e, bool with_sign) {
  return e.estimable() ? points(*e.value, with_sign) : "n/e";
}

std::string p_text(double p) { return p < 0.0005 ? "< 0.001" : fmt::format("{:.3f}", p); }

nlohmann::json estimate_json(const stats::Estimate& e) { return study::to_json(e); }

void write_findings(const nlohmann::json& findings, const std::filesystem::path& folder, const Shell& shell) {
  write_file(folder / "findings.json", findings.dump(1) + "\n");
  report::write_report(findings, folder / "report.html");
  if (!shell.json) fmt::print("\nreport   {}\n", (folder / "report.html").string());
}

}  // namespace evenface::cli
