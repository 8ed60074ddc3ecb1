#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include <ATen/core/Tensor.h>

#include "evenface/train/adamw.h"

namespace evenface::train {

/// Where in training a step stands: all of its random draws are addressed by this.
struct StepAddress {
  std::uint64_t seed = 0;
  std::int64_t epoch = 0, step = 0;  ///< both from 0; the step counts within the epoch
};

/// The seed of a step's dropout masks.
std::uint64_t dropout_seed(const StepAddress& address);

/// What is trained: it maps rows of the examples to logits.
class Learner {
 public:
  virtual ~Learner() = default;

  /// Logits (n x classes of all tasks) of the rows, as in training, with gradients.
  virtual at::Tensor training_logits(std::span<const std::int64_t> rows, const StepAddress& address) = 0;
  /// Logits of the rows as in use: no dropout, no augmentation, running statistics, no gradients.
  virtual at::Tensor logits(std::span<const std::int64_t> rows) = 0;

  /// What the optimiser updates.
  virtual std::vector<ParameterGroup> parameter_groups(double weight_decay) = 0;
  /// Every array that training changes or the model file must hold; the learner's own tensors.
  virtual std::vector<net::NamedTensor> arrays() = 0;
};

/// The learner's logits of any number of rows, in parts of a fixed size, so that
/// memory stays bounded and the result does not depend on a batch size.
at::Tensor logits_in_parts(Learner& learner, std::span<const std::int64_t> rows);

}  // namespace evenface::train
