#pragma once
#include <vector>

#include "evenface/image/simulator.h"

namespace evenface::image::face {

/// Face coordinates: x to the picture's right, y down, 0 the middle of the head,
/// 1 half the height of an average head; z towards the camera.
///
/// Where the parts of this face are, in face coordinates.
struct Anatomy {
  double width = 0.74;  ///< half the width at the cheekbones
  double jaw = 0.56, chin = 1.0, crown = -1.0;
  double eye_x = 0.29, eye_y = 0.0, eye_half = 0.135;
  double nose_y = 0.36, nose_half = 0.105;  ///< tip
  double mouth_y = 0.62, mouth_half = 0.22;
  double brow_y = -0.17;
  double childlike = 0;  ///< 0 adult .. 1 small child
  double wear = 0;       ///< 0 smooth .. 1 old skin
};
Anatomy anatomy_of(const FaceParameters& face);

/// The front of the head as a height map over face coordinates.
class Surface {
 public:
  static constexpr int kColumns = 81, kRows = 105;
  static constexpr double kLeft = -1.0, kTop = -1.25, kStep = 0.025;

  Surface(const FaceParameters& face, const Anatomy& anatomy);

  /// Height at a place, interpolated; at the border outside.
  double height(double x, double y) const;
  float cell(int column, int row) const {
    return heights_[static_cast<std::size_t>(row) * kColumns + static_cast<std::size_t>(column)];
  }

 private:
  std::vector<float> heights_;  // kRows x kColumns
};

/// How the light changes the colour of each cell of the surface.
struct Shading {
  std::vector<float> factor;  ///< kRows x kColumns x 3, multiplies the colour
  std::vector<float> gloss;   ///< kRows x kColumns, added as white, 0..1
};
Shading shade(const Surface& surface, const FaceParameters& face, const Anatomy& anatomy);

}  // namespace evenface::image::face
