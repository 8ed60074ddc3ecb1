#include <algorithm>
#include <array>
#include <cmath>

#include "evenface/image/face/sketch.h"

namespace evenface::image::face {
namespace {

/// A crease in the skin: a dark soft line.
void crease(Sketch& s, const Line& knots, double width, double strength) {
  if (strength < 0.04) return;
  const std::array widths{s.px(width * 0.2), s.px(width), s.px(width), s.px(width * 0.2)};
  stroke(s.rgb, s.on(curve_through(knots, false, 5)), widths,
         {.colour = s.skin * 0.55, .alpha = std::min(0.85, strength), .soft_px = s.px(0.010)});
}

void crease_pair(Sketch& s, const Line& knots, double width, double strength) {
  Line mirrored = knots;
  for (Point& p : mirrored) p.x = -p.x;
  crease(s, knots, width, strength);
  crease(s, mirrored, width, strength);
}

void paint_forehead(Sketch& s) {
  const Anatomy& a = s.anatomy;
  const Actions& u = s.face.actions;
  const double raised =
      std::max(u.inner_brow_raise, u.outer_brow_raise) * (0.35 + 0.4 * a.wear) * (1 - 0.7 * a.childlike);
  const double lines = 0.42 * a.wear * a.wear + 0.6 * raised;
  const double reach = u.outer_brow_raise > 0.3 || a.wear > 0.3 ? 0.40 : 0.20;
  for (const double y : {-0.16, -0.24, -0.32}) {
    const double at = a.brow_y + y;
    crease(s, {{-reach, at + 0.02}, {-reach * 0.4, at - 0.008}, {reach * 0.4, at - 0.008}, {reach, at + 0.02}}, 0.016,
           lines);
  }
  const double frown = u.brow_lower * (0.6 + 0.2 * a.wear) + 0.25 * a.wear * a.wear;
  crease_pair(s, {{0.045, a.brow_y - 0.06}, {0.038, a.brow_y}, {0.048, a.brow_y + 0.055}}, 0.018, frown);
}

void paint_folds(Sketch& s) {
  const Anatomy& a = s.anatomy;
  const Actions& u = s.face.actions;
  const double pulled =
      std::max({u.lip_corner_pull, 0.9 * u.nose_wrinkle, 0.8 * u.upper_lip_raise, 0.5 * u.lip_stretch});
  const double corner = a.mouth_half * (1.22 + 0.22 * u.lip_corner_pull + 0.18 * u.lip_stretch);
  crease_pair(s,
              {{a.nose_half * 1.25, a.nose_y - 0.01},
               {mix(a.nose_half, corner, 0.65), mix(a.nose_y, a.mouth_y, 0.42)},
               {corner, a.mouth_y - 0.01}},
              0.022, 0.10 + 0.42 * a.wear + 0.45 * pulled * (1 - 0.4 * a.childlike));
  crease_pair(s, {{corner * 0.95, a.mouth_y + 0.05}, {corner, a.mouth_y + 0.13}, {corner * 0.96, a.mouth_y + 0.2}},
              0.018, 0.38 * a.wear * a.wear + 0.25 * u.lip_corner_depress);
  const double bags = 0.36 * a.wear + 0.30 * u.cheek_raise;
  crease_pair(s, {{a.eye_x - 0.11, a.eye_y + 0.075}, {a.eye_x, a.eye_y + 0.115}, {a.eye_x + 0.12, a.eye_y + 0.085}},
              0.016, bags);
  const double feet = 0.40 * a.wear + 0.42 * u.cheek_raise * (1 - 0.6 * a.childlike);
  const double corner_x = a.eye_x + a.eye_half;
  for (const double fan : {-0.045, 0.0, 0.045})
    crease_pair(s,
                {{corner_x + 0.03, a.eye_y + 0.3 * fan},
                 {corner_x + 0.075, a.eye_y + 0.8 * fan},
                 {corner_x + 0.12, a.eye_y + 1.4 * fan}},
                0.011, feet);
  if (u.chin_raise > 0.15)
    crease(s, {{-0.09, a.chin - 0.20}, {0, a.chin - 0.235}, {0.09, a.chin - 0.20}}, 0.03, 0.5 * u.chin_raise);
}

}  // namespace

void paint_head(Sketch& s) { fill(s.rgb, head_outline(s), {.colour = s.skin}); }

void paint_skin_marks(Sketch& s) {
  paint_forehead(s);
  paint_folds(s);
  Stream random = s.stream("skin");
  const int spots = static_cast<int>(30 * s.face.freckles + 8 * s.anatomy.wear);
  for (int i = 0; i < spots; ++i) {
    const double x = random.uniform(-0.55, 0.55), y = random.uniform(s.anatomy.eye_y + 0.08, s.anatomy.mouth_y - 0.1);
    disc(s.rgb, s.projection.on(x, y), s.px(random.uniform(0.006, 0.013)), s.px(0.008), 0,
         {.colour = s.skin * 0.68, .alpha = random.uniform(0.2, 0.6), .soft_px = s.px(0.004)});
  }
  if (random.uniform() < 0.2)  // a mole
    disc(s.rgb, s.projection.on(random.uniform(-0.45, 0.45), random.uniform(0.15, 0.8)), s.px(0.014), s.px(0.014), 0,
         {.colour = s.skin * 0.4, .alpha = 0.8, .soft_px = s.px(0.004)});
}

}  // namespace evenface::image::face
