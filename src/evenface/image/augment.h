#pragma once
#include "evenface/core/random.h"
#include "evenface/image/colour.h"
#include "evenface/image/picture.h"

namespace evenface::image {

/// How training pictures are varied; 0 switches a part off.
struct AugmentOptions {
  double flip = 0.5;         ///< probability
  double probability = 0.5;  ///< of the geometric change, and independently of the colour change
  double rotate_deg = 6;
  double shear_deg = 5;
  double translate = 0.1;
  double crop = 0.1;
  double brightness = 0.2;
  double contrast = 0.15;
  double saturation = 0.15;
  double hue = 0.05;

  template <class V>
  static void fields(V& v) {
    v(&AugmentOptions::flip, "flip", {.help = "probability of mirroring a training picture", .min = 0, .max = 1});
    v(&AugmentOptions::probability, "augment",
      {.help = "probability of a geometric change, and of a colour change", .min = 0, .max = 1});
    v(&AugmentOptions::rotate_deg, "rotate", {.help = "largest rotation", .min = 0, .max = 180, .unit = "degrees"});
    v(&AugmentOptions::shear_deg, "shear", {.help = "largest shear", .min = 0, .max = 60, .unit = "degrees"});
    v(&AugmentOptions::translate, "translate", {.help = "largest shift, as a share of the side", .min = 0, .max = 1});
    v(&AugmentOptions::crop, "crop", {.help = "largest share of the side that a crop cuts off", .min = 0, .max = 0.9});
    v(&AugmentOptions::brightness, "brightness", {.help = "largest change of brightness", .min = 0, .max = 1});
    v(&AugmentOptions::contrast, "contrast", {.help = "largest change of contrast", .min = 0, .max = 1});
    v(&AugmentOptions::saturation, "saturation", {.help = "largest change of saturation", .min = 0, .max = 1});
    v(&AugmentOptions::hue, "hue", {.help = "largest turn of the hue; 1 is a whole turn", .min = 0, .max = 0.5});
  }
};

/// Everything that one picture's augmentation needs, drawn at once.
struct AugmentDraw {
  bool flip = false;
  double rotate_deg = 0, shear_deg = 0;
  double shift_x = 0, shift_y = 0;  ///< share of the side
  double kept = 1;                  ///< share of the side that the crop keeps
  ColourChange colour;
};

/// One draw; it takes the same numbers from the stream whatever the options, so
/// that switching one part off leaves the others as they were.
AugmentDraw draw_augment(const AugmentOptions& options, Stream stream);

/// The picture so changed, at its own size; what lies beyond the edge is mirrored.
Picture apply_augment(const Picture& picture, const AugmentDraw& draw);

/// A varied copy of the picture. Address the stream by (seed, "augment", row, epoch).
Picture augment(const Picture& picture, const AugmentOptions& options, Stream stream);

}  // namespace evenface::image
