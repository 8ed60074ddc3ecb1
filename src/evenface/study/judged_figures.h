#pragma once
#include <vector>

#include "evenface/core/context.h"
#include "evenface/study/compare.h"
#include "evenface/study/condition/answer.h"
#include "evenface/study/evaluate.h"

namespace evenface::study {

/// The attributes that conditions name, as crossings to load beside those of --by.
std::vector<std::string> crossings_in(const std::vector<Condition>& conditions);

/// Judges conditions by an evaluation. Throws InputError with a caret when a name in one is not known.
std::vector<ConditionResult> judge_conditions(const std::vector<Condition>& conditions, const Evaluation& evaluation,
                                              const Context& context);
std::vector<ConditionResult> judge_conditions(const std::vector<Condition>& conditions, const Comparison& comparison,
                                              const Context& context);

}  // namespace evenface::study
