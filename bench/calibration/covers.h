#pragma once
#include "evenface/stats/estimate.h"

namespace evenface::calibration {

/// 1 where the estimate has an interval that holds the truth, else 0.
inline double covers(const stats::Estimate& e, double truth) {
  constexpr double kRounding = 1e-12;
  return e.interval && e.interval->low <= truth + kRounding && truth - kRounding <= e.interval->high ? 1 : 0;
}

}  // namespace evenface::calibration
