#pragma once
#include <memory>

#include "evenface/core/context.h"
#include "evenface/train/features.h"
#include "evenface/train/heads.h"
#include "evenface/train/learner.h"
#include "evenface/train/options.h"

namespace evenface::train {

/// The most memory that kept activations may take.
inline constexpr std::int64_t kKeptBytes = std::int64_t{4} << 30;

/// What enters the first trained stage, per example: computed once, since the stages
/// before it stay as they are and the pictures too. Undefined where pictures are
/// augmented, or when it would take more than kKeptBytes.
at::Tensor boundaries_of(const TrainOptions& options, const Examples& examples, const Context& context);

/// Heads over a backbone whose stages from `options.finetune_from` on are trained as well;
/// the stages before it stay as they are, batch norm included. The heads standardise by
/// `features`, those of the untrained backbone. With precision bf16 the backbone's
/// training steps run under autocast; judging and predicting are always f32.
/// Throws InputError when there is no such stage.
std::unique_ptr<Learner> make_finetune_learner(const TrainOptions& options, const Examples& examples,
                                               const Features& features, const at::Tensor& boundaries,
                                               const HeadShape& shape, int threads);

}  // namespace evenface::train
