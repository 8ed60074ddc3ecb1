#include <algorithm>
#include <array>
#include <cmath>

#include "evenface/image/face/sketch.h"

namespace evenface::image::face {
namespace {

/// One eye in face coordinates; t runs from the inner (-1) to the outer corner (1).
struct Eye {
  double side;  ///< -1 picture's left, 1 right
  Point centre;
  double half, upper, lower, tilt;

  Point at(double t, double y) const { return {centre.x + side * half * t, centre.y - tilt * t + y}; }
  double upper_lid(double t) const {
    return -upper * std::pow(std::max(0.0, 1 - std::pow(std::abs(t + 0.08), 2.3)), 0.75);
  }
  double lower_lid(double t) const {
    return lower * std::pow(std::max(0.0, 1 - std::pow(std::abs(t - 0.1), 2.2)), 0.8);
  }
};

Eye eye_of(const Sketch& s, double side) {
  const Anatomy& a = s.anatomy;
  const FaceParameters& f = s.face;
  const Actions& u = f.actions;
  const double uneven = 0.05 * f.shape.asymmetry * side, droop = 0.12 * a.wear;
  Eye eye{.side = side, .centre = {side * a.eye_x, a.eye_y}, .half = a.eye_half};
  const double open = a.eye_half * (1 + 0.10 * f.shape.eye_size + uneven);
  eye.upper = open * std::max(0.10, 0.46 - droop - 0.05 * f.shape.lid_fold + 0.36 * u.upper_lid_raise -
                                        0.14 * u.lid_tighten - 0.14 * u.brow_lower - 0.10 * u.cheek_raise);
  eye.lower = open * std::max(0.04, 0.27 - 0.18 * u.cheek_raise - 0.13 * u.lid_tighten - 0.10 * u.nose_wrinkle +
                                        0.06 * u.upper_lid_raise);
  eye.tilt =
      0.012 + 0.012 * f.shape.eye_tilt - 0.018 * a.wear - 0.02 * std::max(0.0, u.inner_brow_raise - u.outer_brow_raise);
  return eye;
}

constexpr int kLidPoints = 13;

Line lid(const Eye& eye, bool upper, double offset = 0, double from = -1, double to = 1) {
  Line line;
  for (int i = 0; i < kLidPoints; ++i) {
    const double t = mix(from, to, i / (kLidPoints - 1.0));
    line.push_back(eye.at(t, (upper ? eye.upper_lid(t) : eye.lower_lid(t)) + offset));
  }
  return line;
}

Line between(Line first, const Line& second) {
  first.insert(first.end(), second.rbegin(), second.rend());
  return first;
}

void paint_ball(Sketch& s, const Eye& eye) {
  const FaceParameters& f = s.face;
  const Rgb white = mix(Rgb{236, 230, 226}, s.skin, 0.10 + 0.06 * s.anatomy.wear);
  fill(s.rgb, s.on(between(lid(eye, true), lid(eye, false))), {.colour = white});
  const double radius = 0.064 * (1 + 0.12 * s.anatomy.childlike);
  const Point iris = s.projection.on(eye.centre.x + 0.028 * f.gaze_x, eye.centre.y - 0.01 + 0.016 * f.gaze_y, 0.01);
  disc(s.rgb, iris, s.px(radius), s.px(radius), 0, {.colour = f.iris * 0.45});
  disc(s.rgb, iris, s.px(radius * 0.82), s.px(radius * 0.82), 0, {.colour = f.iris, .soft_px = s.px(0.008)});
  disc(s.rgb, iris, s.px(radius * 0.42), s.px(radius * 0.42), 0, {.colour = {14, 11, 10}});
  // The upper lid's shadow on the ball.
  Line shadow = between(lid(eye, true, -0.004), lid(eye, true, 0.028));
  fill(s.rgb, s.on(shadow), {.colour = {40, 28, 26}, .alpha = 0.45, .soft_px = s.px(0.01)});
}

/// Skin above and below the opening covers what of the iris lies outside it.
void paint_lids(Sketch& s, const Eye& eye) {
  fill(s.rgb, s.on(between(lid(eye, true, -0.10), lid(eye, true))), {.colour = s.skin});
  fill(s.rgb, s.on(between(lid(eye, false), lid(eye, false, 0.09))), {.colour = s.skin});
  const FaceParameters& f = s.face;
  const double lash = (0.022 + 0.012 * std::max(0.0, f.femininity) * (0.4 + f.make_up)) * (1 - 0.3 * s.anatomy.wear);
  const std::array widths{s.px(lash * 0.5), s.px(lash), s.px(lash * 1.1), s.px(lash * 0.8)};
  stroke(s.rgb, s.on(lid(eye, true, -0.004, -1, 1.10)), widths,
         {.colour = {26, 18, 16}, .alpha = 0.92, .soft_px = s.px(0.004)});
  const Rgb rim = mix(s.skin * 0.62, {120, 60, 55}, 0.25);
  stroke(s.rgb, s.on(lid(eye, false, 0.004)), s.px(0.013),
         {.colour = rim, .alpha = 0.55 + 0.3 * f.make_up, .soft_px = s.px(0.005)});
  disc(s.rgb, s.projection.on(eye.at(-0.93, 0.004).x, eye.at(-0.93, 0.004).y), s.px(0.012), s.px(0.009), 0,
       {.colour = mix(s.skin, {190, 90, 85}, 0.55), .alpha = 0.8, .soft_px = s.px(0.004)});
  if (f.make_up > 0.4)
    fill(s.rgb, s.on(between(lid(eye, true, -0.055), lid(eye, true, -0.008))),
         {.colour = mix(s.skin * 0.6, {110, 70, 110}, 0.4), .alpha = 0.45 * f.make_up, .soft_px = s.px(0.015)});
  const double crease = -0.038 - 0.012 * f.shape.lid_fold - 0.02 * f.actions.upper_lid_raise;
  stroke(s.rgb, s.on(lid(eye, true, crease, -0.85, 1.05)), s.px(0.014),
         {.colour = s.skin * 0.58,
          .alpha = std::clamp(0.5 - 0.12 * f.shape.lid_fold, 0.15, 0.75),
          .soft_px = s.px(0.006)});
}

/// The light's reflection, laid on after shading.
void paint_glint(Sketch& s, const Eye& eye) {
  const double x = 0.020 * std::sin(s.face.view.light_azimuth_deg / 57.3) + 0.028 * s.face.gaze_x;
  const Point place = s.projection.on(eye.centre.x + x, eye.centre.y - std::min(0.03, 0.5 * eye.upper), 0.01);
  disc(s.rgb, place, s.px(0.014), s.px(0.014), 0,
       {.colour = {250, 250, 250}, .alpha = 0.35 + 0.5 * s.face.view.light_strength});
}

}  // namespace

void paint_eyes(Sketch& s) {
  for (const double side : {-1.0, 1.0}) {
    const Eye eye = eye_of(s, side);
    paint_ball(s, eye);
    paint_lids(s, eye);
    paint_glint(s, eye);
  }
}

void paint_brows(Sketch& s) {
  const FaceParameters& f = s.face;
  const Anatomy& a = s.anatomy;
  const Actions& u = f.actions;
  const double bone = 0.5 - 0.5 * f.femininity;
  const Rgb colour = mix(f.hair.colour * 0.62, s.skin, 0.12);
  const double thick = (0.046 + 0.008 * f.shape.brow_thickness + 0.022 * bone) * (1 - 0.25 * a.childlike);
  Stream random = s.stream("brows");
  for (const double side : {-1.0, 1.0}) {
    const double uneven = 0.008 * f.shape.asymmetry * side;
    const double arch = 0.030 + 0.011 * f.shape.brow_arch + 0.012 * f.femininity;
    const double inner = a.brow_y + 0.012 + uneven - 0.115 * u.inner_brow_raise + 0.085 * u.brow_lower;
    const double middle =
        a.brow_y - arch - 0.09 * u.outer_brow_raise - 0.03 * u.inner_brow_raise + 0.055 * u.brow_lower;
    const double outer = a.brow_y + 0.010 - 0.075 * u.outer_brow_raise + 0.02 * u.brow_lower + 0.02 * a.wear;
    const double start = 0.125 - 0.035 * u.brow_lower + 0.01 * f.femininity;
    const Line knots{{side * start, inner},
                     {side * 0.22, mix(inner, middle, 0.62)},
                     {side * 0.36, middle},
                     {side * (a.eye_x + 0.20), outer}};
    const Line brow = curve_through(knots, false, 6);
    const std::array widths{s.px(thick * 0.8), s.px(thick), s.px(thick * 0.8), s.px(thick * 0.15)};
    stroke(s.rgb, s.on(brow), widths, {.colour = colour, .alpha = 0.72, .soft_px = s.px(0.010)});
    for (int hair = 0; hair < 14; ++hair) {
      const auto at = static_cast<std::size_t>(random.uniform(0, 0.92) * static_cast<double>(brow.size() - 1));
      const Point root = brow[at] + Point{0, random.uniform(0.1, 0.5) * thick};
      const Point tip = root + Point{side * random.uniform(0.02, 0.05), -random.uniform(0.4, 0.9) * thick};
      stroke(s.rgb, s.on({root, tip}), s.px(0.009), {.colour = colour * random.uniform(0.55, 1.0), .alpha = 0.7});
    }
  }
}

}  // namespace evenface::image::face
