#pragma once
#include "evenface/stats/disparity.h"
#include "evenface/stats/estimate.h"

namespace evenface::stats {

/// How much more often the labels of the worse group would have to be wrong for label errors alone to explain its lower
/// accuracy, in one of the two readings of the better group's errors that bound all others.
///
/// Model (symmetric label noise, Angluin & Laird 1988, Mach Learn 2:343, for C classes): in group g a label is wrong
/// with chance e_g, independently of the classifier, and is then any other class alike. A classifier that is truly
/// right with chance a_g is then seen to be right with chance p_g, where
///     p_g - 1/C = (a_g - 1/C) (1 - e_g C/(C - 1)).
/// Setting a equal in both groups gives, with r = (p_worse - 1/C) / (p_better - 1/C),
///     e_worse - e_better = (1 - r) (1 - 1/C - e_better).
/// Where labels are wrong on the same pictures as the classifier, less may do: the gap needs only
/// e_better + e_worse >= gap, whatever the dependence.
struct TippingPoint {
  Estimate clean;  ///< e_better = 0, the labels of the better group are right
  Estimate least;  ///< e_better = 1 - p_better, its true accuracy is 1; the difference is then the gap itself
};

/// For a pair that was chosen beforehand; a pair chosen as the extremes of many needs a level corrected for the choice.
/// Intervals: MOVER-R on Wilson intervals for r, Newcombe's for the gap; negative where the gap is. Not estimable
/// where the better group's interval reaches down to chance, 1/C, or the worse group's rate lies below it: no error
/// rate explains that. Throws InputError unless classes >= 2 and 0 <= right <= n, n > 0 in both.
TippingPoint tipping_point(const GroupCount& better, const GroupCount& worse, int classes, double level);

}  // namespace evenface::stats
