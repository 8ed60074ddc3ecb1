#include "evenface/net/graph.h"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "evenface/core/error.h"
#include "evenface/net/architectures.h"

namespace evenface::net {
namespace {

// Oracle: state dicts of torchvision's resnet18 and timm's tf_efficientnet_lite0,
// written by tests/reference/make_net_reference.py.
TEST(Graph, HasTheReferenceLibrarysParametersInItsOrder) {
  using ordered = nlohmann::ordered_json;
  const ordered all = ordered::parse(std::ifstream(EVENFACE_SOURCE "/python/evenface/state_dicts.json"));
  ASSERT_EQ(all.size(), architectures().size());
  for (const auto& [architecture, expected] : all.items()) {
    const std::vector<Parameter> found = parameters_of(graph_named(architecture));
    ASSERT_EQ(found.size(), expected.size()) << architecture;
    std::size_t i = 0;
    for (const auto& [name, shape] : expected.items()) {
      EXPECT_EQ(found[i].name, name);
      EXPECT_EQ(found[i].shape, shape.get<std::vector<std::int64_t>>()) << name;
      ++i;
    }
  }
}

TEST(Graph, HeadsReplaceThePublishedOne) {
  const Graph published = resnet18();
  const Graph graph = with_heads(published, {{"race", 7}, {"gender", 2}});
  ASSERT_EQ(graph.outputs.size(), 2U);
  EXPECT_EQ(graph.node(graph.outputs[0]).name, "head.race");
  EXPECT_EQ(graph.node(graph.outputs[1]).channels, 2);
  EXPECT_EQ(graph.feature_node, published.feature_node);
  const std::vector<Parameter> parameters = parameters_of(graph);
  EXPECT_EQ(parameters[parameters.size() - 4].name, "head.race.weight");
  EXPECT_EQ(parameters[parameters.size() - 4].shape, (std::vector<std::int64_t>{7, 512}));
  EXPECT_THROW(with_heads(published, {}), InputError);
  EXPECT_THROW(with_heads(published, {{"race", 0}}), InputError);
}

TEST(Graph, NamesAreFoundOrRefusedWithAHint) {
  const Graph graph = efficientnet_lite0();
  EXPECT_EQ(node_named(graph, "features"), graph.feature_node);
  EXPECT_EQ(graph.stages[static_cast<std::size_t>(stage_named(graph, "blocks.5"))].name, "blocks.5");
  try {
    node_named(graph, "feature");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(error.problem().remedy.find("features"), std::string::npos);
  }
  try {
    stage_named(graph, "layer4");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(error.problem().expected.find("blocks.6, conv_head, head"), std::string::npos);
  }
  EXPECT_THROW(graph_named("resnet99"), InputError);
}

TEST(Graph, CheckRefusesWhatCannotBeComputed) {
  const auto broken = [](auto change) {
    Graph graph = resnet18();
    change(graph);
    EXPECT_THROW(check(graph), InternalError);
  };
  broken([](Graph& g) { g.nodes[5].name = g.nodes[4].name; });
  broken([](Graph& g) { g.nodes[5].inputs = {7}; });
  broken([](Graph& g) { g.nodes[5].inputs = {}; });
  broken([](Graph& g) { g.stages[1].begin += 1; });
  broken([](Graph& g) { g.stages.pop_back(); });
  // A shortcut across a stage's boundary could not be computed from the boundary alone.
  broken([](Graph& g) { g.nodes[static_cast<std::size_t>(g.stages[2].begin) + 2].inputs = {1}; });
}

}  // namespace
}  // namespace evenface::net
