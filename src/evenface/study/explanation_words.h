#pragma once
#include <string>
#include <vector>

#include "evenface/study/evaluate.h"

namespace evenface::study {

/// What explains the groups' differences, one sentence per idea, for a terminal: class mix, equivalence, label
/// errors, groups that are too small, and what this many rows could have shown.
std::vector<std::string> explanation_sentences(const Evaluation& evaluation);

}  // namespace evenface::study
