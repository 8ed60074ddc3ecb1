#pragma once
#include <cstdint>
#include <vector>

#include "evenface/adjust/shifts.h"
#include "evenface/stats/disparity.h"

// What shifts are judged by. Private to `adjust`.
namespace evenface::adjust {

/// The weight of the right rows per group while decisions change one by one, and the objective of it.
class ShiftTally {
 public:
  ShiftTally(const ClassRows& rows, const std::vector<std::int32_t>& group, std::int64_t groups,
             const ShiftSettings& settings);

  /// All rows, decided by the largest shifted logit.
  void decide(const std::vector<double>& shifts);
  /// One row turned right (+1) or wrong (-1).
  void change(std::size_t row, int by);
  /// The objective without the ridge; -infinity where the margin is overstepped.
  double value() const;
  /// The accuracy over all rows from which the margin is measured is the present one.
  void set_baseline() { least_right_ = right_ - settings_.margin * mass_; }

 private:
  struct Group {
    double rows = 0, mass = 0, squares = 0, right = 0;
    double effective_rows() const { return mass * mass / squares; }
  };
  double group_accuracy() const;
  double spread() const;

  const ClassRows& rows_;
  const std::vector<std::int32_t>& group_;
  ShiftSettings settings_;
  std::vector<Group> groups_;
  std::vector<std::size_t> heard_;  // groups that have a say
  double mass_ = 0, right_ = 0, least_right_ = 0;
};

}  // namespace evenface::adjust
