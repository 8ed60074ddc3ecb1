#include "evenface/train/adamw.h"

#include <cmath>

#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

#include "evenface/core/error.h"
#include "evenface/net/weights_torch.h"

namespace evenface::train {
namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;

void take_back(const net::Weights& checkpoint, const std::string& name, at::Tensor& into) {
  const auto found = checkpoint.tensors.find(name);
  ensure(found != checkpoint.tensors.end(), "the checkpoint lacks a moment of the optimiser");
  const at::Tensor stored = net::to_torch(found->second);
  ensure(stored.sizes() == into.sizes(), "a moment in the checkpoint has another shape");
  into.copy_(stored);
}

}  // namespace

AdamW::AdamW(std::vector<ParameterGroup> groups) {
  for (ParameterGroup& group : groups) {
    Part decayed{{}, {}, {}, {}, group.rate_factor, group.weight_decay}, plain{{}, {}, {}, {}, group.rate_factor, 0};
    for (net::NamedTensor& p : group.parameters) {
      Part& part = p.tensor.dim() > 1 ? decayed : plain;
      part.first.push_back(at::zeros_like(p.tensor.detach()));
      part.second.push_back(at::zeros_like(p.tensor.detach()));
      part.steps.push_back(at::zeros({}, p.tensor.options().dtype(at::kFloat).requires_grad(false)));
      part.parameters.push_back(std::move(p));
    }
    for (Part* part : {&decayed, &plain})
      if (!part->parameters.empty()) parts_.push_back(std::move(*part));
  }
}

void AdamW::step(double learning_rate) {
  const c10::NoGradGuard no_gradients;
  ++steps_;
  for (Part& part : parts_) {
    std::vector<at::Tensor> values, gradients, first, second, steps;
    for (std::size_t i = 0; i < part.parameters.size(); ++i) {
      const at::Tensor& p = part.parameters[i].tensor;
      if (!p.grad().defined()) continue;
      part.steps[i].fill_(static_cast<double>(steps_));
      values.push_back(p), gradients.push_back(p.grad());
      first.push_back(part.first[i]), second.push_back(part.second[i]), steps.push_back(part.steps[i]);
    }
    if (values.empty()) continue;
    at::_fused_adamw_(values, gradients, first, second, {}, steps, learning_rate * part.rate_factor, kBeta1, kBeta2,
                      part.weight_decay, kEpsilon, /*amsgrad=*/false, /*maximize=*/false);
  }
}

void AdamW::clear_gradients() {
  for (Part& part : parts_)
    for (net::NamedTensor& p : part.parameters) p.tensor.mutable_grad().reset();
}

double AdamW::clip_gradients(double max_norm) {
  const c10::NoGradGuard no_gradients;
  double squares = 0;
  std::vector<at::Tensor> gradients;
  for (const Part& part : parts_)
    for (const net::NamedTensor& p : part.parameters)
      if (p.tensor.grad().defined()) {
        gradients.push_back(p.tensor.grad());
        squares += std::pow(gradients.back().norm().item<double>(), 2);
      }
  const double norm = std::sqrt(squares);
  if (norm > max_norm)
    for (at::Tensor& g : gradients) g.mul_(max_norm / norm);
  return norm;
}

void AdamW::save(net::Weights& checkpoint) const {
  for (const Part& part : parts_)
    for (std::size_t i = 0; i < part.parameters.size(); ++i) {
      checkpoint.tensors["adamw.first." + part.parameters[i].name] = net::from_torch(part.first[i]);
      checkpoint.tensors["adamw.second." + part.parameters[i].name] = net::from_torch(part.second[i]);
    }
  checkpoint.tensors["adamw.steps"] = {.shape = {}, .values = std::vector<std::int64_t>{steps_}};
}

void AdamW::load(const net::Weights& checkpoint) {
  const c10::NoGradGuard no_gradients;
  for (Part& part : parts_)
    for (std::size_t i = 0; i < part.parameters.size(); ++i) {
      take_back(checkpoint, "adamw.first." + part.parameters[i].name, part.first[i]);
      take_back(checkpoint, "adamw.second." + part.parameters[i].name, part.second[i]);
    }
  const auto steps = checkpoint.tensors.find("adamw.steps");
  ensure(steps != checkpoint.tensors.end(), "the checkpoint lacks the optimiser's steps");
  steps_ = std::get<std::vector<std::int64_t>>(steps->second.values).at(0);
}

}  // namespace evenface::train
