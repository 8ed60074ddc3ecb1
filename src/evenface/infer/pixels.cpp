#include "evenface/infer/pixels.h"

#include <array>

#include "evenface/core/error.h"

namespace evenface::infer {

void write_planes(const image::Picture& picture, const net::Normalisation& normalisation, std::span<float> planes) {
  const std::size_t count = picture.pixels.size() / 3;
  ensure(planes.size() == 3 * count, "there is room for three planes");
  for (std::size_t channel = 0; channel < 3; ++channel) {
    std::array<float, 256> level;
    for (std::size_t p = 0; p < level.size(); ++p)
      level[p] = (static_cast<float>(p) / 255.0f - normalisation.mean[channel]) / normalisation.deviation[channel];
    const std::span<float> plane = planes.subspan(channel * count, count);
    for (std::size_t i = 0; i < count; ++i) plane[i] = level[picture.pixels[3 * i + channel]];
  }
}

}  // namespace evenface::infer
