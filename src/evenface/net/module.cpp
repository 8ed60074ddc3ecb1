#include "evenface/net/module.h"

#include <algorithm>

#include <ATen/ops/add.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/hardtanh.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/relu.h>

#include "evenface/core/error.h"
#include "evenface/net/weights_torch.h"

namespace evenface::net {
namespace {

/// A node's arrays; those that its operation lacks are undefined.
struct NodeArrays {
  at::Tensor weight, bias, mean, variance, count;
};

at::Tensor& array_of(NodeArrays& arrays, std::string_view name) {
  if (name.ends_with(".weight")) return arrays.weight;
  if (name.ends_with(".bias")) return arrays.bias;
  if (name.ends_with(".running_mean")) return arrays.mean;
  if (name.ends_with(".running_var")) return arrays.variance;
  return arrays.count;
}

/// Zeros that SAME padding puts around one axis, before and after.
std::pair<std::int64_t, std::int64_t> same_zeros(std::int64_t extent, const Window& window) {
  const std::int64_t outputs = (extent + window.stride - 1) / window.stride;
  const std::int64_t zeros = std::max<std::int64_t>((outputs - 1) * window.stride + window.size - extent, 0);
  return {zeros / 2, zeros - zeros / 2};
}

at::Tensor convolve(const Node& node, const at::Tensor& x, const at::Tensor& weight) {
  const Window& window = node.window;
  const auto run = [&](const at::Tensor& from, std::int64_t pad_y, std::int64_t pad_x) {
    return at::conv2d(from, weight, {}, {window.stride, window.stride}, {pad_y, pad_x}, {1, 1}, node.groups);
  };
  if (window.padding == Padding::kExplicit) return run(x, window.pad, window.pad);
  const auto [top, bottom] = same_zeros(x.size(2), window);
  const auto [left, right] = same_zeros(x.size(3), window);
  if (top == bottom && left == right) return run(x, top, left);
  return run(at::constant_pad_nd(x, {left, right, top, bottom}), 0, 0);
}

}  // namespace

struct Module::State {
  Graph graph;
  std::vector<Parameter> parameters;
  std::vector<NodeArrays> arrays;   // by node
  std::vector<int> last_use, uses;  // by node: last consumer and number of consumers
  int first_trained;                // node from which parameters get gradients
  bool batch_statistics = false;

