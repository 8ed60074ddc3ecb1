#pragma once
#include <string>
#include <vector>

namespace evenface::train {

/// The names of the weightings, for options and messages.
std::vector<std::string> weighting_names();

}  // namespace evenface::train
