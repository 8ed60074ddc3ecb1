#pragma once
#include <cstdint>

namespace evenface::train {

/// A learning rate that rises linearly over `warmup` steps and falls to 0 along
/// half a cosine over the others (Loshchilov & Hutter 2017).
struct Schedule {
  double peak = 0;
  std::int64_t steps = 1, warmup = 0;  ///< 0 <= warmup <= steps
};

/// The rate of step 0..steps-1: peak (step + 1) / warmup while warming up, then
/// peak (1 + cos(pi (step - warmup) / (steps - warmup))) / 2. Never 0 within the steps.
double learning_rate_at(const Schedule& schedule, std::int64_t step);

}  // namespace evenface::train
