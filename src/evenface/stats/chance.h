#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/cells.h"
#include "evenface/stats/metric.h"
#include "evenface/stats/paired_cells.h"

namespace evenface::stats {

/// What a figure would be if group had nothing to do with the metric, or why there is no such reference.
struct NullReference {
  double observed = 0;
  double mean = 0;            ///< of the figure under the null
  double upper = 0;           ///< its 95 % point
  double p = 1;               ///< (1 + #{null >= observed}) / (draws + 1)
  std::vector<double> draws;  ///< sorted
  std::string reason;         ///< why it is not applicable

  bool applicable() const { return reason.empty(); }
};

/// A figure of the groups' values, such as `gap`: larger where they lie further apart. A value comes as a GroupCount
/// whose rate is the value, and n what it rests on: the denominator, of K ratios K^2 / sum 1/denominator.
using Figure = std::function<double(std::span<const GroupCount>)>;

/// The two null references (methods: Disparity over groups). Both keep the group sizes.
enum class NullKind {
  kRaw,          ///< group permuted over all rows: is there more than chance? The only one that is called "by chance".
  kWithinClass,  ///< permuted within each true class: is there more than the groups' mix of classes explains?
};

/// The null reference of a figure over group values of a metric. What each row adds to the metric's ratios is averaged
/// over `runs`. Rows must carry no weights (else unit_null). Groups without a value are left out of the figure, draws
/// with fewer than two such groups are left out of the reference. The cost does not depend on the number of rows, and
/// draw i is addressed by (seed, i).
///
/// Not applicable: fewer than two groups have a value, as seen or in over 1 % of the draws; within class, where no
/// class occurs in two groups, so that the truth determines the group.
NullReference metric_null(const Cells& cells, std::span<const int> runs, const Metric& metric, NullKind kind,
                          const Figure& figure, std::int64_t draws, std::uint64_t seed, const Context& context);

/// The raw null reference of the arm's accuracy, averaged over its runs. Throws what the figure throws.
NullReference raw_null(const PairedCells& cells, Arm arm, const Figure& figure, std::int64_t draws, std::uint64_t seed,
                       const Context& context);

/// What is exchanged as a whole: a row with its weight, or all rows of one person in one group.
struct Unit {
  std::int64_t group = 0;
  std::vector<Ratio> adds;   ///< to each ratio of the metric; as many in every unit
  std::int64_t stratum = 0;  ///< groups are exchanged within it: 0 for the raw reference, the class for the other
};

/// The null reference where rows are weighted or not independent: permutes group over the units of each stratum, each
/// group keeping its number of units. A row's group can't be exchanged alone when its person's other rows keep theirs.
NullReference unit_null(std::span<const Unit> units, std::int64_t groups, const Figure& figure, std::int64_t draws,
                        std::uint64_t seed, const Context& context);

}  // namespace evenface::stats
