#include "evenface/adjust/decide.h"

#include "evenface/core/error.h"
#include "evenface/core/random.h"

namespace evenface::adjust {

bool drawn_positive(double share, std::uint64_t seed, std::string_view id) {
  // A share that is 1 but for rounding is no lottery.
  constexpr double kRounding = 1e-12;
  if (share >= 1 - kRounding) return true;
  if (share <= kRounding) return false;
  return Stream(seed, "adjust.lot", {key_of(id)}).uniform() < share;
}

std::vector<double> adjusted(const ShiftRule& rule, std::span<const double> logits) {
  ensure(rule.shifts.size() == logits.size(), "one shift per class");
  std::vector<double> z(logits.begin(), logits.end());
  for (std::size_t c = 0; c < z.size(); ++c) z[c] += rule.shifts[c];
  return z;
}

std::vector<double> adjusted(const TemperatureRule& rule, std::span<const double> logits) {
  std::vector<double> z(logits.begin(), logits.end());
  for (double& value : z) value /= rule.temperature;
  return z;
}

}  // namespace evenface::adjust
