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
  Estimate rate;                                   ///< Wilson over both held-out halves, as many rows as they tell
  std::pair<std::int64_t, std::int64_t> chosen{};  ///< the group that each half chose
};

/// The correlation of the two held-out figures where none of k groups is worse than another: each half then chooses by
/// chance, and where both choose the same group each holds the other's low half. It is m^2/(k - 1) with m the expected
/// minimum of k standard normal numbers (Blom 1958). Where one group is clearly worst there is none, and an interval
/// that allows for it is wide.
double halves_correlation(std::size_t groups);

/// `first` and `second` hold the same groups over two halves of the rows, split
/// by a rule that looks at neither truth nor predictions. Groups with fewer than
/// two rows in a half are left out; the rate is not estimable when none is left.
WorstGroup cross_fitted_worst(const PairedCells& first, const PairedCells& second, Arm arm, double level);

/// Both arms and the change, whose interval treats them as independent (MOVER), which is wide.
Change change_of_worst(const WorstGroup& before, const WorstGroup& after);

}  // namespace evenface::stats
