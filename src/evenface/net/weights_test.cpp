#include "evenface/net/weights.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/net/architectures.h"

namespace evenface::net {
namespace {

std::string complaint(const auto& action) {
  try {
    action();
  } catch (const InputError& error) {
    return describe(error.problem());
  }
  return "no complaint";
}

TEST(CheckFit, ListsWhatDiffers) {
  const Graph graph = resnet18(4);
  Weights weights = initial_weights(graph, 1);
  check_fit(graph, weights, "a.safetensors");
  weights.tensors.erase("bn1.num_batches_tracked");
  check_fit(graph, weights, "a.safetensors");  // old files lack them

  weights.tensors.erase("bn1.bias");
  weights.tensors["extra.weight"] = {{1}, std::vector<float>{1}};
  weights.tensors["fc.bias"] = {{3}, std::vector<float>(3)};
  const std::string text = complaint([&] { check_fit(graph, weights, "a.safetensors"); });
  for (const char* part : {"a.safetensors", "missing: bn1.bias", "unexpected: extra.weight", "fc.bias is [3], not [4]",
                           "evenface.weights convert"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
}

TEST(InitialWeights, HaveTheSpreadOfTheirFan) {
  const Weights weights = initial_weights(with_heads(resnet18(), {{"race", 7}}), 5);
  const std::vector<float>& kernel = weights.tensors.at("layer3.0.conv1.weight").reals();
  double squares = 0;
  for (const float value : kernel) squares += static_cast<double>(value) * value;
  // 294,912 normal draws: the SD's own relative error is 1 / sqrt(2 n) = 0.13 %; five of them.
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(kernel.size())), std::sqrt(2.0 / (256 * 9)), 0.0065 * 0.0295);
  const std::vector<float>& head = weights.tensors.at("head.race.weight").reals();
  const double bound = 1 / std::sqrt(512.0);
  EXPECT_LE(*std::ranges::max_element(head), bound);
  EXPECT_GT(*std::ranges::max_element(head), 0.99 * bound);
  EXPECT_LT(*std::ranges::min_element(head), -0.99 * bound);
}

TEST(InitialWeights, AreAddressedBySeedAndName) {
  const Weights one = initial_weights(with_heads(resnet18(), {{"race", 7}}), 5);
  const Weights two = initial_weights(with_heads(resnet18(), {{"gender", 2}, {"race", 7}}), 5);
  EXPECT_EQ(one.tensors.at("head.race.weight"), two.tensors.at("head.race.weight"));
  EXPECT_NE(one.tensors.at("head.race.weight"),
            initial_weights(with_heads(resnet18(), {{"race", 7}}), 6).tensors.at("head.race.weight"));
}

TEST(BackboneWeights, KeepsTheBackboneAndMakesTheHeads) {
  const Weights published = initial_weights(resnet18(), 1);
  const Graph graph = with_heads(resnet18(), {{"race", 7}});
  const Weights weights = backbone_weights(graph, published, 2, "p.safetensors");
  check_fit(graph, weights, {});
  EXPECT_EQ(weights.tensors.at("layer1.0.conv1.weight"), published.tensors.at("layer1.0.conv1.weight"));
  EXPECT_FALSE(weights.tensors.contains("fc.weight"));
  EXPECT_EQ(weights.tensors.at("head.race.weight"), initial_weights(graph, 2).tensors.at("head.race.weight"));
  // A head that the file has is taken, and must fit.
  EXPECT_EQ(backbone_weights(graph, weights, 3, {}).tensors, weights.tensors);
  EXPECT_THROW(backbone_weights(with_heads(resnet18(), {{"race", 6}}), weights, 3, {}), InputError);
  EXPECT_THROW(backbone_weights(with_heads(efficientnet_lite0(), {{"race", 7}}), published, 2, {}), InputError);
}

TEST(FindWeights, LooksInTheNamedFolderOrSaysHowToMakeThem) {
  const Scratch scratch;
  const char* given = std::getenv("EVENFACE_MODELS");
  const std::string before = given == nullptr ? "" : given;
  setenv("EVENFACE_MODELS", scratch.path().c_str(), 1);
  const std::string text = complaint([] { find_weights("resnet18"); });
  EXPECT_NE(text.find("python -m evenface.weights convert resnet18.pth --architecture resnet18 -o"), std::string::npos)
      << text;
  EXPECT_NE(text.find(scratch.path().string()), std::string::npos);
  write_file(scratch / "resnet18.safetensors", "");
  EXPECT_EQ(find_weights("resnet18"), scratch / "resnet18.safetensors");
  setenv("EVENFACE_MODELS", before.c_str(), 1);  // empty counts as not given
}

}  // namespace
}  // namespace evenface::net
