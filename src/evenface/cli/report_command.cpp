#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "evenface/cli/command.h"
#include "evenface/core/error.h"
#include "evenface/report/report.h"

namespace evenface::cli {
namespace {
namespace fs = std::filesystem;

struct ReportOptions {
  std::vector<std::string> folders;
  std::string output;
  template <class V>
  static void fields(V& v) {
    v(&ReportOptions::folders, "folders", {.help = "folders with findings.json, or such files"});
    v(&ReportOptions::output, "output",
      {.help = "file to write, of one document; by default report.html beside each findings.json"});
  }
};

/// A document and the page that shows it.
struct Work {
  fs::path findings, page;
};

Work work_of(const std::string& given, const std::string& output) {
  const fs::path findings = fs::is_directory(given) ? fs::path(given) / "findings.json" : fs::path(given);
  return {findings, output.empty() ? findings.parent_path() / "report.html" : fs::path(output)};
}

/// Each page holds one document: of two the first would be lost.
void require_different_pages(const std::vector<Work>& works) {
  std::map<fs::path, fs::path> shown;
  for (const auto& [findings, page] : works)
    if (const auto [other, is_new] = shown.emplace(fs::weakly_canonical(page), findings); !is_new)
      throw InputError(
          {.file = page.string(),
           .at = {},
           .found = fmt::format("it would be the report of {} and of {}", other->second.string(), findings.string()),
           .expected = "a file for each report",
           .remedy = "make them one by one, each with an -o of its own"});
}

int run(const ReportOptions& options, const Shell&) {
  std::vector<Work> works;
  for (const std::string& given : options.folders) works.push_back(work_of(given, options.output));
  require_different_pages(works);
  for (const auto& [findings, page] : works) {
    report::write_report(findings, page);
    fmt::print("{}\n", page.string());
  }
  return 0;
}

}  // namespace

Command report_command() {
  return make_command<ReportOptions>("report", "Write findings.json as one HTML page that needs no network",
                                     "evenface report runs/attention", {"folders"}, {"folders"}, run);
}

}  // namespace evenface::cli
