#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace evenface::train {

/// The names of the weightings, in the order of their registry (weighting.cpp). Here, so that a program without torch
/// can list them.
inline constexpr std::array<std::string_view, 2> kWeightingNames{"uniform", "validation-attention"};

/// The same, for options and messages.
inline std::vector<std::string> weighting_names() { return {kWeightingNames.begin(), kWeightingNames.end()}; }

}  // namespace evenface::train
