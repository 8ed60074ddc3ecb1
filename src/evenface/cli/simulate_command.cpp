#include <fmt/format.h>

#include "evenface/cli/command.h"
#include "evenface/core/file.h"
#include "evenface/ingest/simulate.h"

namespace evenface::cli {
namespace {

int run(const ingest::SimulateOptions& options, const Shell& shell) {
  const auto summary = ingest::simulate(options, shell.context);
  if (shell.json) {
    fmt::print("{}", read_file(std::filesystem::path(options.output) / "bias.json"));
    return 0;
  }
  fmt::print("{} simulated faces in {}", summary.rows, options.output);
  for (const auto& [split, rows] : summary.splits) fmt::print(", {} {}", split, rows);
  fmt::print("\n");
  for (const auto& knob : summary.knobs) fmt::print("bias     {}\n", knob.words);
  return 0;
}

}  // namespace

Command simulate_command() {
  Command c = make_command<ingest::SimulateOptions>(
      "simulate", "Draw faces with known truth and, if asked for, a known bias",
      "evenface simulate -o faces --noise-group gender=feminine,skin=dark", {}, {"output"}, run);
  c.version = ingest::kSimulateVersion;
  return c;
}

}  // namespace evenface::cli
