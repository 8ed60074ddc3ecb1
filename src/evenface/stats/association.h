#pragma once
#include <cstdint>
#include <span>
#include <vector>

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

/// How a level of one attribute goes with a level of the other.
struct CellAssociation {
  std::int64_t row = 0, column = 0, n = 0;
  double expected = 0;    ///< rows, were the attributes independent
  double residual = 0;    ///< adjusted: about standard normal were they independent (Haberman 1973, Biometrics 29:205)
  double p = 1;           ///< of the residual; Fisher's exact test where fewer than 5 rows are expected
  double p_adjusted = 1;  ///< Holm over the cells
  double npmi =
      0;  ///< normalised pointwise mutual information (Bouma 2009): 1 never apart, 0 independent, -1 never met
};

/// Of the levels that occur, in the order of the table; none where association() has fewer than two of either.
std::vector<CellAssociation> cell_associations(std::span<const std::int64_t> counts, std::int64_t columns);

}  // namespace evenface::stats
