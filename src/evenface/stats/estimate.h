#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "evenface/stats/interval.h"

namespace evenface::stats {

/// What a number can be, at least and at most.
struct Bounds {
  double low, high;
};

/// A quantity with sampling error: its value and interval, or the reason why it
/// can't be estimated. Never a bare number.
struct Estimate {
  std::optional<double> value;
  std::optional<Interval> interval;  ///< absent where no valid interval is known
  std::int64_t n = 0;                ///< rows it rests on
  std::string method;                ///< how the interval was made
  std::string reason;                ///< why there is no value

  bool estimable() const { return value.has_value(); }
};

/// `successes` of `n` with its interval, or not estimable below `min_rows`. Both may be
/// fractional: means over training seeds, effective numbers of rows.
Estimate proportion(double successes, double n, std::int64_t min_rows, double level,
                    RateInterval kind = RateInterval::kWilson);

/// Takes an interval without width away: what never varied in what was seen is not known for sure.
void drop_without_width(Estimate& estimate);

/// Not estimable for want of rows.
Estimate too_few_rows(std::int64_t n, std::int64_t min_rows);

/// The answer that there is no answer, with the counts that say why.
Estimate not_estimable(std::int64_t n, std::string reason);

/// The answer that the question has no meaning for these data, whatever their number.
Estimate not_applicable(std::int64_t n, std::string reason);

}  // namespace evenface::stats
