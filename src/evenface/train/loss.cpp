#include "evenface/train/loss.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cross_entropy_loss.h>

#include "evenface/core/error.h"

namespace evenface::train {

at::Tensor cross_entropy_rows(const at::Tensor& logits, const at::Tensor& targets,
                              std::span<const std::int64_t> classes, double smoothing) {
  ensure(targets.dim() == 2 && targets.size(1) == static_cast<std::int64_t>(classes.size()),
         "targets must be n x tasks");
  at::Tensor total;
  std::int64_t begin = 0;
  for (std::size_t t = 0; t < classes.size(); ++t) {
    const at::Tensor part =
        at::cross_entropy_loss(logits.narrow(1, begin, classes[t]), targets.select(1, static_cast<std::int64_t>(t)), {},
                               at::Reduction::None, /*ignore_index=*/-1, smoothing);
    total = t == 0 ? part : total + part;
    begin += classes[t];
  }
  ensure(begin == logits.size(1), "logits must hold every class of every task");
  return total;
}

at::Tensor weighted_loss(const at::Tensor& logits, const at::Tensor& targets, const at::Tensor& weights,
                         std::span<const std::int64_t> classes, double smoothing) {
  return (cross_entropy_rows(logits, targets, classes, smoothing) * weights).mean();
}

}  // namespace evenface::train
