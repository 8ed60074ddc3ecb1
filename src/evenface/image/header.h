#pragma once
#include <cstdint>
#include <string_view>

#include "evenface/core/error.h"

namespace evenface::image {

enum class Format { kJpeg, kPng, kWebp };

/// What the first bytes of an image file say, read without decoding any pixel.
struct ImageHeader {
  Format format = Format::kJpeg;
  int width = 0, height = 0;  ///< as shown: after the EXIF rotation
  int orientation = 1;        ///< EXIF orientation, 1 to 8
  int components = 3;         ///< JPEG: 1 grey, 3 colour, 4 CMYK; otherwise 3
  bool adobe = false;         ///< JPEG: Adobe's marker is there, so CMYK values are stored inverted
};

/// Larger pictures are refused before they are decoded.
constexpr std::int64_t kMostPixels = 100'000'000;

/// Reads the header of a JPEG, PNG or WebP file. A Problem for an empty file, an
/// unknown or animated format, a header that is cut short, and more than kMostPixels.
Checked<ImageHeader> read_header(std::string_view bytes);

}  // namespace evenface::image
