#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "evenface/image/face/sketch.h"

namespace evenface::image::face {
namespace {

/// Which side is darker: -1 picture's left .. 1 right.
double dark_side(const Sketch& s) {
  return -std::sin(s.face.view.light_azimuth_deg * std::numbers::pi / 180) * s.face.view.light_strength;
}

void paint_neck(Sketch& s) {
  const Anatomy& a = s.anatomy;
  const double bone = 0.5 - 0.5 * s.face.femininity;
  const double half = (0.34 + 0.09 * bone + 0.02 * s.face.shape.neck_width) * (1 - 0.18 * a.childlike);
  const Line outline = curve_through(Line{{-half, 0.45},
                                          {-half, 1.1},
                                          {-half * 1.08, 1.35},
                                          {-half * 1.6, 1.62},
                                          {half * 1.6, 1.62},
                                          {half * 1.08, 1.35},
                                          {half, 1.1},
                                          {half, 0.45}},
                                     false, 5);
  fill(s.rgb, s.rim(outline, -0.1), {.colour = s.skin * 0.80});
  const double side = dark_side(s);
  fill(s.rgb,
       s.rim({{side * half * 1.1, 0.5}, {side * half * 0.2, 0.5}, {side * half * 0.3, 1.6}, {side * half * 1.3, 1.6}},
             -0.1),
       {.colour = s.skin * 0.42, .alpha = 0.55 * std::abs(side), .soft_px = s.px(0.06)});
  // The chin's shadow.
  const double top = a.chin - 0.3;
  fill(s.rgb,
       s.rim({{-half * 0.96, top},
              {half * 0.96, top},
              {half * 0.90, a.chin + 0.06},
              {0, a.chin + 0.18},
              {-half * 0.90, a.chin + 0.06}},
             0),
       {.colour = s.skin * 0.40, .alpha = 0.65, .soft_px = s.px(0.035)});
}

void paint_clothes(Sketch& s) {
  const double bone = 0.5 - 0.5 * s.face.femininity, wide = (1.30 + 0.22 * bone) * (1 - 0.25 * s.anatomy.childlike);
  Stream random = s.stream("clothes");
  const double neckline = random.uniform(1.16, 1.30), deep = random.uniform(0.02, 0.22);
  const Line outline = curve_through(Line{{-wide, 2.4},
                                          {-wide, 1.80},
                                          {-wide * 0.72, 1.56},
                                          {-0.45, neckline},
                                          {0, neckline + deep},
                                          {0.45, neckline},
                                          {wide * 0.72, 1.56},
                                          {wide, 1.80},
                                          {wide, 2.4}},
                                     false, 5);
  const Line pixels = s.rim(outline, -0.15);
  fill(s.rgb, pixels, {.colour = s.face.clothes});
  const double side = dark_side(s);
  fill(s.rgb, s.rim({{side * 0.4, 1.3}, {side * 1.7, 1.3}, {side * 1.7, 2.4}, {side * 0.4, 2.4}}, -0.15),
       {.colour = s.face.clothes * 0.35, .alpha = 0.35 * std::abs(side), .soft_px = s.px(0.15)});
  const Line hem =
      s.rim(curve_through(Line{{-0.45, neckline}, {0, neckline + deep}, {0.45, neckline}}, false, 6), -0.15);
  stroke(s.rgb, hem, s.px(0.04),
         {.colour = mix(s.face.clothes, {255, 255, 255}, random.uniform(0, 0.5)) * 0.85, .alpha = 0.8});
}

}  // namespace

void paint_backdrop(Sketch& s) {
  // Backdrops are out of focus: painted small, then enlarged.
  Stream random = s.stream("backdrop");
  constexpr int kSide = 32;
  cv::Mat small(kSide, kSide, CV_8UC3);
  const Rgb from = s.face.background * random.uniform(0.75, 1.1), to = s.face.background * random.uniform(0.75, 1.1);
  const bool level = random.uniform() < 0.5;
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x) {
      const Rgb c = mix(from, to, static_cast<double>(level ? y : x) / (kSide - 1));
      small.at<cv::Vec3b>(y, x) = {cv::saturate_cast<std::uint8_t>(c.r), cv::saturate_cast<std::uint8_t>(c.g),
                                   cv::saturate_cast<std::uint8_t>(c.b)};
    }
  for (std::uint64_t shapes = random.below(6); shapes > 0; --shapes) {
    const Rgb colour{random.uniform(20, 240), random.uniform(20, 240), random.uniform(20, 240)};
    const Point at{random.uniform(0, kSide), random.uniform(0, kSide)};
    const double width = random.uniform(2, 12), height = random.uniform(2, 16);
    fill(small,
         {{at.x - width, at.y - height},
          {at.x + width, at.y - height},
          {at.x + width, at.y + height},
          {at.x - width, at.y + height}},
         {.colour = mix(colour, s.face.background, 0.68),
          .alpha = random.uniform(0.3, 0.9),
          .soft_px = random.uniform(0.5, 2.5)});
  }
  cv::resize(small, s.rgb, s.rgb.size(), 0, 0, cv::INTER_CUBIC);
}

