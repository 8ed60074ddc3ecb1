#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "evenface/stats/cells.h"
#include "evenface/stats/disparity.h"
#include "evenface/stats/estimate.h"
#include "evenface/stats/metric.h"

namespace evenface::stats {

/// Rows and right rows by group and true class: all that a decomposition needs.
struct ClassCounts {
  /// [group][class]; sums of weights where rows are weighted, so that their ratios are the weighted rates.
  std::vector<std::vector<GroupCount>> of;
  /// [group] effective rows per unit of `n`: 1 for plain rows, sum w / sum w^2 for weighted ones (Kish 1965). A caller
  /// whose rows belong to persons divides it by their design effect.
  std::vector<double> effective;
};

/// Counts a metric's trials and successes by group and true class, the successes averaged over `runs`.
/// Throws InputError unless what the metric is a share of depends on the truth alone (`is_paired`).
ClassCounts class_counts(const Cells& cells, const Metric& metric, std::span<const int> runs);

/// Why a group's rate differs from the pooled rate (methods: Disparity over groups).
struct GapDecomposition {
  Estimate gap;           ///< the group's rate less the pooled rate
  Estimate composition;   ///< its rows are of harder classes: sum_y (share(y|g) - share(y)) rate_y
  Estimate conditional;   ///< the same class is harder for it: sum_y share(y|g) (rate(g,y) - rate_y)
  Estimate standardised;  ///< its rate if its rows had the pooled mix of classes: sum_y share(y) rate(g,y)
  double overlap = 0;  ///< share of its rows whose class other groups have too; only they can show a conditional part
};

/// Splits each group's gap to the pooled rate; composition + conditional = gap exactly (Kitagawa 1955, J Am Stat Assoc
/// 50:1168, with the pooled set as the reference). The difference of the standardised to the pooled rate is not the
/// conditional part: the weights differ.
///
/// Intervals. Gap: Newcombe's for the group against the rest, times the rest's share, to which the gap is equal.
/// Parts: delta method, with each group's rows as one multinomial over class x right; the pooled rates move with the
/// rows of all groups. Its variance is taken at proportions with two rows of the pooled mix added to a group and half a
/// right and half a wrong row to each class, so that small or flawless groups keep a width. The standardised rate's
/// interval is made in the same way; with three or four rows a class it covers better than Wilson intervals combined.
///
/// Parts and standardised rate are not applicable to a group none of whose classes occurs in another group: the label
/// determines the group; nor where there are rows of one class only. The standardised rate is not estimable where a
/// class has no rows in the group, and nothing is where the group has fewer than `min_rows` effective rows; its rows
/// still count in the pooled set. Throws InputError when a count isn't within 0 <= right <= n.
std::vector<GapDecomposition> decompose_gaps(const ClassCounts& counts, double level, std::int64_t min_rows = 1);

}  // namespace evenface::stats
