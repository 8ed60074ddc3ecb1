#include "evenface/image/transform.h"

#include <gtest/gtest.h>

namespace evenface::image {
namespace {

/// Red is the column, green the row.
Picture ramp(int width, int height) {
  Picture picture = blank_picture(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      picture.pixels[3 * static_cast<std::size_t>(y * width + x)] = static_cast<std::uint8_t>(x);
      picture.pixels[3 * static_cast<std::size_t>(y * width + x) + 1] = static_cast<std::uint8_t>(y);
    }
  return picture;
}

TEST(Resize, AveragesAreasWhenShrinking) {
  const Picture small = resize(ramp(40, 20), 4, 2);
  for (int x = 0; x < 4; ++x) EXPECT_NEAR(small.at(x, 0)[0], 10 * x + 4.5, 0.5);
  EXPECT_NEAR(small.at(0, 1)[1], 14.5, 0.5);
}

TEST(Resize, InterpolatesWhenGrowing) {
  const Picture large = resize(ramp(10, 10), 40, 40);
  EXPECT_EQ(large.width, 40);
  EXPECT_NEAR(large.at(21, 0)[0], (21 + 0.5) / 4 - 0.5, 0.51);
}

TEST(Crop, TakesTheBoxAndRepeatsTheEdge) {
  const Picture inside = crop(ramp(20, 20), {3, 5, 4, 6});
  EXPECT_EQ(inside.width, 4);
  EXPECT_EQ(inside.height, 6);
  EXPECT_EQ(inside.at(0, 0)[0], 3);
  EXPECT_EQ(inside.at(3, 5)[1], 10);
  const Picture over = crop(ramp(20, 20), {-5, 15, 10, 10});
  EXPECT_EQ(over.at(0, 0)[0], 0);
  EXPECT_EQ(over.at(9, 0)[0], 4);
  EXPECT_EQ(over.at(0, 9)[1], 19);
}

TEST(Square, TakesTheCentre) {
  const Picture out = square(ramp(60, 20), 20);
  EXPECT_EQ(out.width, 20);
  EXPECT_EQ(out.height, 20);
  EXPECT_EQ(out.at(0, 0)[0], 20);
  EXPECT_EQ(out.at(19, 0)[0], 39);
}

TEST(FlipHorizontal, MirrorsAndUndoesItself) {
  const Picture picture = ramp(9, 4), mirrored = flip_horizontal(picture);
  EXPECT_EQ(mirrored.at(0, 2)[0], 8);
  EXPECT_EQ(mirrored.at(0, 2)[1], 2);
  EXPECT_EQ(flip_horizontal(mirrored), picture);
}

}  // namespace
}  // namespace evenface::image
