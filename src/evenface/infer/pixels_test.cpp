#include "evenface/infer/pixels.h"

#include <gtest/gtest.h>

#include "evenface/core/error.h"

namespace evenface::infer {
namespace {

TEST(Pixels, AreThreeNormalisedPlanes) {
  // Two rows of one pixel; values by hand: (p / 255 - mean) / deviation.
  const image::Picture picture{.width = 1, .height = 2, .pixels = {0, 51, 255, 102, 204, 153}};
  const net::Normalisation normalisation{{0.5f, 0.4f, 0.0f}, {0.5f, 0.2f, 1.0f}};
  std::vector<float> planes(6);
  write_planes(picture, normalisation, planes);
  const float expected[] = {-1.0f, -0.2f, -1.0f, 2.0f, 1.0f, 0.6f};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(planes[i], expected[i], 1e-6) << i;
  planes.resize(5);
  EXPECT_THROW(write_planes(picture, normalisation, planes), InternalError);
}

}  // namespace
}  // namespace evenface::infer
