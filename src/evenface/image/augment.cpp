#include "evenface/image/augment.h"

#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "evenface/image/mat.h"

namespace evenface::image {
namespace {

/// The affine map from a pixel of the result to the pixel of the picture that it shows.
cv::Matx23d source_of(const AugmentDraw& draw, int width, int height) {
  const double angle = draw.rotate_deg * std::numbers::pi / 180,
               shear = std::tan(draw.shear_deg * std::numbers::pi / 180);
  const double mirror = draw.flip ? -1 : 1;
  const double a = draw.kept * mirror * std::cos(angle),
               b = draw.kept * (mirror * shear * std::cos(angle) - std::sin(angle));
  const double c = draw.kept * mirror * std::sin(angle),
               d = draw.kept * (mirror * shear * std::sin(angle) + std::cos(angle));
  const double centre_x = (width - 1) / 2.0, centre_y = (height - 1) / 2.0;
  return {a, b, centre_x + draw.shift_x * width - a * centre_x - b * centre_y,
          c, d, centre_y + draw.shift_y * height - c * centre_x - d * centre_y};
}

bool keeps_geometry(const AugmentDraw& d) {
  return !d.flip && d.rotate_deg == 0 && d.shear_deg == 0 && d.shift_x == 0 && d.shift_y == 0 && d.kept == 1;
}

bool keeps_colour(const ColourChange& c) {
  return c.brightness == 1 && c.contrast == 1 && c.saturation == 1 && c.hue == 0;
}

}  // namespace

AugmentDraw draw_augment(const AugmentOptions& options, Stream stream) {
  const bool flips = stream.uniform() < options.flip, moves = stream.uniform() < options.probability,
             colours = stream.uniform() < options.probability;
  const auto within = [&](double largest, bool wanted) { return stream.uniform(-1, 1) * (wanted ? largest : 0); };
  AugmentDraw draw{.flip = flips};
  draw.rotate_deg = within(options.rotate_deg, moves);
  draw.shear_deg = within(options.shear_deg, moves);
  draw.shift_x = within(options.translate, moves);
  draw.shift_y = within(options.translate, moves);
  draw.kept = 1 - std::abs(within(options.crop, moves));
  draw.colour.brightness = 1 + within(options.brightness, colours);
  draw.colour.contrast = 1 + within(options.contrast, colours);
  draw.colour.saturation = 1 + within(options.saturation, colours);
  draw.colour.hue = within(options.hue, colours);
  return draw;
}

Picture apply_augment(const Picture& picture, const AugmentDraw& draw) {
  Picture moved = picture;
  if (!keeps_geometry(draw)) {
    cv::Mat target = view_of(moved);
    cv::warpAffine(view_of(picture), target, source_of(draw, picture.width, picture.height), target.size(),
                   cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REFLECT_101);
  }
  return keeps_colour(draw.colour) ? moved : change_colour(moved, draw.colour);
}

Picture augment(const Picture& picture, const AugmentOptions& options, Stream stream) {
  return apply_augment(picture, draw_augment(options, stream));
}

}  // namespace evenface::image
