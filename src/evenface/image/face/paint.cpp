#include "evenface/image/face/paint.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

namespace evenface::image::face {
namespace {

constexpr int kShift = 4;  // sub-pixel bits of OpenCV's polygons

cv::Rect reach_of(const Line& line, double margin, const cv::Mat& rgb) {
  double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
  for (const Point& p : line) {
    left = std::min(left, p.x), right = std::max(right, p.x);
    top = std::min(top, p.y), bottom = std::max(bottom, p.y);
  }
  const double limit = 4.0 * std::max(rgb.cols, rgb.rows);  // keeps the conversion to int in range
  const auto whole = [&](double value) { return static_cast<int>(std::clamp(value, -limit, limit)); };
  const cv::Point low(whole(std::floor(left - margin)), whole(std::floor(top - margin)));
  const cv::Point high(whole(std::ceil(right + margin)) + 1, whole(std::ceil(bottom + margin)) + 1);
  return cv::Rect(low, high) & cv::Rect(0, 0, rgb.cols, rgb.rows);
}

void blend(cv::Mat target, const cv::Mat& mask, const Brush& brush) {
  std::array<int, 256> weights;  // of 65536
  for (int m = 0; m < 256; ++m)
    weights[static_cast<std::size_t>(m)] = static_cast<int>(std::clamp(brush.alpha, 0.0, 1.0) * m * 65536 / 255);
  const int red = cv::saturate_cast<std::uint8_t>(brush.colour.r),
            green = cv::saturate_cast<std::uint8_t>(brush.colour.g),
            blue = cv::saturate_cast<std::uint8_t>(brush.colour.b);
  const auto mixed = [](int from, int to, int weight) {
    return static_cast<std::uint8_t>(from + (((to - from) * weight + 32768) >> 16));
  };
  for (int y = 0; y < target.rows; ++y) {
    const std::uint8_t* m = mask.ptr(y);
    std::uint8_t* p = target.ptr(y);
    for (int x = 0; x < target.cols; ++x, p += 3) {
      if (m[x] == 0) continue;
      const int weight = weights[m[x]];
      p[0] = mixed(p[0], red, weight);
      p[1] = mixed(p[1], green, weight);
      p[2] = mixed(p[2], blue, weight);
    }
  }
}

/// A Gaussian for small widths; two box blurs (a triangle) of the same width where that is close and faster.
void blur(cv::Mat& mask, double sigma) {
  if (sigma < 0.3) return;
  if (sigma > 1.5) {
    const int side = 2 * static_cast<int>(std::sqrt(6 * sigma * sigma + 1) / 2) + 1;
    cv::blur(mask, mask, {side, side}, {-1, -1}, cv::BORDER_CONSTANT);
    return cv::blur(mask, mask, {side, side}, {-1, -1}, cv::BORDER_CONSTANT);
  }
  constexpr int kReach = 4;
  cv::Matx<float, 1, 2 * kReach + 1> kernel;
  for (int i = -kReach; i <= kReach; ++i)
    kernel(0, i + kReach) = static_cast<float>(std::exp(-0.5 * i * i / (sigma * sigma)));
  kernel *= 1 / kernel.dot(decltype(kernel)::ones());
  cv::sepFilter2D(mask, mask, CV_8U, kernel, kernel, {-1, -1}, 0, cv::BORDER_CONSTANT);
}

}  // namespace

Line curve_through(std::span<const Point> knots, bool closed, int steps) {
  const auto n = static_cast<int>(knots.size());
  const auto knot = [&](int i) {
    const int at = closed ? (i % n + n) % n : std::clamp(i, 0, n - 1);
    return knots[static_cast<std::size_t>(at)];
  };
  Line line;
  const int spans = closed ? n : n - 1;
  line.reserve(static_cast<std::size_t>(spans * steps) + 1);
  for (int i = 0; i < spans; ++i)
    for (int k = 0; k < steps; ++k) {
      const double t = static_cast<double>(k) / steps, t2 = t * t, t3 = t2 * t;
      line.push_back((knot(i - 1) * (-t3 + 2 * t2 - t) + knot(i) * (3 * t3 - 5 * t2 + 2) +
                      knot(i + 1) * (-3 * t3 + 4 * t2 + t) + knot(i + 2) * (t3 - t2)) *
                     0.5);
    }
  if (!closed) line.push_back(knots.back());
  return line;
}

void fill(cv::Mat& rgb, const Line& outline, const Brush& brush) {
  if (outline.size() < 3 || brush.alpha <= 0) return;
  const cv::Rect reach = reach_of(outline, 2.5 * brush.soft_px + 1, rgb);
  if (reach.empty()) return;
  std::vector<cv::Point> points;
  points.reserve(outline.size());
  for (const Point& p : outline)
    points.emplace_back(cvRound((p.x - reach.x) * (1 << kShift)), cvRound((p.y - reach.y) * (1 << kShift)));
  cv::Mat mask(reach.size(), CV_8U, cv::Scalar(0));
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{points}, cv::Scalar(255), cv::LINE_AA, kShift);
  blur(mask, brush.soft_px);
  blend(rgb(reach), mask, brush);
}

void stroke(cv::Mat& rgb, const Line& line, std::span<const double> widths_px, const Brush& brush) {
  if (line.size() < 2) return;
  const auto n = line.size();
  Line left(n), right(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Point along = line[std::min(i + 1, n - 1)] - line[i == 0 ? 0 : i - 1];
    const double length = std::max(1e-9, std::hypot(along.x, along.y));
    const double place =
        static_cast<double>(i) / static_cast<double>(n - 1) * static_cast<double>(widths_px.size() - 1);
    const auto before = std::min(static_cast<std::size_t>(place), widths_px.size() - 1);
    const auto after = std::min(before + 1, widths_px.size() - 1);
    const double half = mix(widths_px[before], widths_px[after], place - static_cast<double>(before)) / 2;
    const Point across{-along.y / length * half, along.x / length * half};
    left[i] = line[i] + across;
    right[n - 1 - i] = line[i] - across;
  }
  left.insert(left.end(), right.begin(), right.end());
  fill(rgb, left, brush);
}

void stroke(cv::Mat& rgb, const Line& line, double width_px, const Brush& brush) {
  stroke(rgb, line, std::array{width_px}, brush);
}

void disc(cv::Mat& rgb, Point centre, double radius_x, double radius_y, double angle, const Brush& brush) {
  constexpr int kCorners = 24;
  Line outline;
  const double c = std::cos(angle), s = std::sin(angle);
  for (int i = 0; i < kCorners; ++i) {
    const double turn = 2 * std::numbers::pi * i / kCorners;
    const double x = radius_x * std::cos(turn), y = radius_y * std::sin(turn);
    outline.push_back({centre.x + c * x - s * y, centre.y + s * x + c * y});
  }
  fill(rgb, outline, brush);
}

}  // namespace evenface::image::face
