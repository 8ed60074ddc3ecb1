#include "evenface/train/train.h"

#include <cmath>
#include <optional>

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/hash.h"
#include "evenface/core/log.h"
#include "evenface/train/features.h"
#include "evenface/train/finetune.h"
#include "evenface/train/frozen_stages.h"
#include "evenface/train/loop.h"
#include "evenface/train/model_file.h"
#include "evenface/train/predictions.h"
#include "evenface/train/run_folder.h"
#include "evenface/train/weighting.h"

namespace evenface::train {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// JSON holds no NaN; it is written as null.
double real_of(const json& value) { return value.is_null() ? std::nan("") : value.get<double>(); }

RunSummary summary_of(const fs::path& folder, const json& stored, bool was_finished) {
  return {.folder = folder,
          .seed = stored.at("seed"),
          .epochs = stored.at("epochs"),
          .best_epoch = stored.at("best_epoch"),
          .validation_joint_accuracy = real_of(stored.at("validation_joint_accuracy")),
          .validation_cell_sd = real_of(stored.at("validation_cell_sd")),
          .training_rows = stored.at("training_rows"),
          .was_finished = was_finished};
}

json describe(const TrainOptions& options, const Examples& examples, const LoopResult& result) {
  const auto& best = result.history[static_cast<std::size_t>(2 * result.stopping.best_epoch - 1)];
  return {{"seed", options.seed},
          {"epochs", result.history.back().epoch},
          {"best_epoch", result.stopping.best_epoch},
          {"validation_joint_accuracy", share_correct(best.tally.joint)},
          {"validation_cell_sd", spread_over_cells(best.tally).sd},
          {"training_rows", examples.train.size()}};
}

/// The folder that drives this run's weighting: of a series the run with the same number.
fs::path feedback_folder(const TrainOptions& options, std::int64_t number) {
  const fs::path feedback = options.feedback;
  const fs::path own = feedback / fmt::format("seed-{}", number);
  return fs::exists(own) ? own : feedback;
}

/// What all seeds of one call share.
struct Material {
  Examples examples;
  Features features;
  std::unique_ptr<Weighting> weighting;
  std::optional<Features> boundaries;  ///< of fine-tuning, once a run needs them
};

std::unique_ptr<Learner> make_learner(const TrainOptions& options, Material& m, const Context& context) {
  const HeadShape shape = head_shape(options, m.examples.tasks, m.features.width());
  if (options.finetune_from.empty())
    return make_frozen_learner(m.features, m.examples, shape, static_cast<std::uint64_t>(options.seed));
  if (!m.boundaries) m.boundaries = stored_boundaries(options, m.examples, context);
  return make_finetune_learner(options, m.examples, m.features, *m.boundaries, shape, context.threads);
}

void write_results(const fs::path& folder, const TrainOptions& options, const Material& m, const RowWeights& weights,
                   const LoopResult& result, Learner& learner) {
  write_weights(folder / "weights.parquet", weights, m.examples);
  write_history(folder / "history.parquet", result.history, m.examples.tasks);
  write_model(folder / "model.safetensors", options, m.examples.tasks, m.features.hash, learner);
  make_folder(folder / "predictions");
  write_predictions(folder / "predictions" / "val.parquet", learner, m.examples, m.examples.val);
  write_predictions(folder / "predictions" / "test.parquet", learner, m.examples, m.examples.test);
}

RunSummary train_one(const TrainOptions& options, std::int64_t number, const fs::path& folder, Material& m,
                     const Context& context) {
  std::map<std::string, std::string> inputs{{"manifest", m.examples.manifest_sha256}, {"features", m.features.hash}};
  std::vector<balance::ClassCounts> feedback;
  if (m.weighting->needs_feedback()) {
    const fs::path source = feedback_folder(options, number);
    feedback = read_feedback(source, m.examples);
    inputs["feedback"] = sha256_of_file(source / "predictions" / "val.parquet");
  }
  const RunKey key = key_of_run(options, inputs);
  if (const json stored = claim_folder(folder, key, options.overwrite); !stored.is_null())
    return summary_of(folder, stored, true);

  RunLog log(folder);
  const Context own{context.threads, context.console, &log};
  log.event("train", {{"threads", context.threads}, {"run", hash_of(key)}});
  write_file(folder / "config.toml", config_toml(options));
  write_file(folder / "environment.json", describe_environment(options, key, context.threads).dump(1) + "\n");
  const RowWeights weights = weigh_rows(*m.weighting, m.examples, std::move(feedback));
  const auto learner = make_learner(options, m, own);
  const LoopResult result =
      run_loop(options, m.examples, weights.rows, *learner, folder / "checkpoints", hash_of(key), own);
  write_results(folder, options, m, weights, result, *learner);
  const json summary = describe(options, m.examples, result);
  finish_run(folder, key, summary);
  log.event("finished", summary);
  return summary_of(folder, summary, false);
}

void require_consistent(const TrainOptions& options, const Weighting& weighting) {
  const auto refuse = [](const char* at, const char* found, const char* remedy) {
    throw InputError({.file = {}, .at = at, .found = found, .expected = {}, .remedy = remedy});
  };
  if (options.data.empty()) refuse("data", "no data set is given", "name the folder that evenface ingest made");
  if (options.output.empty()) refuse("output", "no run folder is given", "name one with --output");
  if (weighting.needs_feedback() && options.feedback.empty())
    refuse("feedback", "this weighting learns from a finished run, and none is given",
           "train a baseline and name its folder with --feedback");
  if (!weighting.needs_feedback() && !options.feedback.empty())
    refuse("feedback", "this weighting takes no feedback", "leave out --feedback, or choose another --weighting");
  if (options.augment != "none" && options.finetune_from.empty())
    refuse("augment", "augmentation changes pictures, but a frozen backbone's features are made once",
           "set finetune_from, or augment = none");
  if (!options.finetune_from.empty() && !options.features.empty())
    refuse("features", "your own features come without a backbone to fine-tune", "leave out features or finetune_from");
}

/// A series in a folder that holds a single run, or a shorter one, would leave folders that belong to nothing.
void require_room_for_series(const TrainOptions& options) {
  const fs::path output = options.output;
  const auto refuse = [&](const fs::path& there, const char* remedy) {
    throw InputError({.file = there.string(),
                      .at = "output",
                      .found = fmt::format("the folder holds a run that is none of these {} seed(s)", options.seeds),
                      .expected = "a new folder, or one with a run of the same options",
                      .remedy = remedy});
  };
  if (options.seeds > 1 && fs::exists(output / "run.json")) refuse(output, "choose another --output");
  const fs::path next = output / fmt::format("seed-{}", options.seeds > 1 ? options.seeds + 1 : 1);
  if (fs::exists(next / "run.json")) refuse(next, "choose another --output, or delete that folder");
}

}  // namespace

