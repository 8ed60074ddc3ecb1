#pragma once
#include <string_view>

#include "evenface/core/error.h"
#include "evenface/image/header.h"
#include "evenface/image/picture.h"

namespace evenface::image {

/// Decodes a JPEG, PNG or WebP file to RGB and applies its EXIF rotation.
/// A JPEG is decoded at the smallest n/8 of its size whose shorter side has at
/// least `at_least_px` pixels (0: full size), which is faster than resizing.
/// Grey becomes RGB; CMYK and YCCK are converted without a colour profile
/// (Adobe's inverted values are known); 16 bits become 8; transparent pixels are
/// composited over white, as a browser shows them.
/// A Problem for everything that read_header refuses and for data that is cut
/// short or damaged, even where a viewer would show the rest. Safe on hostile bytes.
Checked<Picture> decode(std::string_view bytes, int at_least_px = 0);

}  // namespace evenface::image
