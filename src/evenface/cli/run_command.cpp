#include "evenface/cli/recipe.h"
#include "evenface/core/file.h"

namespace evenface::cli {
namespace {

struct RunOptions {
  std::string recipe;
  std::vector<std::string> set;
  template <class V>
  static void fields(V& v) {
    v(&RunOptions::recipe, "recipe", {.help = "a TOML file that lists the stages"});
    v(&RunOptions::set, "set", {.help = "input=value or stage.option=value, before the recipe's own; repeat it"});
  }
};

int run(const RunOptions& options, const Shell& shell) {
  Recipe recipe = read_recipe(read_file(options.recipe), options.recipe, options.set);
  return run_recipe(recipe, shell);
}

}  // namespace

Command run_command() {
  Command command = make_command<RunOptions>(
      "run", "Run a recipe: a whole chain of commands; what is unchanged is not run again",
      "evenface run recipes/validation_attention.toml --set data=../fairface", {"recipe"}, {"recipe"}, run);
  command.needs_torch = true;
  return command;
}

}  // namespace evenface::cli
