#include "evenface/cli/command.h"

namespace evenface::cli {

std::vector<Command> all_commands() {
  std::vector<Command> commands;
  for (Command (*make)() : {ingest_command, simulate_command, train_command, evaluate_command, compare_command,
                            plan_command, verify_command, weights_command, adjust_command, report_command, run_command,
                            demo_command, version_command, options_command})
    commands.push_back(make());
  return commands;
}

}  // namespace evenface::cli
