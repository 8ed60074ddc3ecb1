#pragma once
#include <cstdint>
#include <span>

#include "evenface/stats/significance.h"

namespace evenface::stats {

/// How far two attributes of the same rows go together. All are 0 where they are independent.
struct Association {
  std::int64_t rows = 0;
  ChiSquare test;                  ///< of independence; its df counts the levels that occur
  double cramers_v = 0;            ///< 1 where one attribute tells the other; above 0 by sampling alone
  double cramers_v_corrected = 0;  ///< less what sampling alone gives (Bergsma 2013, J. Korean Stat. Soc. 42:323)
  double mutual_information = 0;   ///< nats
};

/// Of a table of counts, `columns` to a row. A row or column without counts is left out; where fewer than two of either
/// are left nothing can go together. Throws InputError unless there are counts, whole rows, and none is negative.
Association association(std::span<const std::int64_t> counts, std::int64_t columns);

}  // namespace evenface::stats
