#include "evenface/image/colour.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "evenface/core/file.h"

namespace evenface::image {
namespace {

// Oracle: Pillow's ImageEnhance and Python's colorsys, written by
// tests/reference/image_fixtures.py. Pillow truncates where we round, and rounds
// the luma: two levels between them.
TEST(ChangeColour, MatchesPillowAndColorsys) {
  const auto file = std::filesystem::path(__FILE__).parent_path() / "testdata/colours.json";
  const auto oracle = nlohmann::json::parse(read_file(file));
  const Picture picture{oracle["width"], oracle["height"], oracle["pixels"]};
  ASSERT_EQ(oracle["cases"].size(), 12u);
  for (const auto& one : oracle["cases"]) {
    ColourChange change;
    const std::string name = one["change"];
    (name == "brightness"   ? change.brightness
     : name == "contrast"   ? change.contrast
     : name == "saturation" ? change.saturation
                            : change.hue) = one["value"];
    const Picture changed = change_colour(picture, change);
    for (std::size_t i = 0; i < changed.pixels.size(); ++i)
      EXPECT_NEAR(changed.pixels[i], one["pixels"][i].get<int>(), 2) << name << " " << one["value"] << " value " << i;
  }
}

Picture one_pixel(std::uint8_t r, std::uint8_t g, std::uint8_t b) { return {1, 1, {r, g, b}}; }

TEST(ChangeColour, AThirdOfATurnCyclesTheChannels) {
  EXPECT_EQ(change_colour(one_pixel(200, 100, 30), {.hue = 1.0 / 3}), one_pixel(30, 200, 100));
  EXPECT_EQ(change_colour(one_pixel(200, 100, 30), {.hue = -1.0 / 3}), one_pixel(100, 30, 200));
  EXPECT_EQ(change_colour(one_pixel(200, 100, 30), {.hue = 1.0}), one_pixel(200, 100, 30));
}

TEST(ChangeColour, NoSaturationIsGreyLuma) {
  const int luma = static_cast<int>(0.299 * 200 + 0.587 * 100 + 0.114 * 30 + 0.5);
  const Picture grey = change_colour(one_pixel(200, 100, 30), {.saturation = 0});
  for (const int value : grey.pixels) EXPECT_EQ(value, luma);
}

TEST(ChangeColour, DefaultsChangeNothing) {
  EXPECT_EQ(change_colour(one_pixel(200, 100, 30), {}), one_pixel(200, 100, 30));
}

}  // namespace
}  // namespace evenface::image
