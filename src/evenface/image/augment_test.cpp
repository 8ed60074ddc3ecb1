#include "evenface/image/augment.h"

#include <cmath>

#include <gtest/gtest.h>

#include "evenface/image/transform.h"

namespace evenface::image {
namespace {

Picture noise(int side) {
  Picture picture = blank_picture(side, side);
  Stream stream(3, "noise");
  for (auto& value : picture.pixels) value = static_cast<std::uint8_t>(stream.below(256));
  return picture;
}

constexpr AugmentOptions kNothing{0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

TEST(Augment, SwitchedOffChangesNothing) {
  EXPECT_EQ(augment(noise(32), kNothing, Stream(1, "augment", {1})), noise(32));
}

TEST(Augment, FlipAloneIsTheFlip) {
  AugmentOptions options = kNothing;
  options.flip = 1;
  EXPECT_EQ(augment(noise(32), options, Stream(1, "augment", {1})), flip_horizontal(noise(32)));
}

TEST(Augment, MovesPixelsByTheDrawnShift) {
  const Picture picture = noise(40), moved = apply_augment(picture, {.shift_x = 0.1, .shift_y = -0.2});
  for (int c = 0; c < 3; ++c) EXPECT_EQ(moved.at(10, 20)[c], picture.at(14, 12)[c]);
}

TEST(Augment, AQuarterTurnIsExact) {
  const Picture picture = noise(33), turned = apply_augment(picture, {.rotate_deg = 90});
  for (int c = 0; c < 3; ++c) EXPECT_EQ(turned.at(5, 9)[c], picture.at(32 - 9, 5)[c]);
}

// Frequencies within five standard errors; every draw within its limits.
TEST(Augment, DrawsWithinTheLimitsAtTheStatedRates) {
  const AugmentOptions options;
  constexpr int n = 4000;
  int flips = 0, moves = 0, colours = 0, both = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const AugmentDraw draw = draw_augment(options, Stream(5, "augment", {i}));
    const bool moved = draw.rotate_deg != 0, coloured = draw.colour.hue != 0;
    flips += draw.flip, moves += moved, colours += coloured, both += moved && coloured;
    EXPECT_LE(std::abs(draw.rotate_deg), options.rotate_deg);
    EXPECT_LE(std::abs(draw.shift_x), options.translate);
    EXPECT_LE(std::abs(draw.colour.brightness - 1), options.brightness);
    EXPECT_LE(std::abs(draw.colour.hue), options.hue);
    EXPECT_GE(draw.kept, 1 - options.crop);
  }
  const double tolerance = 5 * std::sqrt(0.25 / n);
  EXPECT_NEAR(flips / double{n}, 0.5, tolerance);
  EXPECT_NEAR(moves / double{n}, 0.5, tolerance);
  EXPECT_NEAR(colours / double{n}, 0.5, tolerance);
  EXPECT_NEAR(both / double{n}, 0.25, tolerance);
}

TEST(Augment, SwitchingOnePartOffLeavesTheOthers) {
  AugmentOptions unturned;
  unturned.rotate_deg = 0;
  const AugmentDraw a = draw_augment({}, Stream(5, "augment", {9})),
                    b = draw_augment(unturned, Stream(5, "augment", {9}));
  EXPECT_EQ(a.shift_x, b.shift_x);
  EXPECT_EQ(a.colour.hue, b.colour.hue);
}

}  // namespace
}  // namespace evenface::image