TrainSummary train(const TrainOptions& options, const Context& context) {
  Material material{{}, {}, weighting_named(options.weighting), {}};
  require_consistent(options, *material.weighting);
  require_room_for_series(options);
  // Products of heads are too small to share: where anything else runs, two threads wait for each other longer
  // than they work (five times slower measured), and on one thread the weights are the same on every machine size.
  at::set_num_threads(options.finetune_from.empty() ? 1 : context.threads);
  material.examples = read_examples(options.data, options.tasks, options.weight_by);
  material.features = features_for(options, material.examples, context);

  TrainSummary summary;
  for (std::int64_t number = 1; number <= options.seeds; ++number) {
    TrainOptions one = options;
    one.seed = options.seed + number - 1;
    const fs::path folder =
        options.seeds == 1 ? fs::path(options.output) : fs::path(options.output) / fmt::format("seed-{}", number);
    summary.runs.push_back(train_one(one, number, folder, material, context));
  }
  return summary;
}

std::vector<fs::path> run_folders(const fs::path& output) {
  std::vector<fs::path> folders;
  for (int number = 1; fs::exists(output / fmt::format("seed-{}", number)); ++number)
    folders.push_back(output / fmt::format("seed-{}", number));
  if (folders.empty()) folders.push_back(output);
  for (const fs::path& folder : folders) require_finished(folder);
  return folders;
}

}  // namespace evenface::train
