#pragma once
#include <cstdint>

#include "evenface/stats/cells.h"

namespace evenface::stats {

/// A sum of reals, each rounded to a multiple of 2^-44 (6e-14) and added as an integer, so that it does not
/// depend on the order in which rows, or shards of rows, are added.
class FixedSum {
 public:
  /// Throws InputError unless |x| is below 2^48.
  void add(double x);
  FixedSum& operator+=(const FixedSum& other);
  double value() const;

 private:
  __extension__ typedef __int128 Integer;
  Integer units_ = 0;
};

/// All that the mean of a number over (weighted) rows and its variance need. Moments of two shards add,
/// bit for bit.
class Moments {
 public:
  /// Throws InputError unless `x` is finite and the weight finite and not negative.
  void add(double x, double weight = 1);
  /// As many rows with the same number.
  void add(double x, const CellCount& rows);
  Moments& operator+=(const Moments& other);

  std::int64_t rows() const { return rows_; }
  /// (sum of weights)^2 / sum of squares (Kish 1965); without weights the rows.
  double effective_rows() const;
  double mean() const;
  /// Of the weighted mean: n/(n-1) sum w^2 (x - mean)^2 / (sum w)^2, which is s^2/n without weights; 0 where
  /// all rows have the same number. Needs two rows.
  double variance_of_mean() const;

 private:
  std::int64_t rows_ = 0;
  double low_ = 0, high_ = 0;
  FixedSum mass_, squares_, sum_, sum_squares_, squared_sum_;  // w, w^2, w x, w^2 x, w^2 x^2
};

}  // namespace evenface::stats
