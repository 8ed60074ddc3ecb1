#pragma once
#include "evenface/image/simulator.h"

namespace evenface::image::face {

struct ExpressionDraw {
  double intensity = 0;
  Actions actions;
};

/// The prototype of an expression (EMFACS; Ekman & Friesen 1983): which action
/// units it moves, each 0 to 1. `open` tells whether the mouth is open where both occur.
Actions prototype(Expression expression, bool open);

/// One face's way of showing an expression; see FaceConstraints for the two knobs.
ExpressionDraw draw_actions(Expression expression, double difficulty, double other_style, Stream& random);

}  // namespace evenface::image::face
