#pragma once
#include <string_view>

#include "evenface/image/picture.h"

namespace evenface::image {

/// The orientation tag (1 to 8) of an EXIF block that starts with its TIFF
/// header; 1 where there is none or it is malformed.
int exif_orientation(std::string_view tiff);

/// Whether applying the orientation exchanges width and height (5 to 8).
constexpr bool swaps_sides(int orientation) { return orientation >= 5 && orientation <= 8; }

/// The picture as it is meant to be shown: turned and mirrored by its EXIF orientation.
Picture apply_orientation(Picture stored, int orientation);

}  // namespace evenface::image
