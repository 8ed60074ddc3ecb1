#pragma once
#include <string>

#include "evenface/image/picture.h"

namespace evenface::image {

/// The picture as a baseline JPEG file without chroma subsampling (small faces
/// lose lips and eyes to it). `quality` is libjpeg's, 1 to 100.
std::string encode_jpeg(const Picture& picture, int quality = 92);

/// The picture as a PNG file; lossless.
std::string encode_png(const Picture& picture);

}  // namespace evenface::image
