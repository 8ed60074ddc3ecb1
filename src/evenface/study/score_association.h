#pragma once
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/score_association.h"
#include "evenface/study/judge_options.h"
#include "evenface/study/outcomes.h"

namespace evenface::study {

/// How far the score of the positive class goes with each group of a crossing, [level of the crossing's group], mean
/// over runs; the only task must have two classes, or a single column of scores. Empty where that is not so.
std::vector<stats::ScoreAssociation> score_associations_of(const Outcomes& outcomes, std::size_t crossing,
                                                           const JudgeOptions& options, const Context& context);

}  // namespace evenface::study
