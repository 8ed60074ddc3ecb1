#include "evenface/adjust/hull.h"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace evenface::adjust {
namespace {

TEST(UpperHull, KeepsTheOuterCorners) {
  const auto hull = upper_hull({{1, 1, 4}, {0, 0, 0}, {.5, .5, 1}, {.25, .75, 2}, {0, .25, 3}, {.5, .2, 5}});
  ASSERT_EQ(hull.size(), 3u);
  EXPECT_EQ(hull[0].source, 3u);
  EXPECT_EQ(hull[1].source, 2u);
  EXPECT_EQ(hull[2].source, 4u);
}

TEST(UpperHull, InterpolatesAndClamps) {
  const auto hull = upper_hull({{0, 0, 0}, {.5, 1, 1}, {1, 1, 2}});
  const Place at = place_at(hull, .25);
  EXPECT_EQ(at.left, 0u);
  EXPECT_EQ(at.share, .5);
  EXPECT_EQ(at.y, .5);
  EXPECT_EQ(place_at(hull, -1).y, 0);
  EXPECT_EQ(place_at(hull, 2).y, 1);
  EXPECT_EQ(place_at(hull, .5).share, 0);
}

RC_GTEST_PROP(UpperHull, IsTheLeastConcaveCover, ()) {
  const auto cells = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 30), rc::gen::inRange(0, 30))));
  std::vector<Vertex> points;
  for (const auto& [x, y] : cells) points.push_back({static_cast<double>(x), static_cast<double>(y), points.size()});
  const auto hull = upper_hull(points);
  for (const Vertex& p : points) RC_ASSERT(place_at(hull, p.x).y >= p.y - 1e-12);
  for (const Vertex& v : hull) RC_ASSERT(points[v.source].x == v.x && points[v.source].y == v.y);
  for (std::size_t i = 2; i < hull.size(); ++i)
    RC_ASSERT((hull[i - 1].y - hull[i - 2].y) * (hull[i].x - hull[i - 1].x) >
              (hull[i].y - hull[i - 1].y) * (hull[i - 1].x - hull[i - 2].x));
}

}  // namespace
}  // namespace evenface::adjust
