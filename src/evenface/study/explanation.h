#pragma once
#include <optional>
#include <string>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/chance.h"
#include "evenface/stats/decomposition.h"
#include "evenface/stats/equivalence.h"
#include "evenface/stats/label_noise.h"
#include "evenface/stats/shrinkage.h"
#include "evenface/stats/worst_group.h"
#include "evenface/study/judgement.h"

namespace evenface::study {

/// Two groups as far apart as any, and what label errors would have to be to explain it.
struct LabelNoise {
  std::size_t better = 0, worse = 0;  ///< indices into Explanation::groups
  std::int64_t classes = 0;
  stats::TippingPoint tipping;
};

/// What gap between two groups of the median size could have been shown, with 80 % power after correction.
struct DetectableGap {
  double gap = 0;               ///< infinite where none could
  double rows_per_group = 0;    ///< the median
  bool effective_rows = false;  ///< fewer than there are: rows are weighted, or belong to persons
  std::int64_t groups = 0;      ///< that are compared
};

/// Why groups differ, and how sure that is: of a judgement by a share of rows that depends on the truth alone.
struct Explanation {
  std::string why_not;               ///< why there is no explanation, where there is none
  std::vector<std::int64_t> groups;  ///< the groups explained, those that are estimable
  std::vector<stats::GroupCount> counts;
  std::vector<std::string> classes;                    ///< of the task
  std::vector<stats::GapDecomposition> decomposition;  ///< [group]
  std::string no_decomposition;                        ///< why not, e.g. because the label determines the group
  std::optional<stats::NullReference> within_class;    ///< of the gap, group permuted within each true class
  std::string no_within_class;
  stats::Shrinkage shrinkage;  ///< [group]
  stats::GroupsEquivalence equivalence;
  std::optional<LabelNoise> label_noise;
  DetectableGap detectable;
  std::optional<stats::WorstGroup> worst;  ///< cross-fitted; groups numbered as in the crossing
};

/// Explains the judgement. Nothing here is tested against a threshold; what is said of it is exploratory.
Explanation explain(const Outcomes& outcomes, const Judgement& judgement, const JudgeOptions& options,
                    const Context& context);

}  // namespace evenface::study
