#include "evenface/image/simulator.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/parallel.h"

namespace evenface::image {
namespace {

/// Mean of luma over a box given in shares of the side.
double mean_luma(const Picture& p, double left = 0, double top = 0, double right = 1, double bottom = 1) {
  double sum = 0;
  int n = 0;
  for (int y = static_cast<int>(top * p.height); y < static_cast<int>(bottom * p.height); ++y)
    for (int x = static_cast<int>(left * p.width); x < static_cast<int>(right * p.width); ++x, ++n)
      sum += 0.299 * p.at(x, y)[0] + 0.587 * p.at(x, y)[1] + 0.114 * p.at(x, y)[2];
  return sum / n;
}

/// A frontal face without camera effects, glasses or beard, at rest.
FaceParameters plain_face() {
  FaceParameters f =
      draw_face(Stream(2, "test"), {.expression = Expression::kNeutral, .age = AgeBand::kYoungAdult, .skin_tone = 4});
  f.view = View{};
  f.view.light_azimuth_deg = 0;
  f.actions = {};
  f.glasses = false;
  f.hair.beard = Beard::kNone;
  f.make_up = 0;
  return f;
}

TEST(MonkTone, HasThePublishedColours) {
  EXPECT_EQ(monk_tone(1).r, 0xf6);
  EXPECT_EQ(monk_tone(6).g, 0x7e);
  EXPECT_EQ(monk_tone(10).b, 0x20);
  EXPECT_DOUBLE_EQ(monk_tone(5.5).r, (0xd7 + 0xa0) / 2.0);
  EXPECT_THROW(monk_tone(0.9), InternalError);
}

TEST(DrawFace, IsUniformOverLabelsAndAttributes) {
  constexpr int n = 7000;
  std::map<Expression, int> expressions;
  std::map<int, int> tones;
  std::map<Gender, int> genders;
  std::map<AgeBand, int> ages;
  for (std::uint64_t i = 0; i < n; ++i) {
    const FaceParameters f = draw_face(Stream(1, "face", {i}));
    ++expressions[f.expression], ++tones[f.skin_tone], ++genders[f.gender], ++ages[f.age];
    EXPECT_NEAR(f.tone, f.skin_tone, 0.71);
  }
  const auto expect_uniform = [](const auto& counts, int levels) {
    EXPECT_EQ(counts.size(), static_cast<std::size_t>(levels));
    const double p = 1.0 / levels;
    for (const auto& [level, count] : counts) EXPECT_NEAR(count, n * p, 5 * std::sqrt(n * p * (1 - p)));
  };
  expect_uniform(expressions, kExpressions);
  expect_uniform(tones, kSkinTones);
  expect_uniform(genders, kGenders);
  expect_uniform(ages, kAgeBands);
}

TEST(DrawFace, FixingOnePartLeavesTheOthers) {
  const FaceParameters free = draw_face(Stream(1, "face", {7}));
  const FaceParameters fixed = draw_face(Stream(1, "face", {7}), {.expression = Expression::kFear});
  EXPECT_EQ(fixed.expression, Expression::kFear);
  EXPECT_EQ(fixed.skin_tone, free.skin_tone);
  EXPECT_EQ(fixed.shape.nose_width, free.shape.nose_width);
  EXPECT_EQ(fixed.view.yaw_deg, free.view.yaw_deg);
  EXPECT_EQ(fixed.texture, free.texture);
}

// Activation means must order the classes as the prototypes do, and overlap where the task is hard.
TEST(DrawFace, ExpressionsDifferAndOverlap) {
  const auto smiles = [](Expression e, double difficulty) {
    std::vector<double> pulls;
    for (std::uint64_t i = 0; i < 400; ++i)
      pulls.push_back(
          draw_face(Stream(1, "face", {i}), {.expression = e, .difficulty = difficulty}).actions.lip_corner_pull);
    std::ranges::sort(pulls);
    return pulls;
  };
  EXPECT_GT(smiles(Expression::kHappiness, 0)[4], smiles(Expression::kNeutral, 0)[395]);  // apart when easy
  const auto happy = smiles(Expression::kHappiness, 0.8), neutral = smiles(Expression::kNeutral, 0.8);
  EXPECT_GT(happy[200], neutral[200] + 0.2);
  EXPECT_LT(happy[20], neutral[380]);  // overlapping when hard
}

TEST(DrawFace, OtherStyleRestsSternly) {
  double common = 0, other = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    common += draw_face(Stream(1, "face", {i}), {.expression = Expression::kNeutral}).actions.brow_lower;
    other +=
        draw_face(Stream(1, "face", {i}), {.expression = Expression::kNeutral, .other_style = 1}).actions.brow_lower;
  }
  EXPECT_GT(other / 300, common / 300 + 0.3);
}

TEST(RenderFace, IsTheSameOnAnyNumberOfThreads) {
  constexpr int n = 24;
  const auto render_all = [](int threads) {
    std::vector<Picture> pictures(n);
    parallel_for(n, 1, threads, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        pictures[static_cast<std::size_t>(i)] =
            render_face(draw_face(Stream(4, "face", {static_cast<std::uint64_t>(i)})), 64);
    });
    return pictures;
  };
  const auto one = render_all(1);
  EXPECT_EQ(one, render_all(3));
  EXPECT_EQ(one.front().width, 64);
  EXPECT_NE(one[0], one[1]);
}

