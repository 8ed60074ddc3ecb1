#pragma once
#include <string>
#include <utility>
#include <vector>

#include "evenface/image/simulator.h"

namespace evenface::image {

/// Every number that a face was drawn from, by name ("action.jaw_drop", "view.yaw_deg"), in a fixed order.
std::vector<std::pair<std::string, double>> numbers_of(const FaceParameters& face);

}  // namespace evenface::image
