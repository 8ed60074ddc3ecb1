#include "evenface/net/graph.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/core/error.h"
#include "evenface/core/options.h"
#include "evenface/net/builder.h"

namespace evenface::net {
namespace {

template <class Items>
std::vector<std::string> names_of(const Items& items) {
  std::vector<std::string> names;
  for (const auto& item : items) names.push_back(item.name);
  return names;
}

template <class Items>
int index_named(const Items& items, std::string_view name) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? -1 : static_cast<int>(found - items.begin());
}

void check_nodes(const Graph& graph) {
  std::set<std::string> names;
  for (int i = 0; i < static_cast<int>(graph.nodes.size()); ++i) {
    const Node& node = graph.node(i);
    ensure(names.insert(node.name).second, "two nodes of a graph have the same name");
    ensure((node.op == Op::kInput) == (i == 0), "the input, and only it, is node 0");
    ensure(node.inputs.size() == (i == 0 ? 0U : node.op == Op::kAdd ? 2U : 1U), "a node has the inputs of its kind");
    for (const int input : node.inputs) ensure(0 <= input && input < i, "a node's inputs come before it");
    ensure(node.channels > 0 && node.groups > 0, "channels and groups are positive");
  }
}

void check_stages(const Graph& graph) {
  int next = 1;
  for (const Stage& stage : graph.stages) {
    ensure(stage.begin == next && stage.end > stage.begin, "stages follow each other without gaps");
    for (int i = stage.begin; i < stage.end; ++i)
      for (const int input : graph.node(i).inputs) ensure(input >= stage.begin - 1, "a stage sees only its boundary");
    next = stage.end;
  }
  ensure(next == static_cast<int>(graph.nodes.size()), "stages cover all nodes");
  ensure(graph.stages.back().begin == graph.feature_node + 1, "the head stands on the features");
}

std::int64_t channels_into(const Graph& graph, const Node& node) { return graph.node(node.inputs[0]).channels; }

}  // namespace

int node_named(const Graph& graph, std::string_view name) {
  const int index = index_named(graph.nodes, name);
  if (index >= 0) return index;
  const auto near = nearest_name(std::string(name), names_of(graph.nodes));
  throw InputError(
      {.file = {},
       .at = std::string(name),
       .found = fmt::format("{} has no such node", graph.architecture),
       .expected = fmt::format("a node such as {} or {}", graph.nodes[1].name, graph.node(graph.feature_node).name),
       .remedy = near ? fmt::format("did you mean {}?", *near) : std::string()});
}

int stage_named(const Graph& graph, std::string_view name) {
  const int index = index_named(graph.stages, name);
  if (index >= 0) return index;
  throw InputError({.file = {},
                    .at = std::string(name),
                    .found = fmt::format("{} has no such stage", graph.architecture),
                    .expected = fmt::format("one of {}", fmt::join(names_of(graph.stages), ", ")),
                    .remedy = {}});
}

Graph with_heads(Graph graph, const std::vector<Head>& heads) {
  require(!heads.empty(), "a network needs at least one head");
  std::vector<std::pair<std::string, std::int64_t>> layers;
  for (const Head& head : heads) {
    require(head.classes > 0, "a head needs at least one class", head.name, head.classes);
    layers.emplace_back("head." + head.name, head.classes);
  }
  graph.nodes.resize(static_cast<std::size_t>(graph.stages.back().begin), Node{});
  graph.stages.pop_back();
  graph.outputs.clear();
  append_head(graph, layers);
  check(graph);
  return graph;
}

std::vector<Parameter> parameters_of(const Graph& graph) {
  using Kind = Parameter::Kind;
  std::vector<Parameter> all;
  for (int i = 0; i < static_cast<int>(graph.nodes.size()); ++i) {
    const Node& node = graph.node(i);
    const auto add = [&](const char* part, std::vector<std::int64_t> shape, Kind kind = Kind::kTrained) {
      all.push_back({node.name + part, std::move(shape), kind, i});
    };
    const std::int64_t size = node.window.size;
    if (node.op == Op::kConv) add(".weight", {node.channels, channels_into(graph, node) / node.groups, size, size});
    if (node.op == Op::kLinear) add(".weight", {node.channels, channels_into(graph, node)});
    if (node.op == Op::kBatchNorm) add(".weight", {node.channels});
    if (node.op == Op::kLinear || node.op == Op::kBatchNorm) add(".bias", {node.channels});
    if (node.op != Op::kBatchNorm) continue;
    add(".running_mean", {node.channels}, Kind::kStatistic);
    add(".running_var", {node.channels}, Kind::kStatistic);
    add(".num_batches_tracked", {}, Kind::kCount);
  }
  return all;
}

void check(const Graph& graph) {
  check_nodes(graph);
  check_stages(graph);
}

}  // namespace evenface::net
