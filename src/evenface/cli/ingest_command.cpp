#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/cli/command.h"
#include "evenface/core/file.h"
#include "evenface/ingest/ingest.h"

namespace evenface::cli {
namespace {

void print(const ingest::ImportReport& r, const ingest::IngestOptions& options) {
  fmt::print("{} of {} rows in {}", r.kept, r.read, options.output);
  for (const auto& [split, rows] : r.splits) fmt::print(", {} {}", split, rows);
  fmt::print("\n");
  if (r.quarantined > 0)
    fmt::print("quarantine  {} rows, listed in {}\n", r.quarantined,
               (std::filesystem::path(options.output) / "quarantine.csv").string());
  for (const auto& [reason, rows] : r.reasons) fmt::print("            {} {}\n", rows, reason);
  for (const auto& repair : r.repairs) fmt::print("repaired    {}\n", ingest::describe(repair));
  for (const std::string& note : r.notes) fmt::print("note        {}\n", note);
}

int run(const ingest::IngestOptions& options, const Shell& shell) {
  const auto report = ingest::ingest(options, shell.context);
  if (shell.json) fmt::print("{}", read_file(std::filesystem::path(options.output) / "import.json"));
  else print(report, options);
  return 0;
}

}  // namespace

Command ingest_command() {
  Command c = make_command<ingest::IngestOptions>(
      "ingest", "Import faces and their labels; bad rows go to quarantine with a reason",
      "evenface ingest fairface ../fairface -o faces --test-from val", {"layout", "source"},
      {"layout", "source", "output"}, run);
  c.version = ingest::kIngestVersion;
  return c;
}

}  // namespace evenface::cli
