#include <filesystem>

#include <fmt/format.h>

#include "evenface/cli/command.h"
#include "evenface/report/report.h"

namespace evenface::cli {
namespace {

struct ReportOptions {
  std::vector<std::string> folders;
  std::string output;
  template <class V>
  static void fields(V& v) {
    v(&ReportOptions::folders, "folders", {.help = "folders with findings.json, or such files"});
    v(&ReportOptions::output, "output", {.help = "file to write; by default report.html beside each findings.json"});
  }
};

int run(const ReportOptions& options, const Shell&) {
  namespace fs = std::filesystem;
  for (const std::string& given : options.folders) {
    const fs::path findings = fs::is_directory(given) ? fs::path(given) / "findings.json" : fs::path(given);
    const fs::path page = options.output.empty() ? findings.parent_path() / "report.html" : fs::path(options.output);
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
