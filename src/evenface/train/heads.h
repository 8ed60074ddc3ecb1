#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "evenface/net/module.h"
#include "evenface/net/weights.h"

namespace evenface::train {

/// A task and its classes, in the order of the logits.
struct Task {
  std::string name;
  std::vector<std::string> levels;
  bool operator==(const Task&) const = default;
};

/// The number of classes of each task.
std::vector<std::int64_t> class_counts(const std::vector<Task>& tasks);

struct HeadShape {
  std::int64_t features = 0;  ///< d
  std::int64_t hidden = 256;  ///< 0: no hidden layer
  std::int64_t classes = 0;   ///< of all tasks together
  double input_dropout = 0.3, hidden_dropout = 0.5;
};

/// The heads of all tasks over one feature vector:
///   standardise, Dropout, Linear(d, hidden), BatchNorm, ReLU, Dropout, Linear(hidden, classes).
/// The hidden layer has no bias: batch norm takes any away again, so its gradient would be
/// rounding noise, which Adam blows up to full steps.
/// Arrays: standard.mean, standard.deviation (d, of the training features), hidden.weight, norm.weight, norm.bias,
/// norm.running_mean, norm.running_var, output.weight, output.bias.
class Heads {
 public:
  /// Fresh weights, uniform in +-1/sqrt(fan-in), addressed by seed and name. No standardisation yet.
  Heads(const HeadShape& shape, std::uint64_t seed);

  /// mean and deviation: d values each. A feature that does not vary is only centred.
  void standardise(const std::vector<float>& mean, const std::vector<float>& deviation);

  /// Features n x d to logits n x classes. With a dropout seed: as in training (dropout
  /// masks drawn from that seed, batch norm by the batch, running statistics updated);
  /// without: as in use, row by row.
  at::Tensor logits(const at::Tensor& features, std::optional<std::uint64_t> dropout_seed);

  const HeadShape& shape() const { return shape_; }
  /// The arrays that are trained; the tensors are the heads' own.
  std::vector<net::NamedTensor> trained() const;
  /// All arrays, in a fixed order; the tensors are the heads' own.
  std::vector<net::NamedTensor> arrays() const;

 private:
  HeadShape shape_;
  at::Tensor mean_, deviation_;
  at::Tensor hidden_weight_, norm_weight_, norm_bias_, running_mean_, running_var_;
  at::Tensor output_weight_, output_bias_;
};

/// Adds `<prefix><name>` for each array.
void save_arrays(const std::vector<net::NamedTensor>& arrays, const std::string& prefix, net::Weights& into);

/// Copies the stored values into the arrays. Throws InputError naming `file` and the
/// array when one is missing or of another shape.
void load_arrays(const net::Weights& from, const std::string& prefix, const std::vector<net::NamedTensor>& arrays,
                 const std::string& file);

}  // namespace evenface::train
