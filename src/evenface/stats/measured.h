#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evenface/stats/estimate.h"
#include "evenface/stats/moments.h"

namespace evenface::stats {
struct GroupValue;

/// A figure of some rows with its interval at every level, so that it can be shown, compared with the same
/// figure of other rows, and tested; or the reason why it can't be estimated.
struct Measured {
  std::optional<double> value;
  std::function<Interval(double level)> interval;  ///< empty where no valid interval is known
  std::int64_t n = 0;
  std::string method;  ///< how the interval is made
  std::string reason;  ///< why there is no value

  bool estimable() const { return value.has_value(); }
};

Measured not_measurable(std::int64_t n, std::string reason);

Estimate estimate_of(const Measured& figure, double level);

/// A group's figure minus that of other rows.
struct Difference {
  Estimate estimate;
  std::optional<double> p;  ///< two-sided and raw; none where there is no test
};

/// as_noisy_by_row (group_values.h) of intervals: the figure with at least the width per row of the other's.
Measured as_wide_by_row(Measured own, const Measured& other);

/// a - b of independent rows: the interval by MOVER (Donner & Zou 2002); p is one minus the level at which
/// that interval ends at 0, so that both say the same. p is at least 1e-15.
Difference difference_of(const Measured& a, const Measured& b, double level);

/// Highest minus lowest of the figures, with the interval of their simultaneous intervals at
/// 1 - (1 - level)/k: [max(0, max low - min high), max high - min low], conservative. Figures that can't be
/// estimated are left out; not estimable when fewer than two are left.
Estimate gap_of(std::span<const Measured> figures, double level);

/// The mean of figures of the same rows, e.g. one per class. Its interval is the mean of theirs: by
/// sd(mean) <= mean(sd) it is conservative whatever their correlation.
Measured mean_of(std::span<const Measured> figures);

/// The mean of a number over rows, with Student's t interval, cut off at the bounds if there are any. Where all
/// rows have the same number the variance is 0 and t would give a width of 0: then a number bounded on both sides has
/// Wilson's interval of its place between the bounds (conservative, since p(1-p) is the largest variance of a
/// number between 0 and 1), another one no interval. Not estimable below `min_rows` effective rows.
Measured mean_of(const Moments& rows, std::int64_t min_rows, std::optional<Bounds> bounds = std::nullopt);

/// a - b, means of independent rows with the variance of their error: Welch's t interval and test (1947). Where
/// neither varies there is no interval, and p is that of apart_by_chance.
Difference welch(const GroupValue& a, const GroupValue& b, double level);

}  // namespace evenface::stats
