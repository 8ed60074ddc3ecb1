#include "evenface/cli/recipe.h"
#include "evenface/cli/recipes.h"

namespace evenface::cli {
namespace {

struct DemoOptions {
  std::string output = "evenface-demo";
  template <class V>
  static void fields(V& v) {
    v(&DemoOptions::output, "output", {.help = "folder to work in"});
  }
};

int run(const DemoOptions& options, const Shell& shell) {
  Recipe recipe = read_recipe(std::string(demo_recipe()), "recipes/demo.toml", {"output=" + options.output});
  return run_recipe(recipe, shell);
}

}  // namespace

Command demo_command() {
  Command command = make_command<DemoOptions>(
      "demo", "The whole way on simulated faces with an injected bias, in a few minutes", "evenface demo", {}, {}, run);
  command.needs_torch = true;
  return command;
}

}  // namespace evenface::cli
