#pragma once
#include <cstdint>
#include <span>

#include <ATen/core/Tensor.h>

#include "evenface/core/context.h"
#include "evenface/infer/backbone.h"
#include "evenface/train/features.h"
#include "evenface/train/learner.h"
#include "evenface/train/pixel_source.h"

namespace evenface::train {

/// The most that the stored output of frozen stages may take, on disk.
inline constexpr std::int64_t kStoredBytes = std::int64_t{4} << 30;

/// What enters the first trained stage, per example: stored once, since the stages before
/// it stay as they are and the pictures too. `values` is undefined where there is nothing
/// to store: pictures are augmented, the whole network is trained, or it would take more than kStoredBytes.
Features stored_boundaries(const TrainOptions& options, const Examples& examples, const Context& context);

/// The stages before `options.finetune_from`, by the fast engine: pictures to what enters
/// the first trained stage. Its values do not depend on the thread count.
class FrozenStages {
 public:
  /// `stored`: of stored_boundaries(); it must outlive this.
  FrozenStages(const TrainOptions& options, const Examples& examples, const Features& stored, int threads);

  /// n x channels x height x width. With an address the pictures are varied as in training.
  at::Tensor boundary(std::span<const std::int64_t> rows, const StepAddress* training);

 private:
  at::Tensor computed(const at::Tensor& pictures);

  const Features& stored_;
  infer::Backbone backbone_;
  const PixelSource pixels_;
  const int threads_;
};

}  // namespace evenface::train
