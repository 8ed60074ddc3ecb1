#pragma once
#include <optional>
#include <vector>

#include "evenface/stats/estimate.h"
#include "evenface/study/judge_options.h"
#include "evenface/study/outcomes.h"

namespace evenface::study {

/// How well annotators agree about some rows, and how often one of them errs if that is why they don't.
struct AnnotatorFigures {
  stats::Estimate agreement;  ///< chance that two of a row choose the same class (stats/vote_agreement.h)
  stats::Estimate error;      ///< what the agreement implies, over the classes that anybody chose
};

/// The same of all rows and of each group of a crossing.
struct Annotators {
  AnnotatorFigures all;
  std::vector<AnnotatorFigures> groups;  ///< [level of the crossing's group]
};

/// Nothing where no votes are known. Soft labels say nothing of how many agree: all is then not estimable. Weighted
/// rows and rows of persons have the weighted mean over rows, its interval by Student's t over persons.
std::optional<Annotators> annotators_of(const Outcomes& outcomes, std::size_t crossing, const JudgeOptions& options);

}  // namespace evenface::study
