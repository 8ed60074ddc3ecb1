#include "evenface/train/heads.h"

#include <cmath>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/net/weights_torch.h"

namespace evenface::train {
namespace {

at::Tensor uniform_array(std::vector<std::int64_t> shape, std::int64_t fan_in, std::uint64_t seed, const char* name) {
  at::Tensor array = at::empty(shape, at::kFloat);
  Stream stream(seed, "initial", {key_of(name)});
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  float* const values = array.data_ptr<float>();
  for (std::int64_t i = 0; i < array.numel(); ++i) values[i] = static_cast<float>(stream.uniform(-bound, bound));
  return array.requires_grad_(true);
}

at::Tensor dropped(const at::Tensor& x, double probability, std::optional<at::Generator>& generator) {
  if (!generator || probability == 0) return x;
  const at::Tensor mask = at::empty_like(x.detach()).bernoulli_(1 - probability, generator);
  return x * mask.div_(1 - probability);
}

}  // namespace

std::vector<std::int64_t> class_counts(const std::vector<Task>& tasks) {
  std::vector<std::int64_t> counts;
  for (const Task& task : tasks) counts.push_back(static_cast<std::int64_t>(task.levels.size()));
  return counts;
}

Heads::Heads(const HeadShape& shape, std::uint64_t seed) : shape_(shape) {
  const auto& [d, h, classes, input_dropout, hidden_dropout] = shape;
  mean_ = at::zeros({d}), deviation_ = at::ones({d});
  if (h > 0) {
    hidden_weight_ = uniform_array({h, d}, d, seed, "hidden.weight");
    norm_weight_ = at::ones({h}).requires_grad_(true), norm_bias_ = at::zeros({h}).requires_grad_(true);
    running_mean_ = at::zeros({h}), running_var_ = at::ones({h});
  }
  const std::int64_t last = h > 0 ? h : d;
  output_weight_ = uniform_array({classes, last}, last, seed, "output.weight");
  output_bias_ = uniform_array({classes}, last, seed, "output.bias");
}

void Heads::standardise(const std::vector<float>& mean, const std::vector<float>& deviation) {
  const auto d = static_cast<std::size_t>(shape_.features);
  ensure(mean.size() == d && deviation.size() == d, "standardisation must have one value a feature");
  for (std::int64_t j = 0; j < shape_.features; ++j) {
    const auto k = static_cast<std::size_t>(j);
    mean_.data_ptr<float>()[j] = mean[k];
    deviation_.data_ptr<float>()[j] = deviation[k] > 1e-6f * std::abs(mean[k]) + 1e-12f ? deviation[k] : 1.0f;
  }
}

at::Tensor Heads::logits(const at::Tensor& features, std::optional<std::uint64_t> dropout_seed) {
  std::optional<at::Generator> generator;
  if (dropout_seed) generator = at::make_generator<at::CPUGeneratorImpl>(*dropout_seed);
  at::Tensor x = dropped((features - mean_) / deviation_, shape_.input_dropout, generator);
  if (shape_.hidden > 0) {
    x = at::linear(x, hidden_weight_);
    x = at::batch_norm(x, norm_weight_, norm_bias_, running_mean_, running_var_, dropout_seed.has_value(),
                       /*momentum=*/0.1, /*eps=*/1e-5, /*cudnn_enabled=*/false);
    x = dropped(at::relu(x), shape_.hidden_dropout, generator);
  }
  return at::linear(x, output_weight_, output_bias_);
}

std::vector<net::NamedTensor> Heads::trained() const {
  std::vector<net::NamedTensor> all;
  for (net::NamedTensor& array : arrays())
    if (array.tensor.requires_grad()) all.push_back(std::move(array));
  return all;
}

std::vector<net::NamedTensor> Heads::arrays() const {
  std::vector<net::NamedTensor> all{{"standard.mean", mean_}, {"standard.deviation", deviation_}};
  if (shape_.hidden > 0)
    all.insert(all.end(), {{"hidden.weight", hidden_weight_},
                           {"norm.weight", norm_weight_},
                           {"norm.bias", norm_bias_},
                           {"norm.running_mean", running_mean_},
                           {"norm.running_var", running_var_}});
  all.insert(all.end(), {{"output.weight", output_weight_}, {"output.bias", output_bias_}});
  return all;
}

void save_arrays(const std::vector<net::NamedTensor>& arrays, const std::string& prefix, net::Weights& into) {
  for (const auto& [name, tensor] : arrays) into.tensors[prefix + name] = net::from_torch(tensor);
}

void load_arrays(const net::Weights& from, const std::string& prefix, const std::vector<net::NamedTensor>& arrays,
                 const std::string& file) {
  const c10::NoGradGuard no_gradients;
  for (const auto& [name, tensor] : arrays) {
    const auto found = from.tensors.find(prefix + name);
    const bool fits = found != from.tensors.end() && at::IntArrayRef(found->second.shape) == tensor.sizes();
    if (!fits)
      throw InputError({.file = file,
                        .at = prefix + name,
                        .found = found == from.tensors.end() ? "the array is missing" : "the array has another shape",
                        .expected = fmt::format("shape [{}]", fmt::join(tensor.sizes(), ", ")),
                        .remedy = "delete the file and train again"});
    tensor.copy_(net::to_torch(found->second));
  }
}

}  // namespace evenface::train
