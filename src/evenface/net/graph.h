#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace evenface::net {

enum class Op { kInput, kConv, kBatchNorm, kRelu, kRelu6, kAdd, kMaxPool, kGlobalMean, kLinear };

/// How a convolution or a pooling meets the border.
enum class Padding {
  kExplicit,  ///< `pad` zeros on each side
  kSame,      ///< TensorFlow's SAME: output ceil(size / stride), the odd zero after the picture
};

/// The sliding square of a convolution or a pooling.
struct Window {
  std::int64_t size = 1, stride = 1, pad = 0;
  Padding padding = Padding::kExplicit;
};

/// One operation. Its parameters are called `<name>.weight`, `<name>.bias`, ... as
/// in the published network; nodes without parameters have a name all the same.
struct Node {
  Op op = Op::kInput;
  std::string name;         ///< unique in the graph
  std::vector<int> inputs;  ///< indices of earlier nodes
  std::int64_t channels;    ///< of its output
  Window window = {};       ///< kConv, kMaxPool
  std::int64_t groups = 1;  ///< kConv
  double epsilon = 1e-5;    ///< kBatchNorm
  double momentum = 0.1;    ///< kBatchNorm: weight of the new batch in the running statistics
};

/// A part of the network that is frozen or trained as a whole: nodes begin..end-1.
/// From outside it sees only the output of node begin-1, its boundary.
struct Stage {
  std::string name;
  int begin, end;
};

/// What the network expects of its pixels: (p / 255 - mean) / deviation per channel, RGB.
struct Normalisation {
  std::array<float, 3> mean, deviation;
};

/// A network described once, as data. Nodes stand in an order in which they can
/// be computed; stages cover all nodes but the input, in order. The last stage,
/// "head", maps features (n x channels) to one or more outputs (n x classes).
struct Graph {
  std::string architecture;  ///< "resnet18"
  std::int64_t image_px;     ///< side that the published weights were trained at
  Normalisation normalisation;
  std::vector<Node> nodes;
  std::vector<Stage> stages;
  int feature_node;
  std::vector<int> outputs;  ///< the linear nodes of the head

  const Node& node(int index) const { return nodes[static_cast<std::size_t>(index)]; }
  std::int64_t feature_width() const { return node(feature_node).channels; }
};

/// The node's index. Throws InputError that lists the near names when there is none.
int node_named(const Graph& graph, std::string_view name);

/// The stage's index. Throws InputError that lists the stages when there is none.
int stage_named(const Graph& graph, std::string_view name);

/// One head of a network: a linear layer from the features to `classes` logits,
/// whose parameters are `head.<name>.weight` and `head.<name>.bias`.
struct Head {
  std::string name;
  std::int64_t classes;
};

/// The same backbone with these heads in place of the published one.
Graph with_heads(Graph graph, const std::vector<Head>& heads);

/// A named array of the network. Statistics and counts belong to batch norm and get no gradient.
struct Parameter {
  enum class Kind { kTrained, kStatistic, kCount };
  std::string name;
  std::vector<std::int64_t> shape;
  Kind kind = Kind::kTrained;
  int node = 0;  ///< whose it is
};

/// All arrays of the network, in the order in which PyTorch's state_dict lists them.
std::vector<Parameter> parameters_of(const Graph& graph);

/// Throws InternalError unless inputs point back, stages tile the nodes, a stage
/// sees only its boundary, and names are unique.
void check(const Graph& graph);

}  // namespace evenface::net
