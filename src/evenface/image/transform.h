#pragma once
#include "evenface/image/picture.h"

namespace evenface::image {

/// A rectangle of pixels; it may reach over the picture's edge.
struct Box {
  int x = 0, y = 0, width = 0, height = 0;
};

/// The picture at another size: averaged over areas when both sides shrink, bilinear otherwise.
/// Throws InternalError unless both sides are positive.
Picture resize(const Picture& picture, int width, int height);

/// The pixels inside the box; beyond the edge the nearest pixel of the picture is repeated.
Picture crop(const Picture& picture, const Box& box);

/// The box of the given size around the picture's centre.
Box centre_box(const Picture& picture, int width, int height);

/// The largest centred square, resized to size_px x size_px: what networks are fed.
Picture square(const Picture& picture, int size_px);

Picture flip_horizontal(const Picture& picture);

}  // namespace evenface::image