void paint_body(Sketch& s) {
  paint_neck(s);
  paint_clothes(s);
}

void paint_ears(Sketch& s) {
  const Anatomy& a = s.anatomy;
  const double size = 1 + 0.10 * s.face.shape.ear_size + 0.2 * a.wear * 0.5, y = a.eye_y + 0.12;
  for (const double side : {-1.0, 1.0}) {
    const double lit = 0.85 - 0.2 * std::max(0.0, side * dark_side(s));
    const Point centre = s.projection.rim(side * (a.width + 0.015), y, -0.12);
    disc(s.rgb, centre, s.px(0.085 * size), s.px(0.175 * size), side * 0.18, {.colour = s.skin * lit});
    const Point inner = s.projection.rim(side * (a.width + 0.028), y - 0.02, -0.12);
    disc(s.rgb, inner, s.px(0.042 * size), s.px(0.10 * size), side * 0.18,
         {.colour = mix(s.skin * 0.5, {120, 50, 40}, 0.2), .alpha = 0.55, .soft_px = s.px(0.02)});
  }
}

void paint_glasses(Sketch& s) {
  if (!s.face.glasses) return;
  const Anatomy& a = s.anatomy;
  Stream random = s.stream("glasses");
  const double half = random.uniform(0.175, 0.21), tall = random.uniform(0.115, 0.17), square = random.uniform(0, 1);
  const double thick = random.uniform(0.014, 0.036);
  const Rgb frame = mix(Rgb{25, 22, 22}, {random.uniform(40, 200), random.uniform(30, 140), random.uniform(20, 120)},
                        random.uniform(0, 0.7));
  for (const double side : {-1.0, 1.0}) {
    Line rim;
    for (int i = 0; i <= 28; ++i) {
      const double turn = 2 * std::numbers::pi * i / 28, c = std::cos(turn), n = std::sin(turn);
      const double power = mix(1.0, 0.5, square);
      rim.push_back({side * a.eye_x + half * std::copysign(std::pow(std::abs(c), power), c),
                     a.eye_y + 0.02 + tall * std::copysign(std::pow(std::abs(n), power), n)});
    }
    fill(s.rgb, s.on(rim, 0.06), {.colour = {235, 240, 245}, .alpha = 0.07});
    stroke(s.rgb, s.on(rim, 0.06), s.px(thick), {.colour = frame, .alpha = 0.95});
    stroke(s.rgb,
           {s.projection.on(side * (a.eye_x + half), a.eye_y - 0.01, 0.06),
            s.projection.rim(side * a.width, a.eye_y - 0.01, -0.05)},
           s.px(thick), {.colour = frame, .alpha = 0.9});
  }
  stroke(s.rgb, s.on({{-a.eye_x + half, a.eye_y}, {0, a.eye_y - 0.025}, {a.eye_x - half, a.eye_y}}, 0.04), s.px(thick),
         {.colour = frame});
}

}  // namespace evenface::image::face
