#include "evenface/train/learner.h"

#include <algorithm>

#include <ATen/ops/cat.h>

#include "evenface/core/random.h"

namespace evenface::train {

std::uint64_t dropout_seed(const StepAddress& address) {
  return Stream(address.seed, "dropout",
                {static_cast<std::uint64_t>(address.epoch), static_cast<std::uint64_t>(address.step)})
      .bits64();
}

at::Tensor logits_in_parts(Learner& learner, std::span<const std::int64_t> rows) {
  constexpr std::size_t kRowsAtOnce = 512;
  std::vector<at::Tensor> parts;
  for (std::size_t begin = 0; begin < rows.size(); begin += kRowsAtOnce)
    parts.push_back(learner.logits(rows.subspan(begin, std::min(kRowsAtOnce, rows.size() - begin))).to(at::kFloat));
  return at::cat(parts);
}

}  // namespace evenface::train
