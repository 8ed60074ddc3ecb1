#pragma once
#include <cstdint>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/paired_cells.h"

namespace evenface::stats {

/// One bootstrap replicate of the noise-corrected spread of each arm.
struct SpreadReplicate {
  double before, after;
};

/// Resamples the rows of each group with the runs fixed. Each replicate's noise
/// term is subtracted twice, because it holds the noise twice (double
/// correction, Lum, Zhang & Bower 2022). Replicate i is addressed by
/// (seed, i), so the result does not depend on the thread count.
std::vector<SpreadReplicate> bootstrap_spread(const PairedCells& cells, std::int64_t replicates, std::uint64_t seed,
                                              const Context& context);

/// sqrt(max(0, mean over the arm's runs of the corrected variance)): the root is taken last.
double mean_spread(const PairedCells& cells, Arm arm);

}  // namespace evenface::stats
