#include "evenface/adjust/hull.h"

#include <algorithm>
#include <tuple>

#include "evenface/core/error.h"

namespace evenface::adjust {

std::vector<Vertex> upper_hull(std::vector<Vertex> points) {
  ensure(!points.empty(), "a hull has points");
  std::ranges::sort(points, {}, [](const Vertex& v) { return std::tuple(v.x, -v.y, v.source); });
  std::vector<Vertex> hull;
  for (const Vertex& next : points) {
    if (!hull.empty() && hull.back().x == next.x) continue;
    while (hull.size() >= 2) {
      const Vertex &a = hull[hull.size() - 2], &b = hull.back();
      // b stays only when it lies above the line from a to next.
      if ((b.y - a.y) * (next.x - a.x) > (next.y - a.y) * (b.x - a.x)) break;
      hull.pop_back();
    }
    hull.push_back(next);
  }
  return hull;
}

Place place_at(const std::vector<Vertex>& hull, double x) {
  const auto after = std::ranges::upper_bound(hull, x, {}, &Vertex::x);
  if (after == hull.begin()) return {0, 0, hull.front().y};
  const auto left = static_cast<std::size_t>(after - hull.begin()) - 1;
  if (after == hull.end()) return {left, 0, hull.back().y};
  const Vertex& a = hull[left];
  const double share = (x - a.x) / (after->x - a.x);
  return {left, share, a.y + share * (after->y - a.y)};
}

}  // namespace evenface::adjust
