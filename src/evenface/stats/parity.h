#pragma once
#include <cstdint>
#include <vector>

#include "evenface/stats/cells.h"
#include "evenface/stats/estimate.h"

namespace evenface::stats {

struct ParitySettings {
  double level = 0.95;
  std::int64_t min_rows = 1;  ///< rows below which a group's rate is not estimable
};

/// How far apart the groups are treated with respect to one class, as Fairlearn defines it (between groups, worst
/// case).
struct Parity {
  Estimate difference;                 ///< largest less smallest rate; 0 is parity
  Estimate ratio;                      ///< smallest over largest rate; 1 is parity; not estimable where every rate is 0
  std::vector<std::int64_t> left_out;  ///< groups without a rate, for want of rows; each is to be shown
};

// Rates are of one run and one class against the others; a row without a prediction isn't taken for the class.
// Intervals follow from simultaneous Wilson intervals of all rates involved, as that of `gap_estimate`: conservative.
// Each throws InputError unless the class and the run exist and 0 < level < 1.

/// Of selection rates (demographic, or statistical, parity). They differ where the class is more common in a group,
/// even if every row is judged alike.
Parity demographic_parity(const Cells& cells, int run, int positive, const ParitySettings& settings);

/// Of true positive rates.
Parity equal_opportunity(const Cells& cells, int run, int positive, const ParitySettings& settings);

/// Of true and false positive rates: the larger of the two differences, the smaller of the two ratios.
Parity equalized_odds(const Cells& cells, int run, int positive, const ParitySettings& settings);

}  // namespace evenface::stats
