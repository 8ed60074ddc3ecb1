#include "evenface/image/simulator.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "evenface/core/error.h"
#include "evenface/image/face/sketch.h"
#include "evenface/image/mat.h"

namespace evenface::image {
namespace {

void paint_all(face::Sketch& sketch) {
  paint_backdrop(sketch);
  paint_hair_behind(sketch);
  paint_body(sketch);
  paint_ears(sketch);
  paint_head(sketch);
  paint_skin_marks(sketch);
  paint_nose(sketch);
  paint_beard(sketch);
  paint_mouth(sketch);
  paint_eyes(sketch);
  paint_brows(sketch);
  paint_hair_shadow(sketch);
  light_head(sketch);
  paint_glasses(sketch);
  paint_hair(sketch);
}

/// The scale's orbs as a photograph shows skin of that tone: blood shines through
/// light skin, and dark skin is lit so that its features show.
Rgb living(double tone) {
  const Rgb orb = monk_tone(tone);
  const double dark = std::clamp((tone - 5) / 4, 0.0, 1.0);
  return {orb.r * face::mix(0.98, 1.75, dark), orb.g * face::mix(0.875, 1.42, dark),
          orb.b * face::mix(0.80, 1.25, dark)};
}

/// What lens and sensor add: blur, exposure and colour cast, noise.
void photograph(cv::Mat& rgb, const FaceParameters& f) {
  const double sigma = f.view.blur * rgb.cols;
  if (sigma > 0.2) cv::GaussianBlur(rgb, rgb, {}, sigma);
  const double gain = std::pow(2.0, f.view.exposure);
  const double cast[3] = {gain * (1 + 0.03 * f.view.warmth), gain, gain * (1 - 0.04 * f.view.warmth)};
  Stream random(f.texture, "noise");
  std::uint64_t bits = 0;
  for (int y = 0; y < rgb.rows; ++y) {
    std::uint8_t* p = rgb.ptr(y);
    for (int i = 0; i < 3 * rgb.cols; ++i) {
      if (i % 2 == 0) bits = random.bits64();
      else bits >>= 32;
      // Four bytes summed are normal enough for noise; their standard deviation is 147.8.
      const auto sum = static_cast<int>((bits & 255) + (bits >> 8 & 255) + (bits >> 16 & 255) + (bits >> 24 & 255));
      p[i] = cv::saturate_cast<std::uint8_t>(p[i] * cast[i % 3] + (sum - 510) * (f.view.noise / 147.8));
    }
  }
}

}  // namespace

std::string name_of(Expression expression) {
  static constexpr std::array kNames{"neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear"};
  return kNames.at(static_cast<std::size_t>(expression));
}

std::string name_of(Gender gender) { return gender == Gender::kFeminine ? "feminine" : "masculine"; }

std::string name_of(AgeBand age) {
  static constexpr std::array kNames{"child", "young adult", "middle-aged", "older"};
  return kNames.at(static_cast<std::size_t>(age));
}

std::string name_of(HairStyle style) {
  static constexpr std::array kNames{"bald", "buzz", "short", "side part", "fringe", "bob", "long", "bun", "afro"};
  return kNames.at(static_cast<std::size_t>(style));
}

Rgb monk_tone(double tone) {
  static constexpr std::array<Rgb, kSkinTones> kTones{{{0xf6, 0xed, 0xe4},
                                                       {0xf3, 0xe7, 0xdb},
                                                       {0xf7, 0xea, 0xd0},
                                                       {0xea, 0xda, 0xba},
                                                       {0xd7, 0xbd, 0x96},
                                                       {0xa0, 0x7e, 0x56},
                                                       {0x82, 0x5c, 0x43},
                                                       {0x60, 0x41, 0x34},
                                                       {0x3a, 0x31, 0x2a},
                                                       {0x29, 0x24, 0x20}}};
  ensure(tone >= 1 && tone <= kSkinTones, "a Monk tone lies in 1..10");
  const auto below = std::min(static_cast<std::size_t>(tone) - 1, kTones.size() - 2);
  return face::mix(kTones[below], kTones[below + 1], tone - 1 - static_cast<double>(below));
}

Picture render_face(const FaceParameters& f, int size_px, int supersampling) {
  ensure(size_px >= 16 && supersampling >= 1, "a face needs at least 16 pixels");
  keep_opencv_on_this_thread();
  const int side = size_px * supersampling;
  const face::Anatomy anatomy = face::anatomy_of(f);
  const face::Surface surface(f, anatomy);
  face::Sketch sketch{.rgb = cv::Mat(side, side, CV_8UC3),
                      .face = f,
                      .anatomy = anatomy,
                      .surface = surface,
                      .projection = {surface, f.view, side},
                      .skin = living(f.tone)};
  paint_all(sketch);
  Picture picture = blank_picture(size_px, size_px);
  cv::Mat out = view_of(picture);
  cv::resize(sketch.rgb, out, out.size(), 0, 0, cv::INTER_AREA);
  photograph(out, f);
  return picture;
}

}  // namespace evenface::image
