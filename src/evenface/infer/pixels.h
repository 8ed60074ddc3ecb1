#pragma once
#include <span>

#include "evenface/image/picture.h"
#include "evenface/net/graph.h"

namespace evenface::infer {

/// Writes the picture as a network reads it: three planes (red, green, blue) of
/// height x width, each value (p / 255 - mean) / deviation. `planes` holds 3 x height x width.
void write_planes(const image::Picture& picture, const net::Normalisation& normalisation, std::span<float> planes);

}  // namespace evenface::infer
