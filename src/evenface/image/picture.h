#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace evenface::image {

/// A picture in sRGB, 8 bits a channel, as it is shown (any rotation already applied).
struct Picture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;  ///< height x width x 3, row after row, red first

  const std::uint8_t* at(int x, int y) const {
    return &pixels[3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x))];
  }
  bool operator==(const Picture&) const = default;
};

/// A black picture of that size. Throws InternalError unless both sides are positive.
Picture blank_picture(int width, int height);

}  // namespace evenface::image
