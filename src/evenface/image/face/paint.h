#pragma once
#include <span>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "evenface/image/simulator.h"

// Painting with soft anti-aliased shapes; for the face simulator's sources only.
namespace evenface::image::face {

struct Point {
  double x = 0, y = 0;
};
using Line = std::vector<Point>;

inline Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
inline Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
inline Point operator*(Point a, double s) { return {a.x * s, a.y * s}; }
inline double mix(double a, double b, double t) { return a + (b - a) * t; }
inline Point mix(Point a, Point b, double t) { return {mix(a.x, b.x, t), mix(a.y, b.y, t)}; }
inline Rgb mix(Rgb a, Rgb b, double t) { return {mix(a.r, b.r, t), mix(a.g, b.g, t), mix(a.b, b.b, t)}; }

/// How a shape is laid over what is there.
struct Brush {
  Rgb colour;
  double alpha = 1;
  double soft_px = 0;  ///< standard deviation of the blurred edge
};

/// Points along a centripetal-free (uniform) Catmull-Rom curve through the knots, `steps` per span.
Line curve_through(std::span<const Point> knots, bool closed, int steps = 6);

/// Fills the closed line, given in pixels.
void fill(cv::Mat& rgb, const Line& outline, const Brush& brush);

/// Draws along the line; the width tapers linearly through `widths_px` (one or more, evenly spaced).
void stroke(cv::Mat& rgb, const Line& line, std::span<const double> widths_px, const Brush& brush);
void stroke(cv::Mat& rgb, const Line& line, double width_px, const Brush& brush);

/// Fills an ellipse with its axes turned by `angle` radians.
void disc(cv::Mat& rgb, Point centre, double radius_x, double radius_y, double angle, const Brush& brush);

}  // namespace evenface::image::face
