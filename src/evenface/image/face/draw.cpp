#include <algorithm>
#include <array>
#include <cmath>

#include "evenface/image/face/actions.h"
#include "evenface/image/face/paint.h"

namespace evenface::image {
namespace {

using face::mix;

/// One of the values, by weight.
template <std::size_t n>
std::size_t pick(Stream& random, const std::array<double, n>& weights) {
  double total = 0;
  for (const double w : weights) total += w;
  double left = random.uniform() * total;
  for (std::size_t i = 0; i + 1 < n; ++i)
    if ((left -= weights[i]) < 0) return i;
  return n - 1;
}

double draw_years(Stream& random, AgeBand age) {
  switch (age) {
    case AgeBand::kChild:
      return random.uniform(5, 14);
    case AgeBand::kYoungAdult:
      return random.uniform(17, 36);
    case AgeBand::kMiddleAged:
      return random.uniform(36, 58);
    case AgeBand::kOlder:
      return random.uniform(58, 85);
  }
  return 30;
}

/// Twenty-two independent normal draws: the members of Shape in order.
Shape draw_shape(Stream& random) {
  Shape s;
  for (double* value :
       {&s.face_width,   &s.jaw_width,   &s.chin_length, &s.forehead,    &s.cheeks,         &s.eye_size,
        &s.eye_distance, &s.eye_tilt,    &s.lid_fold,    &s.brow_height, &s.brow_thickness, &s.brow_arch,
        &s.nose_width,   &s.nose_length, &s.nose_height, &s.mouth_width, &s.lip_fullness,   &s.mouth_height,
        &s.mouth_curve,  &s.ear_size,    &s.neck_width,  &s.asymmetry})
    *value = std::clamp(random.normal(), -2.2, 2.2);
  return s;
}

HairStyle draw_style(Stream& random, const FaceParameters& f) {
  //                              bald buzz short side fringe bob long bun afro
  std::array<double, kHairStyles> feminine{0.3, 0.6, 1.2, 0.5, 2.0, 2.5, 4.0, 1.6, 1.0};
  std::array<double, kHairStyles> masculine{1.2, 2.0, 4.0, 3.0, 0.8, 0.3, 0.5, 0.3, 0.8};
  auto weights = f.femininity > 0 ? feminine : masculine;
  if (f.age == AgeBand::kChild) weights[0] = 0, weights[1] *= 0.5;
  if (f.age == AgeBand::kOlder && f.femininity < 0) weights[0] *= 2.5;
  return static_cast<HairStyle>(pick(random, weights));
}

/// Natural colours, dark ones with dark skin, grey with age.
Hair draw_hair(Stream& random, const FaceParameters& f) {
  static constexpr std::array<Rgb, 6> kColours{
      {{28, 22, 20}, {52, 36, 28}, {88, 58, 38}, {134, 92, 56}, {196, 158, 104}, {136, 64, 36}}};
  const double dark = std::clamp((f.tone - 3) / 3, 0.0, 1.0);
  const std::array<double, 6> weights{
      2 + 6 * dark, 3, 3 * (1 - 0.7 * dark), 2 * (1 - 0.9 * dark), 1.6 * (1 - 0.97 * dark), 0.8 * (1 - 0.95 * dark)};
  Hair hair;
  hair.style = draw_style(random, f);
  const Rgb natural = kColours[pick(random, weights)] * random.uniform(0.8, 1.25);
  const double grey = std::clamp((f.years - 42 + 8 * random.normal()) / 28, 0.0, 1.0);
  hair.colour = mix(natural, Rgb{188, 186, 184} * random.uniform(0.8, 1.12), grey);
  hair.volume = std::clamp(random.normal(), -2.0, 2.0);
  hair.hairline =
      f.femininity < 0 ? std::clamp((f.years - 34 + 10 * random.normal()) / 40, 0.0, 1.0) : 0.1 * random.uniform();
  if (f.years > 18 && f.femininity < -0.2)
    hair.beard = static_cast<Beard>(pick(random, std::array{5.0, 2.0, 0.8, 2.0}));
  return hair;
}

View draw_view(Stream& random) {
  View v;
  v.yaw_deg = std::clamp(11 * random.normal(), -28.0, 28.0);
  v.pitch_deg = std::clamp(6 * random.normal(), -15.0, 15.0);
  v.roll_deg = std::clamp(5 * random.normal(), -14.0, 14.0);
  v.scale = random.uniform(0.90, 1.10);
  v.shift_x = 0.02 * random.normal();
  v.shift_y = 0.02 + 0.02 * random.normal();
  v.light_azimuth_deg = random.uniform(-65, 65);
  v.light_elevation_deg = random.uniform(0, 55);
  v.light_strength = random.uniform(0.35, 0.95);
  v.warmth = random.uniform(-0.5, 1);
  v.exposure = std::clamp(0.16 * random.normal(), -0.45, 0.35);
  v.blur = 0.0075 * std::pow(random.uniform(), 2);
  v.noise = 1 + 6 * std::pow(random.uniform(), 2);
  return v;
}

Rgb draw_iris(Stream& random, double tone) {
  static constexpr std::array<Rgb, 4> kColours{{{74, 46, 28}, {112, 84, 44}, {84, 120, 84}, {92, 128, 164}}};
  const double light = std::clamp((5 - tone) / 3, 0.02, 1.0);
  return kColours[pick(random, std::array{3.0, 1.2 * light, 0.6 * light, 1.6 * light})] * random.uniform(0.8, 1.15);
}

Rgb draw_colour(Stream& random, double low, double high) {
  const double grey = random.uniform(low, high);
  return mix(Rgb{random.uniform(low, high), random.uniform(low, high), random.uniform(low, high)}, {grey, grey, grey},
             std::sqrt(random.uniform(0.1, 0.95)));
}

}  // namespace

FaceParameters draw_face(Stream random, const FaceConstraints& wanted) {
  FaceParameters f;
  // Every choice is drawn even where it is fixed, so that fixing one leaves the others as they were.
  const auto expression = static_cast<Expression>(random.below(kExpressions));
  const int tone = 1 + static_cast<int>(random.below(kSkinTones));
  const auto gender = static_cast<Gender>(random.below(kGenders));
  const auto age = static_cast<AgeBand>(random.below(kAgeBands));
  f.texture = random.bits64();
  f.expression = wanted.expression.value_or(expression);
  f.skin_tone = wanted.skin_tone.value_or(tone);
  f.gender = wanted.gender.value_or(gender);
  f.age = wanted.age.value_or(age);

  f.tone = std::clamp(f.skin_tone + 0.35 * random.normal(), std::max(1.0, f.skin_tone - 0.7),
                      std::min(10.0, f.skin_tone + 0.7));
  f.years = draw_years(random, f.age);
  const double presentation = std::clamp(0.75 + 0.35 * random.normal(), -0.3, 1.3);
  f.femininity = (f.gender == Gender::kFeminine ? 1 : -1) * presentation * (f.age == AgeBand::kChild ? 0.55 : 1);
  f.shape = draw_shape(random);
  f.hair = draw_hair(random, f);
  f.view = draw_view(random);
  f.view.exposure += 0.35 * std::clamp((f.tone - 5) / 4, 0.0, 1.0);  // cameras meter for the face
  f.gaze_x = std::clamp(0.35 * random.normal(), -1.0, 1.0);
  f.gaze_y = std::clamp(0.25 * random.normal(), -1.0, 1.0);
  f.iris = draw_iris(random, f.tone);
  f.clothes = draw_colour(random, 20, 230);
  f.background = draw_colour(random, 50, 225);
  const bool adult = f.years > 16;
  f.make_up = random.uniform() * (adult && f.femininity > 0.2 ? 1 : 0);
  f.blush = random.uniform();
  f.freckles = std::max(0.0, random.uniform(-3, 1)) * (f.tone < 5 ? 1 : 0);
  f.glasses = random.uniform() < (f.age == AgeBand::kOlder ? 0.3 : 0.14);
  const face::ExpressionDraw drawn = face::draw_actions(f.expression, wanted.difficulty, wanted.other_style, random);
  f.intensity = drawn.intensity;
  f.actions = drawn.actions;
  return f;
}

}  // namespace evenface::image
