#pragma once
#include <string>

#include "evenface/core/testing.h"
#include "evenface/image/encode.h"

// What the tests of this module share.
namespace evenface::ingest {

/// A small JPEG whose colours depend on `number`, so that each number gives other bytes.
inline std::string jpeg_of(int number, int width = 24, int height = 20) {
  image::Picture picture = image::blank_picture(width, height);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i)
    picture.pixels[i] = static_cast<std::uint8_t>((static_cast<std::size_t>(number) * 37 + i * 5) % 251);
  return image::encode_jpeg(picture);
}

}  // namespace evenface::ingest
