#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "evenface/cli/recipe.h"
#include "evenface/cli/stage_stamp.h"
#include "evenface/core/file.h"

namespace evenface::cli {
namespace {

bool unchanged(const Stage& stage) {
  const auto path = stamp_path(stage);
  return !path.empty() && std::filesystem::exists(path) && read_file(path) == stamp_of(stage);
}

}  // namespace

int run_recipe(Recipe& recipe, const Shell& shell) {
  int code = 0;
  for (std::size_t i = 0; i < recipe.stages.size(); ++i) {
    Stage& stage = recipe.stages[i];
    const bool last = i + 1 == recipe.stages.size();
    // The last stage is the answer: it is cheap, and its result is what the user came for.
    const bool skip = !last && unchanged(stage);
    if (!shell.context.console.quiet)
      fmt::print(stderr, "[{}/{}] {}: evenface {}{}\n", i + 1, recipe.stages.size(), stage.name, stage.command.name,
                 skip ? ", unchanged" : "");
    if (skip) continue;
    code = stage.command.run(shell);
    if (code != 0) return code;
    if (const auto path = stamp_path(stage); !path.empty()) write_file(path, stamp_of(stage));
  }
  return code;
}

}  // namespace evenface::cli
