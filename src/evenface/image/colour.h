#pragma once
#include "evenface/image/picture.h"

namespace evenface::image {

/// A change of colours, applied in this order. The defaults change nothing.
struct ColourChange {
  double brightness = 1;  ///< factor on every channel
  double contrast = 1;    ///< factor on the distance to the picture's mean luma
  double saturation = 1;  ///< factor on the distance to each pixel's luma; 0 is grey
  double hue = 0;         ///< turn of the HSV hue; 1 is a whole turn, 1/3 makes red green
};

/// The picture with its colours changed. Luma is 0.299 R + 0.587 G + 0.114 B
/// (ITU-R BT.601); values are clipped to 0..255 after each step, rounded once at the end.
Picture change_colour(const Picture& picture, const ColourChange& change);

}  // namespace evenface::image
