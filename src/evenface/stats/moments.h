#pragma once
#include <cstdint>
#include <map>
#include <optional>

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

/// A key of the identity that a row shows, such as key_of(id), where it is known whose rows they are.
using Person = std::optional<std::uint64_t>;

/// All that the mean of a number over (weighted) rows and its variance need. Moments of two shards add,
/// bit for bit. Either all rows have a person or none.
class Moments {
 public:
  /// Throws InputError unless `x` is finite and the weight finite and not negative.
  void add(double x, double weight = 1, Person person = {});
  /// As many rows with the same number.
  void add(double x, const CellCount& rows, Person person = {});
  Moments& operator+=(const Moments& other);

  std::int64_t rows() const { return rows_; }
  bool by_person() const { return !persons_.empty(); }
  /// (sum of weights)^2 / sum of squares (Kish 1965), without weights the rows; at most the persons, where known.
  double effective_rows() const;
  double mean() const;
  /// Of the weighted mean: n/(n-1) sum w^2 (x - mean)^2 / (sum w)^2, which is s^2/n without weights; 0 where
  /// all rows have the same number. Of K persons, if that is larger, the cluster-robust variance of a ratio
  /// K/(K-1) sum_i (sum w x - mean sum w)^2 / (sum w)^2 (as cluster.h; a person's rows seldom agree less than chance).
  /// Needs two rows.
  double variance_of_mean() const;

 private:
  double variance_over_persons() const;

  struct Sums {
    FixedSum mass, sum;
  };
  std::map<std::uint64_t, Sums> persons_;
  std::int64_t rows_ = 0;
  double low_ = 0, high_ = 0;
  FixedSum mass_, squares_, sum_, sum_squares_, squared_sum_;  // w, w^2, w x, w^2 x, w^2 x^2
};

}  // namespace evenface::stats
