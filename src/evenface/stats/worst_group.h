#pragma once
#include <cstdint>
#include <utility>

#include "evenface/stats/before_after.h"
#include "evenface/stats/paired_cells.h"

namespace evenface::stats {

/// The rate of the worst group, chosen on one half of the rows and estimated on
/// the other, both ways round, so that being picked for a low rate doesn't lower
/// the estimate.
struct WorstGroup {
  Estimate rate;                                   ///< Wilson over both held-out halves
  std::pair<std::int64_t, std::int64_t> chosen{};  ///< the group that each half chose
};

/// `first` and `second` hold the same groups over two halves of the rows, split
/// by a rule that looks at neither truth nor predictions. Groups with fewer than
/// two rows in a half are left out; the rate is not estimable when none is left.
WorstGroup cross_fitted_worst(const PairedCells& first, const PairedCells& second, Arm arm, double level);

/// Both arms and the change, whose interval treats them as independent (MOVER), which is wide.
Change change_of_worst(const WorstGroup& before, const WorstGroup& after);

}  // namespace evenface::stats
