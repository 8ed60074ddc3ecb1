#pragma once
#include <cstdint>
#include <vector>

#include "evenface/adjust/scores.h"

namespace evenface::adjust {

/// Adds one number per class to the logits, the same for every row: it needs no attribute of a person.
struct ShiftRule {
  std::vector<double> shifts;  ///< one per class, mean 0
  bool operator==(const ShiftRule&) const = default;
};

enum class ShiftObjective {
  kGroupAccuracy,  ///< the mean of the groups' accuracies, as high as possible
  kSpread,         ///< the noise-corrected SD of the groups' accuracies, as low as the margin allows
};

struct ShiftSettings {
  ShiftObjective objective = ShiftObjective::kGroupAccuracy;
  double margin = 0.01;         ///< for kSpread: the loss of accuracy over rows that is allowed
  double ridge = 0.01;          ///< what a shift of one SD of the logits in every class costs, as an accuracy
  double shrink = 30;           ///< for kGroupAccuracy: rows of the pooled accuracy that are added to each group
  std::int64_t min_group = 30;  ///< groups with fewer rows have no say
};

struct ShiftFit {
  ShiftRule rule;
  double before, after;  ///< what was made large, penalty included: equal when no shift is worth it
  int sweeps;            ///< times that all classes were searched
};

/// `group` holds a group 0..groups-1 per row. What is made large:
///
///   kGroupAccuracy  mean_g (right_g + shrink p) / (n_g + shrink) - ridge mean_c (b_c / s)^2, p the pooled accuracy
///   kSpread         -spread_of(corrected_variance) - ridge mean_c (b_c / s)^2, as long as p falls by at most `margin`
///
/// with s the SD of the logits within rows. Both are piecewise constant in the shifts but for the ridge, so each
/// class is searched exactly: all the values of its shift at which some row's decision changes are visited in order
/// (Och 2003), class by class until none gains. That is a local optimum, the same every time. Throws InputError when
/// no group (for the spread: fewer than two) has `min_group` rows.
ShiftFit fit_shifts(const ClassRows& rows, const std::vector<std::int32_t>& group, std::int64_t groups,
                    const ShiftSettings& settings);

}  // namespace evenface::adjust
