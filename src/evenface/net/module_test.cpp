#include "evenface/net/module.h"

#include <ATen/ops/allclose.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/net/architectures.h"
#include "evenface/net/net_reference.h"
#include "evenface/net/weights_torch.h"

namespace evenface::net {
namespace {

at::Tensor pictures(std::int64_t batch, std::int64_t px) {
  return to_torch({{batch, 3, px, px}, reference::pictures(batch, px)});
}

std::vector<float> every(const at::Tensor& values, std::int64_t step) {
  return reference::every(from_torch(values).reals(), values.size(1), step);
}

at::Tensor named(const Module& module, const std::string& name) {
  for (const NamedTensor& item : module.trained())
    if (item.name == name) return item.tensor;
  return {};
}

class ModuleReference : public testing::TestWithParam<std::size_t> {};

// Oracle: torchvision's resnet18 and timm's tf_efficientnet_lite0 on the same weights.
TEST_P(ModuleReference, IsTheReferenceLibrary) {
  const nlohmann::json& reference = reference::numbers()["evaluated"][GetParam()];
  Graph graph = graph_named(reference["architecture"], reference["classes"]);
  Weights weights;
  if (reference["weights"] == "formula") {
    weights = reference::weights_of(graph);
  } else {
    try {
      weights = read_safetensors(find_weights(graph.architecture));
    } catch (const InputError& error) {
      GTEST_SKIP() << error.what();
    }
  }
  Module module(std::move(graph), weights);
  const at::Tensor x = pictures(reference["batch"], reference["px"]);
  const at::Tensor features = module.forward_to(x, module.graph().feature_node);
  EXPECT_LT(reference::largest_difference(every(features, reference["feature_step"]), reference["features"]), 1e-4);
  const double difference =
      reference::largest_difference(every(module.forward(x)[0], reference["logit_step"]), reference["logits"]);
  EXPECT_LT(difference, 1e-4);
  RecordProperty("largest_logit_difference", std::to_string(difference));
}
INSTANTIATE_TEST_SUITE_P(Networks, ModuleReference, testing::Range<std::size_t>(0, 5));

class TrainingReference : public testing::TestWithParam<std::size_t> {};

// Oracle: loss, gradients and running statistics of the same step in PyTorch.
TEST_P(TrainingReference, TakesTheReferenceLibrarysStep) {
  const nlohmann::json& reference = reference::numbers()["trained"][GetParam()];
  const Graph graph = graph_named(reference["architecture"], reference["classes"]);
  Module module(graph, reference::weights_of(graph));
  module.train_from(0);
  module.use_batch_statistics(true);
  const at::Tensor targets = at::tensor(reference["targets"].get<std::vector<std::int64_t>>());
  const at::Tensor loss =
      at::cross_entropy_loss(module.forward(pictures(reference["batch"], reference["px"]))[0], targets);
  loss.backward();
  EXPECT_NEAR(loss.item<float>(), reference["loss"].get<float>(), 1e-4);
  for (const nlohmann::json& gradient : reference["gradients"]) {
    const at::Tensor found = named(module, gradient["name"]).grad();
    ASSERT_TRUE(found.defined());
    const double norm = gradient["norm"];
    EXPECT_NEAR(found.norm().item<float>(), norm, 1e-3 * norm) << gradient["name"];
    const std::vector<float> first = from_torch(found.contiguous().flatten().slice(0, 0, 4)).reals();
    EXPECT_LT(reference::largest_difference(first, gradient["first"]), 1e-3 * norm) << gradient["name"];
  }
  const Weights after = module.weights();
  std::vector<float> statistic = after.tensors.at(reference["statistic"]).reals();
  statistic.resize(8);
  EXPECT_LT(reference::largest_difference(statistic, reference["statistic_values"]), 1e-5);
}
INSTANTIATE_TEST_SUITE_P(Networks, TrainingReference, testing::Range<std::size_t>(0, 2));

TEST(Module, AStageContinuesFromItsBoundary) {
  const Graph graph = with_heads(efficientnet_lite0(), {{"race", 7}, {"gender", 2}});
  Module module(graph, reference::weights_of(graph));
  const at::Tensor x = pictures(2, 64);
  const std::vector<at::Tensor> whole = module.forward(x);
  ASSERT_EQ(whole.size(), 2U);
  for (int stage = 0; stage < static_cast<int>(graph.stages.size()); ++stage) {
    const at::Tensor boundary = module.boundary(x, stage);
    const at::Tensor kept = boundary.clone();
    const std::vector<at::Tensor> continued = module.forward_from(boundary, stage);
    EXPECT_TRUE(continued[0].equal(whole[0]) && continued[1].equal(whole[1])) << graph.stages[stage].name;
    EXPECT_TRUE(boundary.equal(kept)) << "a cached boundary must not be overwritten: " << graph.stages[stage].name;
  }
}

TEST(Module, FrozenStagesStayAsTheyAre) {
  const Graph graph = with_heads(resnet18(), {{"race", 7}});
  const Weights before = reference::weights_of(graph);
  Module module(graph, before);
  module.train_from(stage_named(graph, "layer4"));
  module.use_batch_statistics(true);
  ASSERT_EQ(module.trained().size(), 15U + 2U);  // 5 convolutions, 5 batch norms, 1 head
  EXPECT_EQ(module.trained().front().name, "layer4.0.conv1.weight");
  const at::Tensor targets = at::tensor(std::vector<std::int64_t>{1, 0, 6});
  at::cross_entropy_loss(module.forward(pictures(3, 64))[0], targets).backward();

  const Weights after = module.weights();
  int moved = 0;
  for (const auto& [name, tensor] : after.tensors) {
    const bool statistic = name.find("running_") != std::string::npos || name.ends_with("tracked");
    const bool expected = statistic && name.starts_with("layer4");
    EXPECT_EQ(tensor != before.tensors.at(name), expected) << name;
    moved += tensor != before.tensors.at(name);
  }
  EXPECT_EQ(moved, 15);
  for (const NamedTensor& item : module.trained()) EXPECT_TRUE(item.tensor.grad().defined()) << item.name;
}

TEST(Module, GivesBackTheWeightsItGot) {
  const Graph graph = resnet18(4);
  const Weights first = reference::weights_of(graph), second = initial_weights(graph, 1);
  Module module(graph, first);
  EXPECT_EQ(module.weights().tensors, first.tensors);
  module.train_from(0);
  const at::Tensor own = named(module, "fc.weight");
  module.load(second);
  EXPECT_EQ(module.weights().tensors, second.tensors);
  EXPECT_EQ(from_torch(own), second.tensors.at("fc.weight")) << "load() must keep the optimiser's tensors";
  EXPECT_THROW(module.load(reference::weights_of(resnet18(5))), InputError);
}

}  // namespace
}  // namespace evenface::net