TEST(RenderFace, CheeksDarkenWithTheTone) {
  double previous = 1000;
  for (const double tone : {1.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0}) {
    FaceParameters f = plain_face();
    f.tone = tone;
    const double luma = mean_luma(render_face(f, 128), 0.36, 0.56, 0.44, 0.64);
    EXPECT_LT(luma, previous - 2) << tone;
    previous = luma;
  }
}

TEST(RenderFace, LightComesFromItsSide) {
  FaceParameters f = plain_face();
  f.view.light_strength = 0.8;
  f.view.light_azimuth_deg = -50;
  const Picture left = render_face(f, 128);
  f.view.light_azimuth_deg = 50;
  const Picture right = render_face(f, 128);
  EXPECT_GT(mean_luma(left, 0.30, 0.5, 0.42, 0.7), mean_luma(left, 0.58, 0.5, 0.70, 0.7) + 15);
  EXPECT_LT(mean_luma(right, 0.30, 0.5, 0.42, 0.7), mean_luma(right, 0.58, 0.5, 0.70, 0.7) - 15);
}

TEST(RenderFace, AStopLessHalvesTheLight) {
  FaceParameters f = plain_face();
  const double before = mean_luma(render_face(f, 128));
  f.view.exposure = -1;
  EXPECT_NEAR(mean_luma(render_face(f, 128)) / before, 0.5, 0.01);
}

/// Rows of the mouth's region whose centre column is dark: an open mouth.
int dark_rows(const Picture& p) {
  int rows = 0;
  for (int y = p.height * 6 / 10; y < p.height * 9 / 10; ++y)
    rows += mean_luma(p, 0.48, 1.0 * y / p.height, 0.52, (y + 1.0) / p.height + 1e-9) < 110;
  return rows;
}

TEST(RenderFace, AJawThatDropsOpensTheMouth) {
  FaceParameters f = plain_face();
  const int closed = dark_rows(render_face(f, 128));
  f.actions.jaw_drop = 1, f.actions.lips_part = 0.7;
  EXPECT_GT(dark_rows(render_face(f, 128)), closed + 5);
}

// Every action unit must be visible, or a classifier could not read it.
TEST(RenderFace, EveryActionMovesPixels) {
  const Picture rest = render_face(plain_face(), 96);
  for (const auto unit :
       {&Actions::inner_brow_raise, &Actions::outer_brow_raise, &Actions::brow_lower, &Actions::upper_lid_raise,
        &Actions::cheek_raise, &Actions::lid_tighten, &Actions::nose_wrinkle, &Actions::upper_lip_raise,
        &Actions::lip_corner_pull, &Actions::lip_corner_depress, &Actions::chin_raise, &Actions::lip_stretch,
        &Actions::lip_press, &Actions::lips_part, &Actions::jaw_drop}) {
    FaceParameters f = plain_face();
    f.actions.*unit = 1;
    const Picture moved = render_face(f, 96);
    int changed = 0;
    for (std::size_t i = 0; i < rest.pixels.size(); ++i) changed += std::abs(rest.pixels[i] - moved.pixels[i]) > 12;
    EXPECT_GT(changed, 60);
  }
}

// Extreme poses, sizes and shapes must neither crash nor leave the picture empty.
TEST(RenderFace, SurvivesExtremes) {
  for (std::uint64_t i = 0; i < 60; ++i) {
    FaceParameters f = draw_face(Stream(9, "extreme", {i}), {.difficulty = 1, .other_style = 1});
    Stream random(9, "more", {i});
    f.view.yaw_deg = random.uniform(-45, 45), f.view.pitch_deg = random.uniform(-35, 35);
    f.view.scale = random.uniform(0.2, 6), f.view.shift_x = random.uniform(-1.5, 1.5);
    for (const int side : {16, 61}) EXPECT_EQ(render_face(f, side, 1 + static_cast<int>(i % 3)).width, side);
  }
}

}  // namespace
}  // namespace evenface::image
