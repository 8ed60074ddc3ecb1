#include "evenface/image/face/sketch.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

namespace evenface::image::face {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

cv::Rect box_around(const Line& line, const cv::Mat& rgb) {
  cv::Point low(rgb.cols, rgb.rows), high(0, 0);
  for (const Point& p : line) {
    low = {std::min(low.x, static_cast<int>(p.x) - 1), std::min(low.y, static_cast<int>(p.y) - 1)};
    high = {std::max(high.x, static_cast<int>(p.x) + 3), std::max(high.y, static_cast<int>(p.y) + 3)};
  }
  return cv::Rect(low, high) & cv::Rect(0, 0, rgb.cols, rgb.rows);
}

/// For each second pixel of the box, its place among the surface's cells.
cv::Mat cells_seen(const Sketch& s, const cv::Rect& box) {
  cv::Mat places((box.height + 1) / 2, (box.width + 1) / 2, CV_32FC2);
  for (int y = 0; y < places.rows; ++y)
    for (int x = 0; x < places.cols; ++x) {
      const Point p = s.projection.seen_at({box.x + 2.0 * x + 0.5, box.y + 2.0 * y + 0.5});
      places.at<cv::Vec2f>(y, x) = {static_cast<float>((p.x - Surface::kLeft) / Surface::kStep),
                                    static_cast<float>((p.y - Surface::kTop) / Surface::kStep)};
    }
  return places;
}

/// A map over the surface as it is seen in the box.
cv::Mat seen(const std::vector<float>& map, int type, const cv::Mat& places, const cv::Size& size) {
  const cv::Mat cells(Surface::kRows, Surface::kColumns, type, const_cast<float*>(map.data()));
  cv::Mat half, whole;
  cv::remap(cells, half, places, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  cv::resize(half, whole, size, 0, 0, cv::INTER_LINEAR);
  return whole;
}

}  // namespace

Projection::Projection(const Surface& surface, const View& v, int side_px)
    : surface_(surface),
      sin_yaw_(std::sin(v.yaw_deg * kDegree)),
      cos_yaw_(std::cos(v.yaw_deg * kDegree)),
      sin_pitch_(std::sin(v.pitch_deg * kDegree)),
      cos_pitch_(std::cos(v.pitch_deg * kDegree)),
      sin_roll_(std::sin(v.roll_deg * kDegree)),
      cos_roll_(std::cos(v.roll_deg * kDegree)),
      scale_(0.39 * v.scale * side_px),
      centre_{(0.5 + v.shift_x) * side_px, (0.5 + v.shift_y) * side_px} {}

Point Projection::place(double x, double y) const {
  return {centre_.x + scale_ * (x * cos_roll_ - y * sin_roll_), centre_.y + scale_ * (x * sin_roll_ + y * cos_roll_)};
}

Point Projection::on(double x, double y, double lift) const {
  const double z = surface_.height(x, y) + lift;
  return place(x * cos_yaw_ + z * sin_yaw_, y * cos_pitch_ - z * sin_pitch_);
}

Point Projection::rim(double x, double y, double z) const { return place(x + z * sin_yaw_, y - z * sin_pitch_); }

Point Projection::seen_at(Point pixel) const {
  const double u = (pixel.x - centre_.x) / scale_, v = (pixel.y - centre_.y) / scale_;
  const Point turned{u * cos_roll_ + v * sin_roll_, v * cos_roll_ - u * sin_roll_};
  Point at = turned;
  for (int step = 0; step < 3; ++step) {
    const double z = std::max(0.0, surface_.height(at.x, at.y));
    at = {(turned.x - z * sin_yaw_) / cos_yaw_, (turned.y + z * sin_pitch_) / cos_pitch_};
  }
  return at;
}

Line Sketch::on(const Line& line, double lift) const {
  Line pixels;
  pixels.reserve(line.size());
  for (const Point& p : line) pixels.push_back(projection.on(p.x, p.y, lift));
  return pixels;
}

Line Sketch::rim(const Line& line, double z) const {
  Line pixels;
  pixels.reserve(line.size());
  for (const Point& p : line) pixels.push_back(projection.rim(p.x, p.y, z));
  return pixels;
}

Line head_outline(const Sketch& s) {
  const Anatomy& a = s.anatomy;
  const double fat = 0.02 * s.face.shape.cheeks + 0.03 * a.childlike;
  struct Knot {
    double x, y, z;
  };
  const std::vector<Knot> right{{0, a.crown, 0},
                                {0.42, a.crown + 0.08, 0},
                                {a.width * 0.90, -0.62, 0},
                                {a.width, -0.22, 0},
                                {a.width * 0.99, 0.08, 0.02},
                                {a.width * 0.95 + fat * 0.6, 0.34, 0.06},
                                {mix(a.jaw, a.width, 0.25) + fat, mix(0.34, a.chin, 0.42), 0.14},
                                {a.jaw * 0.72 + fat, mix(0.34, a.chin, 0.76), 0.24},
                                {a.jaw * 0.40, a.chin - 0.035, 0.34},
                                {0, a.chin, 0.38}};
  Line knots;
  for (const Knot& k : right) knots.push_back(s.projection.rim(k.x, k.y, k.z));
  for (std::size_t i = right.size() - 2; i > 0; --i)
    knots.push_back(s.projection.rim(-right[i].x, right[i].y, right[i].z));
  return curve_through(knots, true, 5);
}

double light_on_sphere(const Sketch& s, Point p) {
  const View& v = s.face.view;
  const double x = std::clamp(p.x / 0.95, -1.0, 1.0), y = std::clamp((p.y + 0.1) / 1.1, -1.0, 1.0);
  const double z = std::sqrt(std::max(0.05, 1 - x * x - y * y));
  const double az = v.light_azimuth_deg * kDegree, el = v.light_elevation_deg * kDegree;
  const double towards = x * std::sin(az) * std::cos(el) - y * std::sin(el) + z * std::cos(az) * std::cos(el);
  return 1.0 - 0.6 * v.light_strength + 0.75 * v.light_strength * std::max(0.0, towards);
}

void light_head(Sketch& s) {
  const Line outline = head_outline(s);
  const cv::Rect box = box_around(outline, s.rgb);
  if (box.empty()) return;
  cv::Mat mask(s.rgb.size(), CV_8UC3, cv::Scalar::all(0));
  fill(mask, outline, {.colour = {255, 255, 255}});
  const Shading shading = shade(s.surface, s.face, s.anatomy);
  // The light varies slowly: its place on the surface is found at half the resolution.
  const cv::Mat places = cells_seen(s, box);
  const cv::Mat factors = seen(shading.factor, CV_32FC3, places, box.size());
  const cv::Mat glosses = seen(shading.gloss, CV_32F, places, box.size());
  for (int y = 0; y < box.height; ++y) {
    const std::uint8_t* m = mask.ptr(box.y + y, box.x);
    const float *f = factors.ptr<float>(y), *g = glosses.ptr<float>(y);
    std::uint8_t* p = s.rgb.ptr(box.y + y, box.x);
    for (int i = 0; i < 3 * box.width; ++i) {
      if (m[i] == 0) continue;
      const float lit = std::clamp(p[i] * f[i] + 255 * g[i / 3], 0.f, 255.f);
      p[i] = static_cast<std::uint8_t>(p[i] + (lit - p[i]) * static_cast<float>(m[i]) / 255 + 0.5f);
    }
  }
}

}  // namespace evenface::image::face
