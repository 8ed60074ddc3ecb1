#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "evenface/net/module.h"
#include "evenface/net/weights.h"

namespace evenface::train {

/// Parameters that share their settings. The tensors are the model's own and get
/// their gradients from backward().
struct ParameterGroup {
  std::vector<net::NamedTensor> parameters;
  double rate_factor = 1;   ///< times the scheduled learning rate
  double weight_decay = 0;  ///< of arrays with more than one dimension; biases and norms have none
};

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019) by torch's fused
/// kernel, the one behind `torch.optim.AdamW(fused=True)`: betas .9 and .999, epsilon 1e-8.
class AdamW {
 public:
  explicit AdamW(std::vector<ParameterGroup> groups);

  /// One update of all parameters by their gradients; a parameter without one stays.
  void step(double learning_rate);
  void clear_gradients();
  /// Scales all gradients so that their common Euclidean norm is at most `max_norm`; returns the norm before.
  double clip_gradients(double max_norm);

  /// Adds moments as `adamw.first.<name>`, `adamw.second.<name>` and the count `adamw.steps`.
  void save(net::Weights& checkpoint) const;
  /// Takes them back. Throws InternalError when one is missing or of another shape.
  void load(const net::Weights& checkpoint);

 private:
  struct Part {
    std::vector<net::NamedTensor> parameters;
    std::vector<at::Tensor> first, second, steps;
    double rate_factor, weight_decay;
  };
  std::vector<Part> parts_;
  std::int64_t steps_ = 0;
};

}  // namespace evenface::train
