#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "evenface/core/random.h"

namespace evenface::stats {

/// Draws rows with replacement from cells: one multinomial, exact, at a cost that grows with the cells
/// and not with the rows.
class Multinomial {
 public:
  /// `rows` to draw; a cell is met in proportion to its mass. Masses are at least 0, one of them above 0
  /// unless there are no rows.
  Multinomial(std::int64_t rows, std::span<const double> masses);

  std::int64_t rows() const { return rows_; }
  /// How many of the rows fall into each cell.
  void draw(Stream& stream, std::span<std::int64_t> counts) const;

 private:
  std::int64_t rows_;
  std::vector<std::size_t> order_;  // of the cells, heaviest first
  std::vector<double> share_;       // of a cell among itself and those after it
  std::vector<double> up_to_;       // filled only where drawing row by row is cheaper
};

}  // namespace evenface::stats
