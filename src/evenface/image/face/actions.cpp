#include "evenface/image/face/actions.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace evenface::image::face {
namespace {

constexpr std::array kUnits{&Actions::inner_brow_raise,   &Actions::outer_brow_raise, &Actions::brow_lower,
                            &Actions::upper_lid_raise,    &Actions::cheek_raise,      &Actions::lid_tighten,
                            &Actions::nose_wrinkle,       &Actions::upper_lip_raise,  &Actions::lip_corner_pull,
                            &Actions::lip_corner_depress, &Actions::chin_raise,       &Actions::lip_stretch,
                            &Actions::lip_press,          &Actions::lips_part,        &Actions::jaw_drop};

/// Adds `share` of another face's activations.
void blend(Actions& actions, const Actions& other, double share) {
  for (const auto unit : kUnits) actions.*unit += share * other.*unit;
}

/// Brows low, corners down: a resting face that readers of other faces take for stern.
constexpr Actions kSternRest{.brow_lower = 0.45, .lid_tighten = 0.25, .lip_corner_depress = 0.35, .lip_press = 0.15};

/// The same expressions with the mouth kept closed and the brows doing more.
void restyle(Actions& actions, Expression expression, double share) {
  blend(actions, kSternRest, share);
  const double closed = 1 - 0.85 * share;
  if (expression == Expression::kHappiness || expression == Expression::kFear || expression == Expression::kAnger) {
    actions.lips_part *= closed;
    actions.jaw_drop *= closed;
  }
  if (expression == Expression::kSurprise) actions.jaw_drop *= 1 - 0.6 * share;
  if (expression == Expression::kHappiness) actions.lip_corner_pull *= 1 - 0.25 * share;
}

}  // namespace

Actions prototype(Expression expression, bool open) {
  const double part = open ? 1 : 0;
  switch (expression) {
    case Expression::kNeutral:
      return {};
    case Expression::kHappiness:
      return {.cheek_raise = 0.8, .lip_corner_pull = 1, .lips_part = 0.75 * part, .jaw_drop = 0.15 * part};
    case Expression::kSurprise:
      return {.inner_brow_raise = 0.9,
              .outer_brow_raise = 1,
              .upper_lid_raise = 0.8,
              .lips_part = 0.7,
              .jaw_drop = 0.5 + 0.4 * part};
    case Expression::kSadness:
      return {.inner_brow_raise = 0.9,
              .brow_lower = 0.35,
              .lid_tighten = 0.2,
              .lip_corner_depress = 0.95,
              .chin_raise = 0.6};
    case Expression::kAnger:
      return {.brow_lower = 1,
              .upper_lid_raise = 0.45,
              .lid_tighten = 0.7,
              .lip_corner_depress = 0.25,
              .lip_stretch = 0.3 * part,
              .lip_press = 0.9 * (1 - part),
              .lips_part = 0.75 * part};
    case Expression::kDisgust:
      return {.brow_lower = 0.5,
              .cheek_raise = 0.3,
              .lid_tighten = 0.5,
              .nose_wrinkle = 1,
              .upper_lip_raise = 0.95,
              .lip_corner_depress = 0.5,
              .chin_raise = 0.3,
              .lips_part = 0.3 * part};
    case Expression::kFear:
      return {.inner_brow_raise = 1,
              .outer_brow_raise = 0.55,
              .brow_lower = 0.45,
              .upper_lid_raise = 0.95,
              .lip_stretch = 0.9,
              .lips_part = 0.35 + 0.3 * part,
              .jaw_drop = 0.15 + 0.25 * part};
  }
  return {};
}

ExpressionDraw draw_actions(Expression expression, double difficulty, double other_style, Stream& random) {
  const bool open = random.uniform() < 0.55;
  const double intensity =
      std::clamp(0.95 - 0.40 * difficulty + (0.12 + 0.16 * difficulty) * random.normal(), 0.15, 1.15);
  ExpressionDraw drawn{.intensity = intensity, .actions = {}};
  blend(drawn.actions, prototype(expression, open), intensity);
  // Everybody exaggerates some movements and omits others.
  for (const auto unit : kUnits) drawn.actions.*unit *= std::max(0.0, 1 + (0.12 + 0.5 * difficulty) * random.normal());
  const auto second = static_cast<Expression>(random.below(kExpressions));
  blend(drawn.actions, prototype(second, open), std::abs(0.30 * difficulty * random.normal()));
  for (const auto unit : kUnits) drawn.actions.*unit += std::max(0.0, 0.22 * difficulty * (random.normal() - 0.4));
  if (other_style > 0) restyle(drawn.actions, expression, other_style);
  for (const auto unit : kUnits) drawn.actions.*unit = std::clamp(drawn.actions.*unit, 0.0, 1.2);
  return drawn;
}

}  // namespace evenface::image::face
