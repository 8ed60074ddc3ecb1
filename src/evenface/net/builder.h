#pragma once
#include <string>

#include "evenface/net/graph.h"

namespace evenface::net {

/// Writes a graph down node by node. Each call appends one operation and returns
/// its index; `end_stage` closes the stage that began where the last one ended.
class Builder {
 public:
  Builder(std::string architecture, std::int64_t image_px, Normalisation normalisation);

  int input() const { return 0; }
  int conv(int from, const std::string& name, std::int64_t channels, Window window, std::int64_t groups = 1);
  int batch_norm(int from, const std::string& name, double epsilon, double momentum = 0.1);
  int activation(int from, Op op, const std::string& name);
  int add(int left, int right, const std::string& name);
  int max_pool(int from, const std::string& name, Window window);
  /// Mean over height and width; becomes the feature node.
  int features(int from);
  void end_stage(const std::string& name);

  std::int64_t channels(int node) const { return graph_.node(node).channels; }
  /// Ends the graph with a linear layer on the features.
  Graph finish(const std::string& classifier, std::int64_t classes);

 private:
  int append(Node node);
  Graph graph_;
};

/// Appends a stage "head" of linear layers with these parameter names and widths.
void append_head(Graph& graph, const std::vector<std::pair<std::string, std::int64_t>>& layers);

}  // namespace evenface::net
