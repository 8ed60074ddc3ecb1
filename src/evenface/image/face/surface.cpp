#include "evenface/image/face/surface.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "evenface/image/face/paint.h"

namespace evenface::image::face {
namespace {

constexpr std::size_t kCells = static_cast<std::size_t>(Surface::kColumns) * Surface::kRows;

/// A Gaussian hill (or hollow) on the surface.
struct Bump {
  double x, y, spread_x, spread_y, amount;
};

double column_x(int column) { return Surface::kLeft + Surface::kStep * column; }
double row_y(int row) { return Surface::kTop + Surface::kStep * row; }

/// Adds the bump to a map; separable, so it costs one exponential per row and column.
void add_bump(std::vector<float>& map, const Bump& bump) {
  std::array<float, Surface::kColumns> across;
  for (int c = 0; c < Surface::kColumns; ++c)
    across[static_cast<std::size_t>(c)] =
        static_cast<float>(std::exp(-0.5 * std::pow((column_x(c) - bump.x) / bump.spread_x, 2)));
  for (int r = 0; r < Surface::kRows; ++r) {
    const auto down =
        static_cast<float>(bump.amount * std::exp(-0.5 * std::pow((row_y(r) - bump.y) / bump.spread_y, 2)));
    if (std::abs(down) < 1e-4f) continue;
    float* row = &map[static_cast<std::size_t>(r) * Surface::kColumns];
    for (std::size_t c = 0; c < Surface::kColumns; ++c) row[c] += down * across[c];
  }
}

void add_pair(std::vector<float>& map, Bump bump) {
  add_bump(map, bump);
  bump.x = -bump.x;
  add_bump(map, bump);
}

std::vector<float> rounded_head(const Anatomy& a) {
  std::vector<float> map(kCells);
  for (int r = 0; r < Surface::kRows; ++r) {
    const double y = row_y(r), down = std::pow(std::abs(y / (y > 0 ? a.chin * 1.10 : -a.crown * 1.10)), 2.6);
    // The jaw is narrower than the cheekbones.
    const double narrow = y > 0.2 ? mix(1.0, a.jaw / a.width, std::min(1.0, (y - 0.2) / 0.7)) : 1.0;
    for (int c = 0; c < Surface::kColumns; ++c) {
      const double across = std::pow(std::abs(column_x(c) / (a.width * 1.17 * narrow)), 2.4);
      // Beyond the rim the slope goes on, so that the edge is not lit as if it were flat.
      const double left = 1 - down - across, root = left > 0.04 ? std::sqrt(left) : 0.2 + (left - 0.04) * 2.5;
      map[static_cast<std::size_t>(r) * Surface::kColumns + static_cast<std::size_t>(c)] =
          static_cast<float>(0.72 * std::max(-4.0, root));
    }
  }
  return map;
}

void add_nose(std::vector<float>& map, const FaceParameters& f, const Anatomy& a) {
  const double high = (1 + 0.15 * f.shape.nose_height) * (1 - 0.4 * a.childlike), wide = a.nose_half / 0.105;
  const double bridge = a.eye_y + 0.03, tip = a.nose_y;
  add_bump(map, {0, mix(bridge, tip, 0.1), 0.065 * wide, 0.13, 0.075 * high});
  add_bump(map, {0, mix(bridge, tip, 0.6), 0.07 * wide, 0.13, 0.13 * high});
  add_bump(map, {0, tip, 0.075 * wide, 0.07, 0.19 * high});
  add_pair(map, {0.085 * wide, tip + 0.035, 0.04 * wide, 0.045, 0.07 * high});
}

void add_features(std::vector<float>& map, const FaceParameters& f, const Anatomy& a) {
  const Actions& u = f.actions;
  const double bone = 0.5 - 0.5 * f.femininity;  // 0 feminine .. 1 masculine
  add_pair(map, {a.eye_x, a.eye_y, 0.15, 0.085, -0.085});
  add_pair(map, {a.eye_x, a.eye_y, 0.08, 0.055, 0.055});
  add_pair(map, {a.eye_x - 0.02, a.brow_y + 0.03, 0.17, 0.055, (0.02 + 0.035 * bone) * (1 - a.childlike)});
  add_bump(map, {0, a.brow_y, 0.10, 0.06, 0.02 * bone + 0.03 * u.brow_lower});
  add_pair(map, {0.46, a.eye_y + 0.22, 0.14, 0.12, 0.05 + 0.012 * f.shape.cheeks});
  add_pair(map, {0.36, a.nose_y - 0.02, 0.13, 0.09,
                 0.07 * std::max(u.cheek_raise, 0.8 * u.lip_corner_pull) + 0.03 * a.childlike});
  add_pair(map, {a.mouth_half + 0.05, mix(a.nose_y, a.mouth_y, 0.4), 0.045, 0.08,
                 -0.012 - 0.02 * a.wear - 0.035 * std::max({u.lip_corner_pull, u.nose_wrinkle, u.upper_lip_raise})});
  add_bump(map, {0, a.mouth_y, 0.22, 0.16, 0.05});
  add_bump(map, {0, a.mouth_y - 0.05, 0.13, 0.03, 0.022});
  add_bump(map, {0, a.mouth_y + 0.06 + 0.1 * u.jaw_drop, 0.12, 0.035, 0.032});
  add_bump(map, {0, a.mouth_y + 0.14 + 0.1 * u.jaw_drop, 0.12, 0.035, -0.035});
  add_bump(map, {0, a.chin - 0.12, 0.14, 0.08, 0.06 + 0.03 * bone + 0.02 * u.chin_raise});
  add_bump(map, {0, -0.5, 0.3, 0.16, 0.03});
}

/// Unit vector towards the light, in the turned head's own coordinates.
std::array<double, 3> light_direction(const View& v) {
  constexpr double kDegree = std::numbers::pi / 180;
  const double azimuth = (v.light_azimuth_deg - v.yaw_deg) * kDegree,
               elevation = (v.light_elevation_deg - v.pitch_deg) * kDegree;
  return {std::sin(azimuth) * std::cos(elevation), -std::sin(elevation), std::cos(azimuth) * std::cos(elevation)};
}

/// Where light hardly reaches and where blood shows: relative darkening per channel.
void add_tints(std::array<std::vector<float>, 3>& dark, const FaceParameters& f, const Anatomy& a) {
  const double side = -std::sin(f.view.light_azimuth_deg * std::numbers::pi / 180) * f.view.light_strength;
  const double lit = f.view.light_strength, light = std::clamp((7 - f.tone) / 5, 0.15, 1.0);
  const auto shadow = [&](const Bump& b, double r, double g, double bl, bool pair) {
    const std::array<double, 3> by{r, g, bl};
    for (std::size_t c = 0; c < 3; ++c) {
      Bump one = b;
      one.amount *= by[c];
      pair ? add_pair(dark[c], one) : add_bump(dark[c], one);
    }
  };
  shadow({a.eye_x - 0.13, a.eye_y - 0.03, 0.05, 0.06, 0.22}, 0.7, 1, 1, true);  // inner eye corners
  shadow({a.eye_x, a.eye_y - 0.085, 0.11, 0.035, 0.16}, 0.8, 1, 1, true);       // under the brow
  shadow({a.eye_x - 0.02, a.eye_y + 0.10, 0.09, 0.03, 0.06 + 0.16 * a.wear}, 0.6, 1, 0.9, true);
  shadow({0.09 * side, a.nose_y + 0.085, 0.12, 0.035, 0.20 + 0.12 * lit}, 0.7, 1, 1, false);  // under the nose
  shadow({0.17 * side, a.nose_y - 0.05, 0.06, 0.12, 0.35 * std::abs(side)}, 0.8, 1, 1, false);
  shadow({0, a.mouth_y + 0.145 + 0.1 * f.actions.jaw_drop, 0.11, 0.03, 0.14}, 0.8, 1, 1, false);
  shadow({a.mouth_half + 0.03, a.mouth_y, 0.035, 0.035, 0.10}, 0.7, 1, 1, true);
  shadow({0, a.mouth_y - 0.12, 0.022, 0.04, 0.05}, 0.8, 1, 1, false);  // philtrum
  shadow({a.width * 0.95, 0.45, 0.16, 0.5, 0.12}, 0.8, 1, 1, true);
  shadow({0.40, a.nose_y - 0.06, 0.15, 0.10, f.blush * 0.22 * light}, 0.05, 1, 0.8, true);  // cheeks
  shadow({0, a.nose_y - 0.01, 0.08, 0.06, (0.06 + 0.08 * f.blush) * light}, 0.1, 1, 0.9, false);
  shadow({0, a.chin - 0.1, 0.14, 0.08, 0.05 * light}, 0.1, 1, 0.9, false);
  if (f.hair.beard == Beard::kStubble) {
    shadow({0, a.mouth_y + 0.12, 0.34, 0.17, 0.24}, 1, 0.95, 0.8, false);
    shadow({0.42, a.mouth_y + 0.02, 0.13, 0.2, 0.15}, 1, 0.95, 0.8, true);
  }
}

}  // namespace

Anatomy anatomy_of(const FaceParameters& f) {
  const Shape& s = f.shape;
  Anatomy a;
  a.childlike = std::clamp((17 - f.years) / 11, 0.0, 1.0);
  a.wear = std::clamp((f.years - 32) / 40, 0.0, 1.0);
  const double bone = 0.5 - 0.5 * f.femininity;
  a.width = 0.705 + 0.028 * s.face_width + 0.03 * a.childlike + 0.01 * bone;
  a.jaw = a.width * (0.72 + 0.035 * s.jaw_width + 0.085 * bone + 0.05 * a.childlike + 0.03 * a.wear);
  a.chin = 1.0 + 0.03 * s.chin_length + 0.035 * bone - 0.10 * a.childlike + 0.13 * f.actions.jaw_drop;
  a.eye_x = 0.288 + 0.012 * s.eye_distance + 0.01 * a.childlike;
  a.eye_y = 0.0 + 0.11 * a.childlike + 0.01 * s.forehead;
  a.eye_half = 0.150 * (1 + 0.06 * s.eye_size + 0.10 * a.childlike + 0.03 * f.femininity);
  a.brow_y = a.eye_y - 0.19 - 0.015 * f.femininity - 0.014 * s.brow_height;
  a.nose_y = a.eye_y + 0.345 + 0.025 * s.nose_length - 0.09 * a.childlike + 0.012 * bone;
  a.nose_half = 0.115 * (1 + 0.12 * s.nose_width + 0.07 * bone - 0.12 * a.childlike);
  a.mouth_y = mix(a.nose_y, 1.0 + 0.035 * bone - 0.1 * a.childlike, 0.40) + 0.008 * s.mouth_height;
  a.mouth_half = 0.232 * (1 + 0.07 * s.mouth_width + 0.03 * bone - 0.14 * a.childlike);
  return a;
}

Surface::Surface(const FaceParameters& face, const Anatomy& anatomy) : heights_(rounded_head(anatomy)) {
  add_nose(heights_, face, anatomy);
  add_features(heights_, face, anatomy);
}

double Surface::height(double x, double y) const {
  const double column = std::clamp((x - kLeft) / kStep, 0.0, kColumns - 1.001);
  const double row = std::clamp((y - kTop) / kStep, 0.0, kRows - 1.001);
  const int c = static_cast<int>(column), r = static_cast<int>(row);
  const double u = column - c, v = row - r;
  return mix(mix(cell(c, r), cell(c + 1, r), u), mix(cell(c, r + 1), cell(c + 1, r + 1), u), v);
}

Shading shade(const Surface& surface, const FaceParameters& face, const Anatomy& anatomy) {
  std::array<std::vector<float>, 3> dark;
  for (auto& map : dark) map.assign(kCells, 0);
  add_tints(dark, face, anatomy);
  const auto light = light_direction(face.view);
  const double strength = face.view.light_strength, ambient = 0.92 - 0.60 * strength;
  const std::array<double, 3> wrap{0.45, 0.32, 0.28};  // red light travels farther under the skin
  const std::array<double, 3> warm{1 + 0.05 * face.view.warmth, 1, 1 - 0.07 * face.view.warmth};
  const double half_x = light[0], half_y = light[1], half_z = light[2] + 1;
  const double half_norm = std::sqrt(half_x * half_x + half_y * half_y + half_z * half_z);
  Shading out{std::vector<float>(3 * kCells), std::vector<float>(kCells)};
  for (int r = 0; r < Surface::kRows; ++r)
    for (int c = 0; c < Surface::kColumns; ++c) {
      const int left = std::max(c - 1, 0), right = std::min(c + 1, Surface::kColumns - 1);
      const int up = std::max(r - 1, 0), down = std::min(r + 1, Surface::kRows - 1);
      const double dx = (surface.cell(right, r) - surface.cell(left, r)) / (Surface::kStep * (right - left));
      const double dy = (surface.cell(c, down) - surface.cell(c, up)) / (Surface::kStep * (down - up));
      const double norm = std::sqrt(1 + dx * dx + dy * dy);
      const double towards = (-dx * light[0] - dy * light[1] + light[2]) / norm;
      const double mirror = std::max(0.0, (-dx * half_x - dy * half_y + half_z) / (norm * half_norm));
      const std::size_t at = static_cast<std::size_t>(r) * Surface::kColumns + static_cast<std::size_t>(c);
      for (std::size_t k = 0; k < 3; ++k) {
        const double diffuse = std::max(0.0, (towards + wrap[k]) / (1 + wrap[k]));
        const double edge = 0.82 + 0.18 / norm;
        out.factor[3 * at + k] = static_cast<float>(warm[k] * edge * (ambient + strength * 0.70 * diffuse) *
                                                    std::max(0.15, 1.0 - dark[k][at]));
      }
      const double m4 = mirror * mirror * mirror * mirror, m16 = m4 * m4 * m4 * m4;
      out.gloss[at] = static_cast<float>((0.08 + 0.020 * face.tone) * strength * m16 * m4);
    }
  return out;
}

}  // namespace evenface::image::face
