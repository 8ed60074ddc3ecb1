#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/cli/command.h"
#include "evenface/cli/text_table.h"
#include "evenface/study/wording.h"
#include "evenface/train/train.h"

namespace evenface::cli {
namespace {

int run(const train::TrainOptions& options, const Shell& shell) {
  const train::TrainSummary summary = shell.torch.train(options, shell.context);
  if (shell.json) {
    nlohmann::json runs = nlohmann::json::array();
    for (const auto& r : summary.runs)
      runs.push_back({{"folder", r.folder.string()},
                      {"seed", r.seed},
                      {"epochs", r.epochs},
                      {"best_epoch", r.best_epoch},
                      {"validation_joint_accuracy", r.validation_joint_accuracy},
                      {"validation_cell_sd", r.validation_cell_sd},
                      {"training_rows", r.training_rows},
                      {"was_finished", r.was_finished}});
    fmt::print("{}\n", nlohmann::json{{"runs", runs}}.dump(1));
    return 0;
  }
  TextTable table({"run", "seed", "best epoch", "validation accuracy", "SD over cells", "<"});
  for (const auto& r : summary.runs)
    table.add({r.folder.string(), std::to_string(r.seed), fmt::format("{} of {}", r.best_epoch, r.epochs),
               study::points(r.validation_joint_accuracy), study::points(r.validation_cell_sd),
               r.was_finished ? "was finished" : ""});
  fmt::print("{}", table.text());
  return 0;
}

}  // namespace

Command train_command() {
  Command command = make_command<train::TrainOptions>(
      "train", "Train a classifier with several heads, plainly or with a mitigation",
      "evenface train faces -o runs/baseline --tasks race,gender --seeds 5", {"data"}, {"data", "output"}, run);
  command.needs_torch = true;
  return command;
}

}  // namespace evenface::cli
