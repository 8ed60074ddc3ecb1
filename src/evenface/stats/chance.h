#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/core/random.h"
#include "evenface/stats/paired_cells.h"

namespace evenface::stats {

/// What a figure would be if group had nothing to do with being right.
struct NullReference {
  double observed = 0;
  double mean = 0;            ///< of the figure under the null
  double upper = 0;           ///< its 95 % point
  double p = 1;               ///< (1 + #{null >= observed}) / (draws + 1)
  std::vector<double> draws;  ///< sorted
};

/// A figure of group rates, such as `gap`.
using Figure = std::function<double(std::span<const GroupCount>)>;

/// The raw null reference: permutes group over all rows of the arm, keeping the group sizes and how
/// often each row is right over the arm's runs. The only reference that is called "by chance". Its
/// cost does not depend on the number of rows. Draw i is addressed by (seed, i).
NullReference raw_null(const PairedCells& cells, Arm arm, const Figure& figure, std::int64_t draws, std::uint64_t seed,
                       const Context& context);

}  // namespace evenface::stats
