#include "evenface/train/schedule.h"

#include <cmath>
#include <numbers>

namespace evenface::train {

double learning_rate_at(const Schedule& schedule, std::int64_t step) {
  if (step < schedule.warmup)
    return schedule.peak * static_cast<double>(step + 1) / static_cast<double>(schedule.warmup);
  const double done =
      static_cast<double>(step - schedule.warmup) / static_cast<double>(schedule.steps - schedule.warmup);
  return schedule.peak * (1 + std::cos(std::numbers::pi * done)) / 2;
}

}  // namespace evenface::train
