#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include <ATen/core/Tensor.h>

namespace evenface::train {

/// Per row, the sum over tasks of the cross-entropy -sum_k q_k log softmax(logits)_k,
/// with q = 1 - smoothing on the true class plus smoothing / classes on each (Szegedy et al. 2016).
/// logits: n x sum of `classes`, the tasks side by side; targets: n x tasks, int64,
/// -1 where a label is missing, which adds nothing. Returns n.
at::Tensor cross_entropy_rows(const at::Tensor& logits, const at::Tensor& targets,
                              std::span<const std::int64_t> classes, double smoothing);

/// The weighted mean (1/n) sum_i w_i loss_i over a batch. Weights have mean 1 over
/// the training rows, so a batch of heavy rows makes a larger step, as published.
at::Tensor weighted_loss(const at::Tensor& logits, const at::Tensor& targets, const at::Tensor& weights,
                         std::span<const std::int64_t> classes, double smoothing);

}  // namespace evenface::train
