#pragma once
#include <cstdint>
#include <vector>

#include "evenface/stats/measured.h"

namespace evenface::stats {

/// Errors of a predicted number, such as an age in years: predicted - true.
struct NumberErrors {
  Moments error;     ///< signed: its mean is the bias, above 0 where the prediction is too high
  Moments absolute;  ///< its mean is the MAE

  NumberErrors& operator+=(const NumberErrors& other);
};

/// The errors of each group. Shards add, bit for bit.
class NumberCells {
 public:
  explicit NumberCells(std::int64_t groups);

  /// Throws InputError unless both numbers are finite and the weight finite and not negative.
  void add(std::int64_t group, double truth, double predicted, double weight = 1, Person person = {});
  NumberCells& operator+=(const NumberCells& other);

  std::int64_t groups() const { return static_cast<std::int64_t>(groups_.size()); }
  const NumberErrors& of(std::int64_t group) const { return groups_[static_cast<std::size_t>(group)]; }
  /// All groups but this one; all groups with -1.
  NumberErrors all_but(std::int64_t group) const;

 private:
  std::vector<NumberErrors> groups_;
};

/// Mean absolute error in units of the number, with a t interval; compare groups by `difference_of` or `gap_of`. A low
/// MAE can hide a bias: a group that is always taken for three years older may have the same MAE as one that is off by
/// three years either way.
Measured mean_absolute_error(const NumberErrors& errors, std::int64_t min_rows);

/// Mean signed error in units of the number, with a t interval; groups compare likewise.
Measured bias(const NumberErrors& errors, std::int64_t min_rows);

}  // namespace evenface::stats