  explicit State(Graph described);
  at::Tensor apply(int index, std::vector<at::Tensor>& values);
  at::Tensor normalise(const Node& node, NodeArrays& own, const at::Tensor& x, bool training) const;
  std::vector<at::Tensor> run(const at::Tensor& start, int after, const std::vector<int>& wanted);
};

Module::State::State(Graph described) : graph(std::move(described)), parameters(parameters_of(graph)) {
  const std::size_t count = graph.nodes.size();
  arrays.resize(count);
  last_use.assign(count, -1);
  uses.assign(count, 0);
  for (std::size_t i = 0; i < count; ++i)
    for (const int input : graph.nodes[i].inputs) {
      last_use[static_cast<std::size_t>(input)] = static_cast<int>(i);
      ++uses[static_cast<std::size_t>(input)];
    }
  first_trained = static_cast<int>(count);
}

at::Tensor Module::State::normalise(const Node& node, NodeArrays& own, const at::Tensor& x, bool training) const {
  if (training) own.count += 1;
  return at::batch_norm(x, own.weight, own.bias, own.mean, own.variance, training, node.momentum, node.epsilon, true);
}

at::Tensor Module::State::apply(int index, std::vector<at::Tensor>& values) {
  const Node& node = graph.node(index);
  NodeArrays& own = arrays[static_cast<std::size_t>(index)];
  const auto from = static_cast<std::size_t>(node.inputs[0]);
  const at::Tensor& x = values[from];
  // An activation may overwrite what nobody else reads, unless the caller owns it.
  const bool overwrite = uses[from] == 1 && graph.nodes[from].op == Op::kBatchNorm;
  switch (node.op) {
    case Op::kConv:
      return convolve(node, x, own.weight);
    case Op::kBatchNorm:
      return normalise(node, own, x, batch_statistics && index >= first_trained);
    case Op::kRelu:
      return overwrite ? at::relu_(values[from]) : at::relu(x);
    case Op::kRelu6:
      return overwrite ? at::hardtanh_(values[from], 0, 6) : at::hardtanh(x, 0, 6);
    case Op::kAdd:
      return at::add(x, values[static_cast<std::size_t>(node.inputs[1])]);
    case Op::kMaxPool:
      return at::max_pool2d(x, {node.window.size, node.window.size}, {node.window.stride, node.window.stride},
                            {node.window.pad, node.window.pad});
    case Op::kGlobalMean:
      return at::mean(x, {2, 3});
    case Op::kLinear:
      return at::linear(x, own.weight, own.bias);
    case Op::kInput:
      break;
  }
  throw InternalError("the input node is not computed");
}

/// The wanted nodes, given the output of node `after`; values are dropped after their last use.
std::vector<at::Tensor> Module::State::run(const at::Tensor& start, int after, const std::vector<int>& wanted) {
  std::vector<at::Tensor> values(graph.nodes.size());
  values[static_cast<std::size_t>(after)] = start.dim() == 4 ? start.contiguous(at::MemoryFormat::ChannelsLast) : start;
  const int last = *std::ranges::max_element(wanted);
  const auto keep = [&](int node) { return std::ranges::find(wanted, node) != wanted.end(); };
  for (int i = after + 1; i <= last; ++i) {
    values[static_cast<std::size_t>(i)] = apply(i, values);
    for (const int input : graph.node(i).inputs)
      if (last_use[static_cast<std::size_t>(input)] == i && !keep(input))
        values[static_cast<std::size_t>(input)].reset();
  }
  std::vector<at::Tensor> outputs;
  for (const int node : wanted) outputs.push_back(values[static_cast<std::size_t>(node)]);
  return outputs;
}

Module::Module(Graph graph, const Weights& weights) : state_(std::make_unique<State>(std::move(graph))) {
  check_fit(state_->graph, weights, {});
  const Weights fresh = initial_weights(state_->graph, 0);  // for counts that published weights may lack
  for (const Parameter& parameter : state_->parameters) {
    const auto found = weights.tensors.find(parameter.name);
    const Tensor& value = found != weights.tensors.end() ? found->second : fresh.tensors.at(parameter.name);
    at::Tensor copy = to_torch(value);
    if (copy.dim() == 4) copy = copy.contiguous(at::MemoryFormat::ChannelsLast);
    array_of(state_->arrays[static_cast<std::size_t>(parameter.node)], parameter.name) = copy;
  }
}

Module::~Module() = default;
Module::Module(Module&&) noexcept = default;
Module& Module::operator=(Module&&) noexcept = default;

const Graph& Module::graph() const { return state_->graph; }

std::vector<at::Tensor> Module::forward(const at::Tensor& pictures) {
  return state_->run(pictures, 0, state_->graph.outputs);
}

at::Tensor Module::forward_to(const at::Tensor& pictures, int node) { return state_->run(pictures, 0, {node})[0]; }

at::Tensor Module::boundary(const at::Tensor& pictures, int stage) {
  return forward_to(pictures, state_->graph.stages.at(static_cast<std::size_t>(stage)).begin - 1);
}

std::vector<at::Tensor> Module::forward_from(const at::Tensor& boundary, int stage) {
  const int after = state_->graph.stages.at(static_cast<std::size_t>(stage)).begin - 1;
  return state_->run(boundary, after, state_->graph.outputs);
}

at::Tensor Module::forward_from(const at::Tensor& boundary, int stage, int node) {
  const int after = state_->graph.stages.at(static_cast<std::size_t>(stage)).begin - 1;
  return state_->run(boundary, after, {node})[0];
}

void Module::train_from(int stage) {
  state_->first_trained = state_->graph.stages.at(static_cast<std::size_t>(stage)).begin;
  for (const Parameter& parameter : state_->parameters)
    if (parameter.kind == Parameter::Kind::kTrained)
      array_of(state_->arrays[static_cast<std::size_t>(parameter.node)], parameter.name)
          .set_requires_grad(parameter.node >= state_->first_trained);
}

void Module::use_batch_statistics(bool on) { state_->batch_statistics = on; }

std::vector<NamedTensor> Module::trained() const {
  std::vector<NamedTensor> all;
  for (const Parameter& parameter : state_->parameters)
    if (parameter.kind == Parameter::Kind::kTrained && parameter.node >= state_->first_trained)
      all.push_back(
          {parameter.name, array_of(state_->arrays[static_cast<std::size_t>(parameter.node)], parameter.name)});
  return all;
}

std::vector<NamedTensor> Module::arrays() const {
  std::vector<NamedTensor> all;
  for (const Parameter& parameter : state_->parameters)
    all.push_back({parameter.name, array_of(state_->arrays[static_cast<std::size_t>(parameter.node)], parameter.name)});
  return all;
}

Weights Module::weights() const {
  Weights weights;
  for (const auto& [name, tensor] : arrays()) weights.tensors[name] = from_torch(tensor);
  return weights;
}

void Module::load(const Weights& weights) {
  check_fit(state_->graph, weights, {});
  for (const Parameter& parameter : state_->parameters) {
    const auto found = weights.tensors.find(parameter.name);
    if (found == weights.tensors.end()) continue;
    at::Tensor& own = array_of(state_->arrays[static_cast<std::size_t>(parameter.node)], parameter.name);
    own.detach().copy_(to_torch(found->second));
  }
}

void Module::to(const at::Device& device) {
  for (const Parameter& parameter : state_->parameters) {
    at::Tensor& own = array_of(state_->arrays[static_cast<std::size_t>(parameter.node)], parameter.name);
    own = own.detach().to(device).set_requires_grad(own.requires_grad());
  }
}

}  // namespace evenface::net
