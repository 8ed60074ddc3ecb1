#include "evenface/net/builder.h"

#include <utility>

namespace evenface::net {

Builder::Builder(std::string architecture, std::int64_t image_px, Normalisation normalisation)
    : graph_{.architecture = std::move(architecture),
             .image_px = image_px,
             .normalisation = normalisation,
             .nodes = {},
             .stages = {},
             .feature_node = 0,
             .outputs = {}} {
  append({.op = Op::kInput, .name = "pictures", .inputs = {}, .channels = 3});
}

int Builder::append(Node node) {
  graph_.nodes.push_back(std::move(node));
  return static_cast<int>(graph_.nodes.size()) - 1;
}

int Builder::conv(int from, const std::string& name, std::int64_t channels, Window window, std::int64_t groups) {
  return append(
      {.op = Op::kConv, .name = name, .inputs = {from}, .channels = channels, .window = window, .groups = groups});
}

int Builder::batch_norm(int from, const std::string& name, double epsilon, double momentum) {
  return append({.op = Op::kBatchNorm,
                 .name = name,
                 .inputs = {from},
                 .channels = channels(from),
                 .epsilon = epsilon,
                 .momentum = momentum});
}

int Builder::activation(int from, Op op, const std::string& name) {
  return append({.op = op, .name = name, .inputs = {from}, .channels = channels(from)});
}

int Builder::add(int left, int right, const std::string& name) {
  return append({.op = Op::kAdd, .name = name, .inputs = {left, right}, .channels = channels(left)});
}

int Builder::max_pool(int from, const std::string& name, Window window) {
  return append({.op = Op::kMaxPool, .name = name, .inputs = {from}, .channels = channels(from), .window = window});
}

int Builder::features(int from) {
  graph_.feature_node =
      append({.op = Op::kGlobalMean, .name = "features", .inputs = {from}, .channels = channels(from)});
  return graph_.feature_node;
}

void Builder::end_stage(const std::string& name) {
  const int begin = graph_.stages.empty() ? 1 : graph_.stages.back().end;
  graph_.stages.push_back({name, begin, static_cast<int>(graph_.nodes.size())});
}

Graph Builder::finish(const std::string& classifier, std::int64_t classes) {
  append_head(graph_, {{classifier, classes}});
  check(graph_);
  return std::move(graph_);
}

void append_head(Graph& graph, const std::vector<std::pair<std::string, std::int64_t>>& layers) {
  const int begin = static_cast<int>(graph.nodes.size());
  for (const auto& [name, width] : layers) {
    graph.outputs.push_back(static_cast<int>(graph.nodes.size()));
    graph.nodes.push_back({.op = Op::kLinear, .name = name, .inputs = {graph.feature_node}, .channels = width});
  }
  graph.stages.push_back({"head", begin, static_cast<int>(graph.nodes.size())});
}

}  // namespace evenface::net
