#pragma once
#include <cstdint>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/paired_cells.h"
#include "evenface/stats/unit_influence.h"

// Whether a change of the spread over groups is more than the signs of its few changes. Private to `stats`.
namespace evenface::stats {

/// Two-sided p of the change of the noise-corrected variance between groups, one run each: in each draw every changed
/// row keeps its two answers or exchanges them. A bootstrap takes the few rows that changed for all that can change,
/// and so finds that one row decides; this does not. Draw i is addressed by (seed, i).
double spread_signs_p(const PairedCells& cells, std::int64_t draws, std::uint64_t seed, const Context& context);

/// The same of units, the rows of a person in all groups together; 0 where more than 1,000 have changed, which is more
/// than a bootstrap needs.
double spread_signs_p(const PairedUnits& all, const std::vector<Linear>& groups, std::int64_t draws, std::uint64_t seed,
                      const Context& context);

/// Extends the interval of the change to 0 unless the signs, too, speak for a change at this level.
void rest_on_signs(Estimate& change, double p, double level);

}  // namespace evenface::stats
