#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "evenface/image/face/sketch.h"

namespace evenface::image::face {
namespace {

bool falls(HairStyle style) {
  return style == HairStyle::kBob || style == HairStyle::kLong || style == HairStyle::kFringe;
}

/// How far the hair stands off the skull.
double thickness(const Sketch& s) {
  static constexpr std::array<double, kHairStyles> kThick{0, 0.025, 0.10, 0.12, 0.10, 0.12, 0.11, 0.07, 0.36};
  return std::max(0.02, kThick[static_cast<std::size_t>(s.face.hair.style)] * (1 + 0.18 * s.face.hair.volume));
}

/// The hair's outer edge over the skull, from the left temple over the crown to the right.
Line cap(const Sketch& s) {
  const Anatomy& a = s.anatomy;
  const double off = thickness(s), low = s.face.hair.style == HairStyle::kAfro ? 0.18 : -0.02;
  const Line half{{a.width + off * 0.65, low},
                  {a.width + off * 0.95, -0.30},
                  {a.width * 0.88 + off, -0.66},
                  {0.42 + off * 0.6, a.crown + 0.06 - off * 0.8},
                  {0.0, a.crown - off}};
  Line knots;
  for (const Point& p : half) knots.push_back({-p.x, p.y});
  for (std::size_t i = half.size() - 1; i-- > 0;) knots.push_back(half[i]);
  return s.rim(curve_through(knots, false, 5), -0.05);
}

/// Where forehead and hair meet, from the left temple to the right, on the surface.
Line hairline(const Sketch& s) {
  const Anatomy& a = s.anatomy;
  const Hair& h = s.face.hair;
  const double top = -0.60 - 0.02 * s.face.shape.forehead - 0.20 * h.hairline + 0.04 * a.childlike,
               back = 0.26 * h.hairline;
  const double side = a.width * 0.985;
  Line knots;
  switch (h.style) {
    case HairStyle::kFringe:
      knots = {{-side, 0.02}, {-side * 0.86, -0.22}, {-0.45, -0.285},      {-0.1, -0.30},
               {0.25, -0.29}, {0.5, -0.27},          {side * 0.86, -0.22}, {side, 0.02}};
      break;
    case HairStyle::kSidePart:
      knots = {{-side, 0.0},       {-side * 0.93, -0.30}, {-0.55, -0.46},       {-0.25, -0.55}, {0.20, top - 0.02},
               {0.36, top - 0.10}, {0.55, -0.52 - back},  {side * 0.93, -0.30}, {side, 0.0}};
      break;
    case HairStyle::kLong:
    case HairStyle::kBob:
      knots = {{-side, 0.10}, {-side * 0.93, -0.18}, {-0.56, -0.42},       {-0.24, -0.62}, {0.03, top - 0.14},
               {0.26, -0.62}, {0.57, -0.42},         {side * 0.93, -0.18}, {side, 0.10}};
      break;
    default:
      knots = {{-side, 0.0}, {-side * 0.95, -0.30},           {-0.55, -0.50 - back}, {-0.28, top - 0.03 - back * 0.4},
               {0, top},     {0.28, top - 0.03 - back * 0.4}, {0.55, -0.50 - back},  {side * 0.95, -0.30},
               {side, 0.0}};
  }
  // Towards the temples the skull turns away, so the line follows the outline instead of the front's relief.
  Line pixels;
  for (const Point& p : curve_through(knots, false, 5))
    pixels.push_back(mix(s.projection.on(p.x, p.y), s.projection.rim(p.x, p.y, 0),
                         std::min(1.0, std::pow(std::abs(p.x) / side, 5))));
  return pixels;
}

Point along(const Line& line, double share) {
  const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(line.size() - 1);
  const auto before = std::min(static_cast<std::size_t>(at), line.size() - 2);
  return mix(line[before], line[before + 1], at - static_cast<double>(before));
}

Rgb lit_hair(const Sketch& s, Point pixel, double variation) {
  return s.face.hair.colour * (variation * light_on_sphere(s, s.projection.seen_at(pixel)));
}

/// Strands run from the inner line to the outer one, bending a little.
void paint_strands(Sketch& s, const Line& outer, const Line& inner, int count, Stream& random) {
  for (int i = 0; i < count; ++i) {
    const double share = random.uniform(0.01, 0.99), lean = random.uniform(-0.05, 0.05);
    const Point root = along(outer, share), tip = along(inner, share + lean);
    const double from = random.uniform(0, 0.5), to = random.uniform(0.6, 1.0);
    const Point a = mix(root, tip, from), b = mix(root, tip, to);
    const Point bend = (b - a) * 0.12 * random.uniform(-1, 1);
    const Point middle = mix(a, b, 0.5) + Point{-bend.y, bend.x};
    const double width = s.px(random.uniform(0.012, 0.035));
    stroke(s.rgb, curve_through(Line{a, middle, b}, false, 3), std::array{width * 0.3, width, width * 0.3},
           {.colour = lit_hair(s, middle, random.uniform(0.78, 1.14)), .alpha = 0.55});
  }
}

void paint_curls(Sketch& s, const Line& outer, const Line& inner, int count, Stream& random) {
  for (int i = 0; i < count; ++i) {
    const double share = random.uniform(), depth = random.uniform(-0.06, 0.98);
    const Point at = mix(along(outer, share), along(inner, share), depth);
    const double radius = s.px(random.uniform(0.02, 0.06));
    disc(s.rgb, at, radius, radius * 0.8, random.uniform(0, 3),
         {.colour = lit_hair(s, at, random.uniform(0.70, 1.20)), .alpha = 0.7});
  }
}

/// Small tips that break the sharp edge.
void paint_tips(Sketch& s, const Line& edge, double length, int count, Stream& random) {
  for (int i = 0; i < count; ++i) {
    const double share = random.uniform(0.02, 0.98);
    const Point at = along(edge, share), ahead = along(edge, share + 0.02) - at;
    const double norm = std::max(1e-6, std::hypot(ahead.x, ahead.y)), reach = s.px(length) * random.uniform(0.3, 1);
    const Point out{ahead.y / norm * reach, -ahead.x / norm * reach};
    stroke(s.rgb, {at - out * 0.6, at + out + ahead * random.uniform(-0.8, 0.8)}, std::array{s.px(0.03), s.px(0.006)},
           {.colour = lit_hair(s, at, random.uniform(0.7, 1.1)), .alpha = 0.75});
  }
}

Line closed_between(Line first, const Line& second) {
  first.insert(first.end(), second.rbegin(), second.rend());
  return first;
}

/// Locks that hang beside the face, in front of the ears.
void paint_locks(Sketch& s, Stream& random) {
  const Anatomy& a = s.anatomy;
  const double off = thickness(s),
               end = s.face.hair.style == HairStyle::kLong ? 1.75 : 0.86 + 0.06 * s.face.hair.volume;
  for (const double side : {-1.0, 1.0}) {
    const Line outside = s.rim(curve_through(Line{{side * (a.width + off * 0.7), -0.25},
                                                  {side * (a.width + off), 0.25},
                                                  {side * (a.width + off * 0.9), end * 0.72},
                                                  {side * (a.width + off * 0.5), end}},
                                             false, 6),
                               -0.02);
    const Line inside = s.rim(curve_through(Line{{side * a.width * 0.90, -0.30},
                                                 {side * a.width * 0.96, 0.15},
                                                 {side * a.width * 0.97, end * 0.68},
                                                 {side * a.width * 0.86, end}},
                                            false, 6),
                              0.05);
    fill(s.rgb, closed_between(outside, inside), {.colour = lit_hair(s, outside[6], 0.72), .soft_px = s.px(0.006)});
    for (int i = 0; i < 22; ++i) {
      const double across = random.uniform(0.02, 0.98);
      Line strand;
      for (int k = 0; k <= 5; ++k)
        strand.push_back(mix(along(outside, k / 5.0), along(inside, k / 5.0),
                             std::clamp(across + 0.06 * std::sin(2.0 * k + i), 0.0, 1.0)));
      const double width = s.px(random.uniform(0.01, 0.03));
      stroke(s.rgb, strand, std::array{width, width, width * 0.3},
             {.colour = lit_hair(s, strand[2], random.uniform(0.7, 1.25)), .alpha = 0.55});
    }
  }
}

}  // namespace

void paint_hair_behind(Sketch& s) {
  const Anatomy& a = s.anatomy;
  const HairStyle style = s.face.hair.style;
  const double off = thickness(s);
  const Rgb dark = s.face.hair.colour * 0.64;
  if (style == HairStyle::kBun)
    disc(s.rgb, s.projection.rim(0, a.crown - 0.13, -0.25), s.px(0.27), s.px(0.22), 0,
         {.colour = s.face.hair.colour * 0.8});
  if (style == HairStyle::kAfro) {
    const Point centre = s.projection.rim(0, -0.28, -0.1);
    disc(s.rgb, centre, s.px(a.width + off), s.px(0.72 + off), 0, {.colour = dark});
  }
  if (!falls(style)) return;
  const double end = style == HairStyle::kBob      ? 0.88 + 0.06 * s.face.hair.volume
                     : style == HairStyle::kFringe ? 1.15
                                                   : 1.8,
               wide = a.width + off;
  Line knots{{0, a.crown - off},       {wide * 0.8, -0.75}, {wide, -0.1},
             {wide * 1.02, end * 0.6}, {wide * 0.92, end},  {0, end + 0.02}};
  for (std::size_t i = 4; i > 0; --i) knots.push_back({-knots[i].x, knots[i].y});
  fill(s.rgb, s.rim(curve_through(knots, true, 5), -0.25), {.colour = dark, .soft_px = s.px(0.01)});
}

void paint_hair_shadow(Sketch& s) {
  if (s.face.hair.style == HairStyle::kBald) return;
  Line low = hairline(s);
  const Line edge = low;
  for (Point& p : low) p.y += s.px(0.055);
  fill(s.rgb, closed_between(edge, low), {.colour = s.skin * 0.45, .alpha = 0.40, .soft_px = s.px(0.025)});
}

void paint_hair(Sketch& s) {
  const HairStyle style = s.face.hair.style;
  if (style == HairStyle::kBald) return;
  Stream random = s.stream("hair");
  const Line outer = cap(s), inner = hairline(s);
  const bool buzz = style == HairStyle::kBuzz;
  const Brush base{.colour = s.face.hair.colour * (buzz ? 0.85 : 0.72),
                   .alpha = buzz ? 0.80 : 1.0,
                   .soft_px = s.px(buzz ? 0.025 : 0.008)};
  fill(s.rgb, closed_between(outer, inner), base);
  if (style == HairStyle::kAfro) paint_curls(s, outer, inner, 260, random);
  else if (!buzz) paint_strands(s, outer, inner, 110, random);
  if (style != HairStyle::kAfro && !buzz) paint_tips(s, outer, 0.03, 30, random);
  if (style == HairStyle::kFringe) paint_tips(s, closed_between({}, inner), 0.05, 30, random);
  if (falls(style)) paint_locks(s, random);
}

void paint_beard(Sketch& s) {
  const Beard beard = s.face.hair.beard;
  if (beard == Beard::kNone || beard == Beard::kStubble) return;
  const Anatomy& a = s.anatomy;
  const Rgb colour = mix(s.face.hair.colour * 0.7, s.skin * 0.5, 0.12);
  Stream random = s.stream("beard");
  const double corner = a.mouth_half * (1.12 + 0.3 * s.face.actions.lip_corner_pull), top = a.nose_y + 0.10;
  const Line moustache = curve_through(Line{{0, top},
                                            {0.12, top + 0.005},
                                            {corner, a.mouth_y - 0.015},
                                            {corner * 1.04, a.mouth_y + 0.06},
                                            {corner * 0.75, a.mouth_y - 0.015},
                                            {0, a.mouth_y - 0.035},
                                            {-corner * 0.75, a.mouth_y - 0.015},
                                            {-corner * 1.04, a.mouth_y + 0.06},
                                            {-corner, a.mouth_y - 0.015},
                                            {-0.12, top + 0.005}},
                                       true, 4);
  fill(s.rgb, s.on(moustache, 0.01), {.colour = colour, .alpha = 0.85, .soft_px = s.px(0.014)});
  if (beard == Beard::kMoustache) return;
  const double drop = a.mouth_y + 0.14 + 0.1 * s.face.actions.jaw_drop;
  const Line whiskers = curve_through(Line{{a.width * 0.97, 0.05},
                                           {a.width * 0.96, 0.38},
                                           {a.jaw * 0.98, a.mouth_y + 0.12},
                                           {a.jaw * 0.62, a.chin},
                                           {0, a.chin + 0.06},
                                           {-a.jaw * 0.62, a.chin},
                                           {-a.jaw * 0.98, a.mouth_y + 0.12},
                                           {-a.width * 0.96, 0.38},
                                           {-a.width * 0.97, 0.05},
                                           {-a.width * 0.82, 0.36},
                                           {-corner * 1.25, a.mouth_y + 0.01},
                                           {-corner * 0.8, drop},
                                           {0, drop + 0.01},
                                           {corner * 0.8, drop},
                                           {corner * 1.25, a.mouth_y + 0.01},
                                           {a.width * 0.82, 0.36}},
                                      true, 4);
  fill(s.rgb, s.on(whiskers), {.colour = colour, .alpha = 0.88, .soft_px = s.px(0.020)});
  for (int i = 0; i < 60; ++i) {
    const Point at{random.uniform(-0.85, 0.85) * a.jaw, random.uniform(drop + 0.04, a.chin + 0.02)};
    stroke(s.rgb, s.on({at, at + Point{random.uniform(-0.02, 0.02), 0.06}}), s.px(0.012),
           {.colour = colour * random.uniform(0.6, 1.5), .alpha = 0.5});
  }
}

}  // namespace evenface::image::face
