#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/balance/validation_attention.h"
#include "evenface/cli/command.h"
#include "evenface/cli/judgement_output.h"
#include "evenface/cli/text_table.h"
#include "evenface/study/outcomes.h"
#include "evenface/study/wording.h"

namespace evenface::cli {
namespace {
using nlohmann::json;

struct WeightsOptions {
  std::vector<std::string> predictions, by, truth, predicted;
  std::string id = "id", data, split = "val";
  bool csv = false;
  template <class V>
  static void fields(V& v) {
    v(&WeightsOptions::predictions, "predictions",
      {.help = "a file of predictions of validation rows, a run folder or a folder of runs"});
    v(&WeightsOptions::by, "by", {.help = "attributes or labels whose crossing makes the classes, e.g. race,gender"});
    v(&WeightsOptions::id, "id", {.help = "column of the row's id"});
    v(&WeightsOptions::truth, "truth", {.help = "columns of the true labels, one per task"});
    v(&WeightsOptions::predicted, "predicted", {.help = "columns of the predicted labels, one per task"});
    v(&WeightsOptions::data, "data", {.help = "data set folder that gives truth and attributes, joined by id"});
    v(&WeightsOptions::split, "split",
      {.help = "which predictions of a run folder are used", .choices = {"val", "train"}});
    v(&WeightsOptions::csv, "csv", {.help = "print a row per class: its levels, n, accuracy and weight"});
  }
};

/// A class of the crossing, how well its rows are judged, and the weight of its training rows.
struct ClassWeight {
  std::string name;
  std::vector<std::string> levels;
  stats::GroupCount count;
  double weight = 1;
};

std::vector<ClassWeight> weights_of(const study::Outcomes& outcomes) {
  const auto counts = stats::mean_counts(study::cells_of(outcomes), stats::Arm::kBefore);
  std::vector<double> accuracies;
  for (const stats::GroupCount& c : counts) accuracies.push_back(c.rate());  // NaN where nobody is in the class
  const std::vector<double> weights = balance::validation_attention(accuracies);
  std::vector<ClassWeight> classes;
  for (std::size_t g = 0; g < counts.size(); ++g) {
    const auto group = static_cast<std::int64_t>(g);
    classes.push_back(
        {study::group_name(outcomes, 0, group), study::levels_of(outcomes, 0, group), counts[g], weights[g]});
  }
  return classes;
}

/// What must be known before the weights are used.
std::vector<std::string> notes_of(const std::vector<ClassWeight>& classes, const study::Outcomes& outcomes) {
  constexpr double kFew = 30;
  std::vector<std::string> notes = outcomes.notes;
  const auto few = std::ranges::count_if(classes, [](const ClassWeight& c) { return c.count.n < kFew; });
  if (few > 0)
    notes.push_back(fmt::format("{} of {} classes have fewer than {:.0f} rows: their weights follow chance.", few,
                                classes.size(), kFew));
  return notes;
}

json machine_form(const std::vector<ClassWeight>& classes, const study::Outcomes& outcomes) {
  json j{{"rule", "validation-attention"},
         {"by", outcomes.by()},
         {"rows", outcomes.rows()},
         {"groups", json::array()},
         {"notes", notes_of(classes, outcomes)}};
  for (const ClassWeight& c : classes)
    j["groups"].push_back({{"name", c.name},
                           {"levels", c.levels},
                           {"n", c.count.n},
                           {"accuracy", c.count.n > 0 ? json(c.count.rate()) : json(nullptr)},
                           {"weight", c.weight}});
  return j;
}

std::string csv_form(const std::vector<ClassWeight>& classes, const study::Outcomes& outcomes) {
  std::vector<std::string> headings = outcomes.by();
  headings.insert(headings.end(), {"n", "accuracy", "weight"});
  TextTable table(std::move(headings));
  for (const ClassWeight& c : classes) {
    std::vector<std::string> cells = c.levels;
    cells.insert(cells.end(), {fmt::format("{:.0f}", c.count.n), c.count.n > 0 ? fmt::format("{}", c.count.rate()) : "",
                               fmt::format("{}", c.weight)});
    table.add(std::move(cells));
  }
  return table.csv();
}

void print(std::vector<ClassWeight> classes, const study::Outcomes& outcomes) {
  std::ranges::stable_sort(classes, std::greater(), &ClassWeight::weight);
  fmt::print("Weights of {} classes from {} validation rows: training rows of classes judged worse count more.\n\n",
             classes.size(), outcomes.rows());
  TextTable table({"class", "n", "accuracy", "weight"});
  for (const ClassWeight& c : classes)
    table.add({c.name, fmt::format("{:.0f}", c.count.n), c.count.n > 0 ? study::points(c.count.rate()) : "n/e",
               fmt::format("{:.3f}", c.weight)});
  fmt::print("{}\n", table.text());
  for (const std::string& note : notes_of(classes, outcomes)) fmt::print("{}\n", note);
  fmt::print("Give a training row the weight of its class, divided by the mean weight over all training rows.\n");
}

int run(const WeightsOptions& options, const Shell& shell) {
  require_one_form(shell.json, options.csv, false);
  const study::OutcomeColumns columns{.id = options.id,
                                      .truth = options.truth,
                                      .predicted = options.predicted,
                                      .by = {options.by},
                                      .data = options.data};
  const study::Outcomes outcomes =
      study::load_outcomes(study::runs_at(options.predictions, options.split), {}, columns, shell.context);
  const std::vector<ClassWeight> classes = weights_of(outcomes);
  if (shell.json) {
    fmt::print("{}\n", machine_form(classes, outcomes).dump(1));
  } else if (options.csv) {
    fmt::print("{}", csv_form(classes, outcomes));
    for (const std::string& note : notes_of(classes, outcomes))
      if (!shell.context.console.quiet) fmt::print(stderr, "note: {}\n", note);
  } else {
    print(classes, outcomes);
  }
  return 0;
}

}  // namespace

Command weights_command() {
  return make_command<WeightsOptions>(
      "weights", "Weights for training, from who is judged badly on validation rows",
      "evenface weights val.csv --id file --truth label --predicted pred --by label,gender --csv", {"predictions"},
      {"predictions", "by"}, run);
}

}  // namespace evenface::cli
