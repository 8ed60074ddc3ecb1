#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "evenface/cli/command.h"

namespace evenface::cli {

/// One stage of a recipe: a command with its options resolved.
struct Stage {
  std::string name;
  Command command;
};

/// A chain of commands, as a TOML file describes it:
///
///     title = "..."
///     [inputs]            # replaced by --set data=..., used as {data}
///     data = ""
///     [[stage]]           # in order
///     name = "faces"
///     command = "ingest"
///     source = "{data}"   # any option of the command
struct Recipe {
  std::string title;
  std::map<std::string, std::string> inputs;
  std::vector<Stage> stages;
};

/// Reads a recipe. `settings` are the texts of --set: `input=value`, or `stage.option=value`.
/// Throws InputError with file, line or key, and remedy for a syntax error, an unknown option, stage
/// or input, an input that has no value, and a value out of range.
Recipe read_recipe(const std::string& text, const std::string& file, const std::vector<std::string>& settings);

/// Runs the stages in order. A stage whose options, inputs and code version are those of its last
/// finished run is skipped. Returns the last stage's exit code.
int run_recipe(Recipe& recipe, const Shell& shell);

}  // namespace evenface::cli
