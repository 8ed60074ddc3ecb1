#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "evenface/adjust/rule.h"

namespace evenface::adjust {

/// Whether a row is decided positive when it shall be with this probability. The lot is addressed by the seed and
/// the row's id: the same row gets the same lot always, and one that is positive at some share is so at any higher.
bool drawn_positive(double share, std::uint64_t seed, std::string_view id);

/// The logits that a shift or a temperature makes of a row's logits.
std::vector<double> adjusted(const ShiftRule& rule, std::span<const double> logits);
std::vector<double> adjusted(const TemperatureRule& rule, std::span<const double> logits);

}  // namespace evenface::adjust
