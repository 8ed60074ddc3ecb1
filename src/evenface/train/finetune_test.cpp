#include "evenface/train/finetune.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/equal.h>
#include <gmock/gmock.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/train/frozen_stages.h"
#include "evenface/train/pixel_source.h"
#include "evenface/train/sample_backbone.h"
#include "evenface/train/train.h"

namespace evenface::train {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const Context kContext{.threads = 1};

class Finetuning : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch_ = std::make_unique<Scratch>();
    data_ = *scratch_ / "data";
    write_sample_backbone(data_, {.train = 60, .val = 12, .test = 12, .pictures_px = 32});
  }
  static void TearDownTestSuite() { scratch_.reset(); }

  /// Options of a run in a folder of its own.
  static TrainOptions options() {
    static int runs = 0;
    return finetune_options(data_, *scratch_ / ("run" + std::to_string(++runs)));
  }
  static net::Weights model(const TrainOptions& options) {
    return net::read_safetensors(fs::path(options.output) / "model.safetensors");
  }

  inline static std::unique_ptr<Scratch> scratch_;
  inline static fs::path data_;
};

TEST_F(Finetuning, ChangesTheNamedStageAndNothingBeforeIt) {
  TrainOptions o = options();
  o.input_dropout = o.hidden_dropout = 0;
  const TrainSummary summary = train(o, kContext);
  EXPECT_GE(summary.runs.at(0).validation_joint_accuracy, 0.75);
  const net::Weights before = net::read_safetensors(data_ / "backbone.safetensors"), after = model(o);
  const net::Graph graph = net::efficientnet_lite0();
  const int begin = graph.stages[static_cast<std::size_t>(net::stage_named(graph, "conv_head"))].begin;
  int frozen = 0, changed = 0;
  for (const net::Parameter& parameter : net::parameters_of(graph)) {
    if (parameter.node > graph.feature_node) continue;  // the published classifier is left out
    const bool equal = before.tensors.at(parameter.name) == after.tensors.at("backbone." + parameter.name);
    EXPECT_EQ(equal, parameter.node < begin) << parameter.name;
    ++(parameter.node < begin ? frozen : changed);
  }
  EXPECT_GT(frozen, 200);
  EXPECT_GE(changed, 5) << "weights, and the running statistics of the trained stage";
}

TEST_F(Finetuning, ChangesTheHeadsToo) {
  TrainOptions frozen = options(), tuned = options();
  frozen.finetune_from.clear();
  frozen.monitor = tuned.monitor = "loss";
  frozen.input_dropout = tuned.input_dropout = frozen.hidden_dropout = tuned.hidden_dropout = 0;
  train(frozen, kContext), train(tuned, kContext);
  // The heads start alike, so what differs is the backbone.
  EXPECT_NE(model(frozen).tensors.at("heads.output.weight"), model(tuned).tensors.at("heads.output.weight"));
  EXPECT_EQ(model(frozen).tensors.at("heads.standard.mean"), model(tuned).tensors.at("heads.standard.mean"));
  EXPECT_FALSE(model(frozen).tensors.contains("backbone.conv_head.weight"));
}

TEST_F(Finetuning, RunsInBf16) {
  TrainOptions o = options();
  o.precision = "bf16", o.augment = "standard", o.input_dropout = o.hidden_dropout = 0;
  EXPECT_GE(train(o, kContext).runs.at(0).validation_joint_accuracy, 0.75);
}

TEST_F(Finetuning, KeepsMomentsOfTrainedArraysOnly) {
  TrainOptions o = options();
  train(o, kContext);
  const std::string checkpoint = read_file(fs::path(o.output) / "checkpoints" / "last.safetensors");
  EXPECT_THAT(checkpoint.substr(0, 100000), HasSubstr("adamw.first.backbone.conv_head.weight"));
  EXPECT_EQ(checkpoint.find("adamw.first.backbone.conv_stem.weight"), std::string::npos)
      << "a frozen array has no moments";
}

TEST_F(Finetuning, NamesAStageThatIsNotThere) {
  TrainOptions o = options();
  o.finetune_from = "layer4";
  try {
    train(o, kContext);
    FAIL();
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(), HasSubstr("conv_head"));
  }
}

TEST_F(Finetuning, VariesEachPictureByItsOwnAddress) {
  TrainOptions o = options();
  o.augment = "standard";
  const Examples examples = read_examples(data_, {}, {});
  const net::Normalisation normalisation = net::efficientnet_lite0().normalisation;
  const PixelSource one(o, examples, normalisation, 1), two(o, examples, normalisation, 2);
  std::vector<std::int64_t> rows{4, 17, 3, 29}, back{29, 17};
  const at::Tensor all = one.varied(rows, 1, 0);
  EXPECT_TRUE(at::equal(all, two.varied(rows, 1, 0))) << "the thread count must not matter";
  EXPECT_TRUE(at::equal(all[3], two.varied(back, 1, 0)[0])) << "nor the batch";
  EXPECT_FALSE(at::equal(all, one.varied(rows, 1, 1))) << "another epoch";
  EXPECT_FALSE(at::equal(all, one.varied(rows, 2, 0))) << "another seed";
  EXPECT_FALSE(at::equal(all, one.plain(rows)));
  o.augment = "none";
  EXPECT_TRUE(at::equal(PixelSource(o, examples, normalisation, 2).varied(rows, 1, 0), one.plain(rows)));
}

TEST_F(Finetuning, StoresTheFrozenStagesOutputOnlyWherePicturesStay) {
  TrainOptions o = options();
  const Examples examples = read_examples(data_, {}, {});
  const Features stored = stored_boundaries(o, examples, kContext);
  ASSERT_TRUE(stored.values.defined());
  EXPECT_EQ(stored.width(), 320) << "32 px pictures are one pixel of 320 channels there";
  o.finetune_from = "stem";
  EXPECT_FALSE(stored_boundaries(o, examples, kContext).values.defined()) << "nothing is frozen";
  o.finetune_from = "blocks.3", o.augment = "standard";
  EXPECT_FALSE(stored_boundaries(o, examples, kContext).values.defined());
}

TEST_F(Finetuning, SeesTheSameByEitherEngineAndFromTheStore) {
  for (const char* stage : {"stem", "blocks.3", "conv_head"}) {
    TrainOptions o = options();
    o.finetune_from = stage;
    const Examples examples = read_examples(data_, {}, {});
    const Features features = features_for(o, examples, kContext), stored = stored_boundaries(o, examples, kContext);
    const Features nothing;
    const HeadShape shape{.features = 1280, .hidden = 16, .classes = 5};
    const std::vector<std::int64_t> rows{5, 50, 7};
    const at::Tensor whole = make_frozen_learner(features, examples, shape, 1)->logits(rows);
    for (const Features* boundaries : {&stored, &nothing}) {
      const auto learner = make_finetune_learner(o, examples, features, *boundaries, shape, 2);
      EXPECT_LT((learner->logits(rows) - whole).abs().max().item<float>(), 1e-4) << stage;
    }
  }
}

}  // namespace
}  // namespace evenface::train
