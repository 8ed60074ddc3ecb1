#include "evenface/net/engine.h"

#include <cmath>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/net/architectures.h"
#include "evenface/net/net_reference.h"

namespace evenface::net {
namespace {

std::optional<Weights> weights_for(const nlohmann::json& reference, const Graph& graph) {
  if (reference["weights"] == "formula") return reference::weights_of(graph);
  try {
    return read_safetensors(find_weights(graph.architecture));
  } catch (const InputError&) {
    return std::nullopt;
  }
}

class EngineReference : public testing::TestWithParam<std::size_t> {
 protected:
  const nlohmann::json& reference = reference::numbers()["evaluated"][GetParam()];
  const std::int64_t batch = reference["batch"], px = reference["px"];
  const Graph graph = graph_named(reference["architecture"], reference["classes"]);
  const std::optional<Weights> weights = weights_for(reference, graph);
  const std::vector<float> pictures = reference::pictures(batch, px);

  void SetUp() override {
    if (!weights) GTEST_SKIP() << "no " << graph.architecture << ".safetensors; make it with evenface.weights";
  }
};

// Oracle: torchvision's resnet18 and timm's tf_efficientnet_lite0 on the same weights.
TEST_P(EngineReference, IsTheReferenceLibraryInF32) {
  Engine features(graph, *weights, graph.feature_node, {.image_px = px, .threads = 2});
  ASSERT_EQ(features.width(), graph.feature_width());
  EXPECT_LT(reference::largest_difference(
                reference::every(features.run(pictures, batch), features.width(), reference["feature_step"]),
                reference["features"]),
            1e-4);
  Engine logits(graph, *weights, graph.outputs[0], {.image_px = px, .threads = 2});
  const double difference = reference::largest_difference(
      reference::every(logits.run(pictures, batch), logits.width(), reference["logit_step"]), reference["logits"]);
  EXPECT_LT(difference, 1e-4);
  RecordProperty("largest_logit_difference", std::to_string(difference));
}

TEST_P(EngineReference, IsWithinThreePercentOfTheLogitsSpreadInBf16) {
  Engine logits(graph, *weights, graph.outputs[0], {.image_px = px, .precision = Precision::kBf16, .threads = 2});
  const std::vector<float> found =
      reference::every(logits.run(pictures, batch), logits.width(), reference["logit_step"]);
  double squares = 0;
  ASSERT_EQ(found.size(), reference["logits"].size());
  for (std::size_t i = 0; i < found.size(); ++i)
    squares += std::pow(static_cast<double>(found[i]) - reference["logits"][i].get<double>(), 2);
  const double error = std::sqrt(squares / static_cast<double>(found.size())) / reference["logit_sd"].get<double>();
  EXPECT_LT(error, 0.03);
  RecordProperty("relative_error", std::to_string(error));
}

INSTANTIATE_TEST_SUITE_P(Networks, EngineReference, testing::Range<std::size_t>(0, 5));

TEST(Engine, ABatchIsItsPicturesOneByOne) {
  const Graph graph = efficientnet_lite0(16);
  Engine engine(graph, reference::weights_of(graph), graph.feature_node, {.image_px = 64, .threads = 2});
  const std::vector<float> pictures = reference::pictures(5, 64);
  const std::vector<float> together = engine.run(pictures, 5);
  const std::size_t size = pictures.size() / 5, width = static_cast<std::size_t>(engine.width());
  for (std::size_t i = 0; i < 5; ++i) {
    const std::vector<float> alone = engine.run(std::span(pictures).subspan(i * size, size), 1);
    for (std::size_t k = 0; k < width; ++k) ASSERT_NEAR(alone[k], together[i * width + k], 1e-5);
  }
}

TEST(Engine, OwnsItsWeights) {
  const Graph graph = resnet18(4);
  Weights weights = reference::weights_of(graph);
  Engine engine(graph, weights, graph.outputs[0], {.image_px = 64});
  const std::vector<float> pictures = reference::pictures(1, 64);
  const std::vector<float> before = engine.run(pictures, 1);
  for (auto& [name, tensor] : weights.tensors)
    if (auto* reals = std::get_if<std::vector<float>>(&tensor.values)) std::ranges::fill(*reals, 0.0f);
  EXPECT_EQ(engine.run(pictures, 1), before);
}

TEST(Engine, RefusesWeightsOfAnotherNetwork) {
  const Graph graph = resnet18(4);
  EXPECT_THROW(Engine(graph, reference::weights_of(efficientnet_lite0(4)), graph.outputs[0], {}), InputError);
  EXPECT_THROW(precision_named("f16"), InputError);
}

}  // namespace
}  // namespace evenface::net
