#include <algorithm>
#include <array>
#include <cmath>

#include "evenface/image/face/sketch.h"

namespace evenface::image::face {
namespace {

/// The four curves of the mouth; t runs from the left corner (-1) to the right (1).
struct Mouth {
  double y, half, corner, open_up, open_down, upper_lip, lower_lip, bow, lopsided;

  double line(double t) const { return y + corner * std::pow(std::abs(t), 1.7) + lopsided * t; }
  double upper_inner(double t) const { return line(t) - open_up * (1 - t * t); }
  double lower_inner(double t) const { return line(t) + open_down * std::pow(1 - t * t, 0.8); }
  double upper_outer(double t) const {
    const double peak = 1 - std::pow(std::abs(t), 1.6) - bow * std::exp(-std::pow(t / 0.16, 2));
    return upper_inner(t) - upper_lip * std::max(0.0, peak);
  }
  double lower_outer(double t) const { return lower_inner(t) + lower_lip * std::pow(1 - t * t, 0.7); }
};

Mouth mouth_of(const Sketch& s) {
  const FaceParameters& f = s.face;
  const Anatomy& a = s.anatomy;
  const Actions& u = f.actions;
  Mouth m{};
  m.y = a.mouth_y - 0.012 * u.chin_raise - 0.02 * u.upper_lip_raise + 0.01 * u.jaw_drop - 0.012 * u.lip_corner_pull;
  m.half = a.mouth_half * (1 + 0.34 * u.lip_corner_pull + 0.26 * u.lip_stretch - 0.20 * u.jaw_drop -
                           0.14 * u.lip_press - 0.10 * u.chin_raise + 0.04 * u.lip_corner_depress);
  m.corner = -0.095 * u.lip_corner_pull + 0.085 * u.lip_corner_depress + 0.03 * u.lip_stretch + 0.02 * a.wear -
             0.011 * f.shape.mouth_curve + 0.03 * u.upper_lip_raise;
  const double open = 0.085 * u.lips_part + 0.27 * u.jaw_drop * std::min(1.0, 0.35 + u.lips_part);
  m.open_up = 0.22 * open + 0.035 * u.upper_lip_raise * std::min(1.0, 0.3 + u.lips_part);
  m.open_down = 0.78 * open;
  const double full =
      (1 + 0.20 * f.shape.lip_fullness + 0.14 * f.femininity) * (1 - 0.35 * a.wear) * (1 - 0.5 * u.lip_press);
  m.upper_lip = 0.050 * full * (1 - 0.35 * u.lip_corner_pull) * (1 - 0.3 * u.upper_lip_raise);
  m.lower_lip = 0.066 * full * (1 - 0.25 * u.lip_corner_pull) * (1 + 0.25 * u.chin_raise);
  m.bow = 0.28;
  m.lopsided = 0.006 * f.shape.asymmetry;
  return m;
}

template <class Curve>
Line trace(const Mouth& m, Curve curve, double reach = 1) {
  constexpr int kPoints = 21;
  Line line;
  for (int i = 0; i < kPoints; ++i) {
    const double t = reach * (2.0 * i / (kPoints - 1) - 1);
    line.push_back({m.half * t, curve(t)});
  }
  return line;
}

Line between(Line first, const Line& second) {
  first.insert(first.end(), second.rbegin(), second.rend());
  return first;
}

Rgb lip_colour(const Sketch& s) {
  const double light = std::clamp((8 - s.face.tone) / 6, 0.0, 1.0);
  const Rgb natural = mix(mix(s.skin, {112, 52, 56}, 0.5), mix(s.skin, {178, 72, 78}, 0.5), light);
  return mix(natural, {168, 28, 52}, 0.65 * s.face.make_up * std::max(0.0, s.face.femininity));
}

void paint_inside(Sketch& s, const Mouth& m) {
  const auto upper = [&](double t) { return m.upper_inner(t); };
  const auto lower = [&](double t) { return m.lower_inner(t); };
  const double gap = m.open_up + m.open_down;
  if (gap < 0.012) return;
  fill(s.rgb, s.on(between(trace(m, upper), trace(m, lower))), {.colour = {48, 16, 20}});
  const Rgb enamel = mix(Rgb{238, 232, 220}, {215, 195, 150}, 0.5 * s.anatomy.wear);
  const double teeth = std::min(0.062, 0.75 * gap);
  const auto edge = [&](double t) { return std::min(m.upper_inner(t) + teeth * (1 - 0.3 * t * t), m.lower_inner(t)); };
  fill(s.rgb, s.on(between(trace(m, upper, 0.86), trace(m, edge, 0.86))),
       {.colour = enamel, .alpha = 0.95, .soft_px = s.px(0.004)});
  for (const double t : {-0.55, -0.3, -0.1, 0.1, 0.3, 0.55})
    stroke(s.rgb, s.on({{m.half * t, m.upper_inner(t)}, {m.half * t, edge(t)}}), s.px(0.006),
           {.colour = enamel * 0.7, .alpha = 0.4});
  if (gap < 0.13) return;
  const auto tongue = [&](double t) { return m.lower_inner(t) - 0.30 * gap * (1 - t * t); };
  fill(s.rgb, s.on(between(trace(m, tongue, 0.75), trace(m, lower, 0.75))),
       {.colour = {150, 62, 66}, .alpha = 0.85, .soft_px = s.px(0.012)});
}

}  // namespace

void paint_mouth(Sketch& s) {
  const Mouth m = mouth_of(s);
  const Rgb lips = lip_colour(s);
  const auto upper_in = [&](double t) { return m.upper_inner(t); };
  const auto lower_in = [&](double t) { return m.lower_inner(t); };
  fill(s.rgb, s.on(between(trace(m, [&](double t) { return m.upper_outer(t); }), trace(m, upper_in))),
       {.colour = lips * 0.88, .soft_px = s.px(0.006)});
  fill(s.rgb, s.on(between(trace(m, lower_in), trace(m, [&](double t) { return m.lower_outer(t); }))),
       {.colour = lips, .soft_px = s.px(0.006)});
  const auto shine = [&](double t) { return m.lower_inner(t) + 0.45 * m.lower_lip * (1 - t * t); };
  stroke(s.rgb, s.on(trace(m, shine, 0.45)), s.px(0.35 * m.lower_lip),
         {.colour = mix(lips, {255, 235, 230}, 0.5), .alpha = 0.22 + 0.25 * s.face.make_up, .soft_px = s.px(0.010)});
  paint_inside(s, m);
  const std::array widths{s.px(0.006), s.px(0.017), s.px(0.015), s.px(0.017), s.px(0.006)};
  stroke(s.rgb, s.on(trace(m, upper_in, 1.04)), widths,
         {.colour = mix(lips * 0.35, {40, 12, 14}, 0.4), .alpha = 0.85, .soft_px = s.px(0.004)});
  for (const double side : {-1.0, 1.0})
    disc(s.rgb, s.projection.on(side * m.half * 1.03, m.line(side * 1.0)), s.px(0.022), s.px(0.02), 0,
         {.colour = s.skin * 0.5, .alpha = 0.4, .soft_px = s.px(0.012)});
}

void paint_nose(Sketch& s) {
  const Anatomy& a = s.anatomy;
  const Actions& u = s.face.actions;
  const double wide = a.nose_half, tip = a.nose_y - 0.018 * u.nose_wrinkle,
               flare = 1 + 0.14 * u.nose_wrinkle + 0.05 * u.lip_corner_pull;
  const Rgb dark = mix(s.skin * 0.34, {50, 18, 14}, 0.3);
  for (const double side : {-1.0, 1.0}) {
    const Line wing = curve_through(Line{{side * wide * 0.93 * flare, tip - 0.035},
                                         {side * wide * 1.10 * flare, tip + 0.015},
                                         {side * wide * 1.02 * flare, tip + 0.058},
                                         {side * wide * 0.72 * flare, tip + 0.066}},
                                    false, 5);
    const std::array widths{s.px(0.004), s.px(0.017), s.px(0.020), s.px(0.010)};
    stroke(s.rgb, s.on(wing), widths, {.colour = s.skin * 0.5, .alpha = 0.60, .soft_px = s.px(0.008)});
    const Point nostril = s.projection.on(side * wide * 0.47 * flare, tip + 0.058);
    disc(s.rgb, nostril, s.px(0.036 * flare), s.px(0.017 + 0.006 * u.nose_wrinkle), side * 0.35,
         {.colour = dark, .alpha = 0.85, .soft_px = s.px(0.008)});
    if (u.nose_wrinkle > 0.1)
      for (const double y : {0.06, 0.11, 0.155})
        stroke(s.rgb, s.on({{side * 0.02, a.eye_y + y}, {side * 0.085, a.eye_y + y - 0.035}}), s.px(0.012),
               {.colour = s.skin * 0.52, .alpha = 0.62 * u.nose_wrinkle, .soft_px = s.px(0.006)});
  }
  stroke(s.rgb, s.on({{-0.03, tip + 0.075}, {0.03, tip + 0.075}}), s.px(0.014),
         {.colour = s.skin * 0.5, .alpha = 0.5, .soft_px = s.px(0.008)});
}

}  // namespace evenface::image::face
