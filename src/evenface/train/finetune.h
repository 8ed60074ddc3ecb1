#pragma once
#include <memory>

#include "evenface/core/context.h"
#include "evenface/train/features.h"
#include "evenface/train/heads.h"
#include "evenface/train/learner.h"
#include "evenface/train/options.h"

namespace evenface::train {

/// Heads over a backbone whose stages from `options.finetune_from` on are trained as well;
/// the stages before it stay as they are, batch norm included. The heads standardise by
/// `features`, those of the untrained backbone. With precision bf16 the backbone's
/// training steps run under autocast; judging and predicting are f32 in the trained stages.
/// `features` and `boundaries` (of stored_boundaries()) must outlive the learner.
/// Throws InputError when there is no such stage.
std::unique_ptr<Learner> make_finetune_learner(const TrainOptions& options, const Examples& examples,
                                               const Features& features, const Features& boundaries,
                                               const HeadShape& shape, int threads);

}  // namespace evenface::train
