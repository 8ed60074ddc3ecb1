#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/core/options.h"
#include "evenface/train/train.h"

namespace evenface::cli {

/// What is linked into `evenface-torch` alone. Loading torch takes a third of a second, so `evenface` is linked without
/// and becomes `evenface-torch`, the same program beside it, for the commands that need it.
struct TorchParts {
  train::Train* train;
};

/// What every command is told beside its own options.
struct Shell {
  Context context;    ///< threads and the console for progress and notes (stderr)
  Console out;        ///< what stdout can show
  bool json = false;  ///< results as JSON on stdout
  std::string typed;  ///< the command line, as typed
  TorchParts torch;
};

/// A command: its options, declared once by their struct, and what it does.
struct Command {
  std::string name, summary, example;
  std::vector<std::string> positionals;  ///< fields that may be given without their flag, in order
  std::vector<std::string> required;     ///< fields that must be given
  std::shared_ptr<void> options;         ///< owns what `fields` point to
  std::vector<Field> fields;
  std::function<int(const Shell&)> run;  ///< returns the exit code
  int version = 1;                       ///< of what it writes, for `evenface run`
  bool needs_torch = false;              ///< uses the shell's TorchParts
};

/// A command over an options struct. `run` is given the options and the shell.
template <class Options>
Command make_command(std::string name, std::string summary, std::string example, std::vector<std::string> positionals,
                     std::vector<std::string> required, int (*run)(const Options&, const Shell&)) {
  auto options = std::make_shared<Options>();
  Command c{std::move(name),     std::move(summary),
            std::move(example),  std::move(positionals),
            std::move(required), options,
            fields_of(*options), [options, run](const Shell& shell) { return run(*options, shell); }};
  return c;
}

// One file per command.
Command ingest_command();
Command simulate_command();
Command train_command();
Command evaluate_command();
Command compare_command();
Command plan_command();
Command verify_command();
Command weights_command();
Command adjust_command();
Command report_command();
Command run_command();
Command demo_command();
Command version_command();
Command options_command();

/// All commands, in the order in which help lists them.
std::vector<Command> all_commands();

/// The options that every command has.
struct CommonOptions {
  std::int64_t threads = 0;
  bool json = false, quiet = false;
  template <class V>
  static void fields(V& v) {
    v(&CommonOptions::threads, "threads", {.help = "threads to use; 0: all processors", .min = 0, .max = 1024});
    v(&CommonOptions::json, "json", {.help = "print results as JSON"});
    v(&CommonOptions::quiet, "quiet", {.help = "no progress and no notes"});
  }
};

/// A word of a command line, quoted as a shell needs it.
std::string shell_word(const std::string& word);

/// Throws InputError unless every required field was given.
void require_given(const Command& command);

/// Parses the command line and runs. Returns the exit code: 0 done, 1 a required condition does
/// not hold, 2 wrong input, 3 a bug, 130 interrupted.
int run_program(int argc, char** argv, const TorchParts& torch);

}  // namespace evenface::cli
