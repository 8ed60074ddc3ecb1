#include "evenface/infer/backbone.h"

#include "evenface/net/architectures.h"

namespace evenface::infer {
namespace {

int node_of(const net::Graph& graph, const std::string& entering) {
  if (entering.empty()) return graph.feature_node;
  return graph.stages[static_cast<std::size_t>(net::stage_named(graph, entering))].begin - 1;
}

}  // namespace

Backbone::Backbone(const FeatureOptions& options)
    : graph(net::graph_named(options.backbone)),
      node(node_of(graph, options.entering)),
      file(options.weights.empty() ? net::find_weights(options.backbone) : std::filesystem::path(options.weights)),
      options_{.image_px = options.image_px, .precision = net::precision_named(options.precision), .threads = 1} {}

net::Engine Backbone::taken() {
  {
    const std::lock_guard lock(guard_);
    if (!idle_.empty()) {
      net::Engine engine = std::move(idle_.back());
      idle_.pop_back();
      return engine;
    }
  }
  return net::Engine(graph, weights(), node, options_);
}

std::int64_t Backbone::width() {
  if (node == graph.feature_node) return graph.feature_width();
  std::int64_t values = 0;
  with_engine([&](const net::Engine& engine) { values = engine.width(); });
  return values;
}

const net::Weights& Backbone::weights() {
  const std::lock_guard lock(guard_);
  if (!weights_) {
    weights_ = net::read_safetensors(file);
    net::check_fit(graph, *weights_, file.string());
  }
  return *weights_;
}

}  // namespace evenface::infer
