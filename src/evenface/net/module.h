#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

#include "evenface/net/graph.h"
#include "evenface/net/weights.h"

namespace evenface::net {

/// One array of a module under its published name.
struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

/// The trainable form of a graph, in libtorch. It owns copies of the weights.
/// At first every stage is frozen: no gradients, batch norm from running statistics.
/// Pictures are float, n x 3 x h x w, normalised; channels-last is fastest and is
/// made where needed. Under the caller's autocast the layers follow it.
class Module {
 public:
  /// Throws InputError (check_fit) when the weights are not those of the graph.
  Module(Graph graph, const Weights& weights);
  ~Module();
  Module(Module&&) noexcept;
  Module& operator=(Module&&) noexcept;

  const Graph& graph() const;

  /// The logits of each of graph().outputs, in that order.
  std::vector<at::Tensor> forward(const at::Tensor& pictures);
  /// The output of one node, computing nothing behind it.
  at::Tensor forward_to(const at::Tensor& pictures, int node);
  /// What enters a stage (graph().stages index): the output of the node before it.
  at::Tensor boundary(const at::Tensor& pictures, int stage);
  /// The logits, from what enters a stage; `forward_from(boundary(x, s), s)` is `forward(x)`.
  std::vector<at::Tensor> forward_from(const at::Tensor& boundary, int stage);
  /// The output of one node of that stage or behind it, from what enters the stage.
  at::Tensor forward_from(const at::Tensor& boundary, int stage, int node);

  /// Parameters of this stage and those behind it get gradients, the others none.
  void train_from(int stage);
  /// Whether batch norm of the stages in training uses the batch and updates its running statistics.
  void use_batch_statistics(bool on);

  /// The arrays that get gradients, in graph order; the tensors are the module's own.
  std::vector<NamedTensor> trained() const;
  /// All arrays, also statistics and counts, in graph order; the tensors are the module's own.
  std::vector<NamedTensor> arrays() const;
  /// A copy of all arrays, on the CPU.
  Weights weights() const;
  /// Copies weights into the module's own tensors. Throws InputError when they do not fit.
  void load(const Weights& weights);
  /// Moves the arrays to a device ("cpu", "cuda:0"); call before the optimiser takes trained().
  void to(const at::Device& device);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace evenface::net
