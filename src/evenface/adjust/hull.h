#pragma once
#include <cstddef>
#include <vector>

namespace evenface::adjust {

/// A point that some rule reaches, and which one.
struct Vertex {
  double x, y;
  std::size_t source;
};

/// The upper convex hull of the points, from the least x to the greatest (Andrew 1979): what can be reached
/// by drawing lots between two of them. No three vertices are in line. Of points at the same place the one with
/// the smallest `source` is kept. There must be at least one point.
std::vector<Vertex> upper_hull(std::vector<Vertex> points);

/// A place on the hull: between vertex `left` and the next, of which the next has this share.
struct Place {
  std::size_t left;
  double share;
  double y;
};

/// The place above `x`, which is clamped to the hull's range.
Place place_at(const std::vector<Vertex>& hull, double x);

}  // namespace evenface::adjust
