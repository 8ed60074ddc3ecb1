#include "evenface/train/train.h"

#include <map>

#include <gmock/gmock.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/hash.h"
#include "evenface/core/scratch.h"
#include "evenface/net/weights.h"
#include "evenface/table/table.h"
#include "evenface/train/model_file.h"
#include "evenface/train/sample_set.h"

namespace evenface::train {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

const Context kContext{.threads = 1};

class Training : public testing::Test {
 protected:
  const Scratch scratch_;
  const fs::path data_ = scratch_ / "data";

  TrainOptions options(const std::string& output) const { return sample_options(data_, scratch_ / output); }
  std::string message_of(const TrainOptions& options) const {
    try {
      train(options, kContext);
    } catch (const InputError& e) {
      return e.what();
    }
    return "no error";
  }
};

std::string bytes_of(const fs::path& run, const char* file) { return read_file(run / file); }

/// Share of rows whose labels a run's predictions match, joined by id.
double joint_accuracy(const fs::path& run, const fs::path& data, const char* split) {
  using As = table::ColumnRequest::As;
  const table::Table p = table::TableReader::open(run / "predictions" / (std::string(split) + ".parquet"))
                             .read({{"id", As::kText}, {"shape.predicted", As::kText}, {"tint.predicted", As::kText}});
  const table::Table m = table::TableReader::open(data / "manifest.parquet")
                             .read({{"id", As::kText}, {"label.shape", As::kText}, {"label.tint", As::kText}});
  std::map<std::string, std::size_t> row;
  for (std::size_t i = 0; i < m.texts("id").size(); ++i) row[m.texts("id")[i]] = i;
  double right = 0;
  for (std::size_t i = 0; i < p.texts("id").size(); ++i) {
    const std::size_t k = row.at(p.texts("id")[i]);
    right += p.texts("shape.predicted")[i] == m.texts("label.shape")[k] &&
             p.texts("tint.predicted")[i] == m.texts("label.tint")[k];
  }
  return right / static_cast<double>(p.rows());
}

TEST_F(Training, OverfitsSixtyFourRows) {
  write_sample_set(data_, {.train = 64, .noise = 3});
  TrainOptions o = options("run");
  o.epochs = 150, o.hidden = 64, o.input_dropout = o.hidden_dropout = 0, o.monitor = "loss";
  train(o, kContext);
  const table::Table h = table::TableReader::open(fs::path(o.output) / "history.parquet")
                             .read({{"split", table::ColumnRequest::As::kText}, {"joint_accuracy"}});
  EXPECT_EQ(h.texts("split")[298], "train");
  EXPECT_GE(h.reals("joint_accuracy")[298], 63.0 / 64);
  EXPECT_LT(h.reals("joint_accuracy")[299], 0.6) << "noise was learnt, so unseen rows can't be right";
}

TEST_F(Training, LearnsWhatTheFeaturesKnowAndWritesTheRunFolder) {
  write_sample_set(data_, {.train = 200, .val = 60, .test = 80});
  const TrainOptions o = options("run");
  const TrainSummary summary = train(o, kContext);
  EXPECT_GT(joint_accuracy(o.output, data_, "test"), 0.9);
  EXPECT_NEAR(joint_accuracy(o.output, data_, "val"), summary.runs.at(0).validation_joint_accuracy, 1e-12);
  for (const char* file : {"run.json", "config.toml", "environment.json", "history.parquet", "weights.parquet",
                           "model.safetensors", "log.jsonl", "checkpoints/last.safetensors"})
    EXPECT_TRUE(fs::exists(fs::path(o.output) / file)) << file;
  EXPECT_THAT(bytes_of(o.output, "config.toml"), HasSubstr("learning_rate = 0.02  # default"));
  const ModelDescription model = describe_model(net::read_safetensors(fs::path(o.output) / "model.safetensors"), "");
  EXPECT_THAT(model.tasks, ElementsAre(Task{"shape", kShapes}, Task{"tint", kTints}));
  EXPECT_EQ(model.heads.features, 12);
  EXPECT_EQ(model.heads.classes, 5);
  const table::Table p =
      table::TableReader::open(fs::path(o.output) / "predictions" / "test.parquet").read({{"id"}, {"shape.scores"}});
  EXPECT_EQ(p.rows(), 80);
  for (std::size_t i = 0; i < 80; ++i) {
    const float* const s = p.vectors("shape.scores").values.data() + 3 * i;
    EXPECT_NEAR(s[0] + s[1] + s[2], 1, 1e-5);
  }
}

TEST_F(Training, IsNotRunAgainWhenNothingChanged) {
  write_sample_set(data_, {});
  TrainOptions o = options("run");
  EXPECT_FALSE(train(o, kContext).runs.at(0).was_finished);
  const auto written = fs::last_write_time(fs::path(o.output) / "model.safetensors");
  o.checkpoint_minutes = 0;  // changes nothing about the result
  const TrainSummary again = train(o, kContext);
  EXPECT_TRUE(again.runs.at(0).was_finished);
  EXPECT_GT(again.runs.at(0).best_epoch, 0);
  EXPECT_EQ(fs::last_write_time(fs::path(o.output) / "model.safetensors"), written);
}

TEST_F(Training, RefusesAFolderThatHoldsAnotherRun) {
  write_sample_set(data_, {});
  TrainOptions o = options("run");
  train(o, kContext);
  const std::string before = bytes_of(o.output, "model.safetensors");
  o.epochs = 3;
  EXPECT_THAT(message_of(o), HasSubstr("epochs: 6 there, 3 now"));
  EXPECT_EQ(bytes_of(o.output, "model.safetensors"), before);
  o.overwrite = true;
  EXPECT_EQ(train(o, kContext).runs.at(0).epochs, 3);
  write_sample_set(data_, {.noise = 0.5});
  o.overwrite = false;
  EXPECT_THAT(message_of(o), HasSubstr("features: "));
}

TEST_F(Training, RefusesAFolderOfOtherFiles) {
  write_sample_set(data_, {});
  const TrainOptions o = options("home");
  write_file(fs::path(o.output) / "config.toml", "mine");
  EXPECT_THAT(message_of(o), HasSubstr("no run.json"));
  EXPECT_EQ(bytes_of(o.output, "config.toml"), "mine");
}

TEST_F(Training, DoesNotDependOnTheOrderOfTheRows) {
  write_sample_set(data_, {});
  const TrainOptions a = options("a");
  train(a, kContext);
  // The features file's hash stands in the model's metadata, so only the arrays are compared.
  write_sample_set(data_, {.reversed = true});
  const TrainOptions b = options("b");
  train(b, kContext);
  EXPECT_EQ(net::read_safetensors(fs::path(a.output) / "model.safetensors").tensors,
            net::read_safetensors(fs::path(b.output) / "model.safetensors").tensors);
}

TEST_F(Training, SeveralSeedsAreSeveralRuns) {
  write_sample_set(data_, {});
  TrainOptions o = options("series");
  o.seeds = 3, o.seed = 10;
  const TrainSummary summary = train(o, kContext);
  ASSERT_EQ(summary.runs.size(), 3u);
  EXPECT_EQ(summary.runs[2].seed, 12);
  EXPECT_EQ(run_folders(o.output).size(), 3u);
  EXPECT_EQ(run_folders(o.output)[2], fs::path(o.output) / "seed-3");
  TrainOptions single = options("single");
  single.seed = 12;
  train(single, kContext);
  EXPECT_EQ(bytes_of(single.output, "model.safetensors"), bytes_of(fs::path(o.output) / "seed-3", "model.safetensors"));
  EXPECT_NE(bytes_of(fs::path(o.output) / "seed-1", "model.safetensors"),
            bytes_of(fs::path(o.output) / "seed-3", "model.safetensors"));
  o.seeds = 2;
  EXPECT_THAT(message_of(o), HasSubstr("none of these 2 seed(s)"));
  o.seeds = 1;
  EXPECT_THAT(message_of(o), HasSubstr("none of these 1 seed(s)"));
}

TEST_F(Training, PredictsWithTheBestEpoch) {
  write_sample_set(data_, {.train = 60, .noise = 1.2});
  TrainOptions o = options("run");
  o.epochs = 40, o.patience = 5;
  const TrainSummary summary = train(o, kContext);
  const table::Table h = table::TableReader::open(fs::path(o.output) / "history.parquet")
                             .read({{"split", table::ColumnRequest::As::kText}, {"epoch"}, {"joint_accuracy"}});
  std::int64_t best = 0;
  double highest = -1;
  for (std::size_t i = 0; i < h.texts("split").size(); ++i)
    if (h.texts("split")[i] == "val" && h.reals("joint_accuracy")[i] > highest)
      best = h.integers("epoch")[i], highest = h.reals("joint_accuracy")[i];
  EXPECT_EQ(summary.runs.at(0).best_epoch, best);
  EXPECT_EQ(summary.runs.at(0).epochs, best + 5) << "five epochs brought nothing better";
  EXPECT_LT(summary.runs.at(0).epochs, 40);
  EXPECT_EQ(joint_accuracy(o.output, data_, "val"), highest);
}

TEST_F(Training, NamesWhatCanNotBeTrainedOn) {
  write_sample_set(data_, {.val = 0});
  EXPECT_THAT(message_of(options("a")), HasSubstr("the split \"val\" holds 0 labelled rows"));
  write_sample_set(data_, {});
  TrainOptions o = options("b");
  o.tasks = {"shape", "colour"};
  EXPECT_THAT(message_of(o), HasSubstr("no label \"colour\""));
  o = options("c"), o.learning_rate = 1e9;
  EXPECT_THAT(message_of(o), HasSubstr("the loss became"));
  o = options("d"), o.feedback = "x";
  EXPECT_THAT(message_of(o), HasSubstr("takes no feedback"));
  o = options("e"), o.augment = "standard";
  EXPECT_THAT(message_of(o), HasSubstr("finetune_from"));
}

TEST_F(Training, NamesAClassWithoutTrainingRows) {
  write_sample_set(data_, {.train = 3, .val = 40});  // the seed leaves "round" out of the first three rows
  EXPECT_THAT(message_of(options("a")), HasSubstr("has no training rows"));
}

TEST_F(Training, NamesRowsWithoutFeatures) {
  write_sample_set(scratch_ / "small", {.train = 20});
  write_sample_set(data_, {});
  TrainOptions o = options("a");
  o.features = scratch_ / "small" / "features.parquet";
  EXPECT_THAT(message_of(o), HasSubstr("there are no features of \"row00084\""));
}

}  // namespace
}  // namespace evenface::train
