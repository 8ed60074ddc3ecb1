#include "evenface/image/colour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace evenface::image {
namespace {

using Rgb = std::array<float, 3>;  // 0..255

float luma(const Rgb& c) { return 0.299f * c[0] + 0.587f * c[1] + 0.114f * c[2]; }

float clip(float value) { return std::clamp(value, 0.f, 255.f); }

/// Each channel moved away from `from` by the factor.
Rgb stretch(const Rgb& c, float from, float factor) {
  return {clip(from + factor * (c[0] - from)), clip(from + factor * (c[1] - from)),
          clip(from + factor * (c[2] - from))};
}

/// HSV with its hue turned; value and chroma stay, so no trigonometry is needed
/// (the hexagon form of HSV, Smith 1978).
Rgb turn_hue(const Rgb& c, float turn) {
  const float high = std::max({c[0], c[1], c[2]}), low = std::min({c[0], c[1], c[2]}), chroma = high - low;
  if (chroma <= 0) return c;
  float sector;
  if (high == c[0]) sector = (c[1] - c[2]) / chroma;
  else if (high == c[1]) sector = 2 + (c[2] - c[0]) / chroma;
  else sector = 4 + (c[0] - c[1]) / chroma;
  sector += 6 * turn;
  const auto channel = [&](float offset) {
    float k = std::fmod(offset + sector, 6.f);
    if (k < 0) k += 6;
    return high - chroma * std::clamp(std::min(k, 4 - k), 0.f, 1.f);
  };
  return {channel(5), channel(3), channel(1)};
}

float mean_luma(const Picture& picture, float brightness) {
  double sum = 0;
  for (std::size_t i = 0; i < picture.pixels.size(); i += 3) {
    const auto* p = &picture.pixels[i];
    sum += luma({clip(brightness * p[0]), clip(brightness * p[1]), clip(brightness * p[2])});
  }
  return static_cast<float>(sum / (static_cast<double>(picture.pixels.size()) / 3));
}

}  // namespace

Picture change_colour(const Picture& picture, const ColourChange& change) {
  const auto brightness = static_cast<float>(change.brightness), contrast = static_cast<float>(change.contrast),
             saturation = static_cast<float>(change.saturation), hue = static_cast<float>(change.hue);
  const float mean = contrast == 1 ? 0 : mean_luma(picture, brightness);
  Picture out = picture;
  for (std::size_t i = 0; i < out.pixels.size(); i += 3) {
    std::uint8_t* p = &out.pixels[i];
    Rgb c{clip(brightness * p[0]), clip(brightness * p[1]), clip(brightness * p[2])};
    if (contrast != 1) c = stretch(c, mean, contrast);
    if (saturation != 1) c = stretch(c, luma(c), saturation);
    if (hue != 0) c = turn_hue(c, hue);
    for (int k = 0; k < 3; ++k) p[k] = static_cast<std::uint8_t>(c[static_cast<std::size_t>(k)] + 0.5f);
  }
  return out;
}

}  // namespace evenface::image
