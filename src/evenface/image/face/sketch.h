#pragma once
#include <string_view>

#include "evenface/image/face/paint.h"
#include "evenface/image/face/surface.h"

namespace evenface::image::face {

/// From face coordinates to pixels: the head turned, scaled and placed (orthographic).
class Projection {
 public:
  Projection(const Surface& surface, const View& view, int side_px);

  /// A point that lies on the surface, raised by `lift`.
  Point on(double x, double y, double lift = 0) const;
  /// A point of the head's outline or behind it, at depth z: it shifts with the
  /// turn but the head does not get narrower, as a round head does not.
  Point rim(double x, double y, double z) const;
  /// The face coordinates seen at a pixel (a few fixed-point steps).
  Point seen_at(Point pixel) const;
  /// Pixels per unit of face coordinates.
  double scale() const { return scale_; }

 private:
  Point place(double x, double y) const;

  const Surface& surface_;
  double sin_yaw_, cos_yaw_, sin_pitch_, cos_pitch_, sin_roll_, cos_roll_;
  double scale_;
  Point centre_;
};

/// A picture being painted.
struct Sketch {
  cv::Mat rgb;  ///< side x side, CV_8UC3, red first
  const FaceParameters& face;
  Anatomy anatomy;
  const Surface& surface;
  Projection projection;
  Rgb skin;

  double px(double units) const { return units * projection.scale(); }
  /// Random numbers for one part of the picture.
  Stream stream(std::string_view part) const { return Stream(face.texture, part); }
  /// Points on the surface, in pixels.
  Line on(const Line& line, double lift = 0) const;
  Line rim(const Line& line, double z) const;
};

/// The head's outline in face coordinates, from the crown clockwise; depth per point in `z`.
Line head_outline(const Sketch& sketch);

void paint_backdrop(Sketch& sketch);
void paint_body(Sketch& sketch);
void paint_ears(Sketch& sketch);
void paint_head(Sketch& sketch);
void paint_skin_marks(Sketch& sketch);
void paint_eyes(Sketch& sketch);
void paint_brows(Sketch& sketch);
void paint_nose(Sketch& sketch);
void paint_beard(Sketch& sketch);
void paint_mouth(Sketch& sketch);
void paint_hair_behind(Sketch& sketch);
void paint_hair_shadow(Sketch& sketch);
void paint_hair(Sketch& sketch);
void paint_glasses(Sketch& sketch);
/// Multiplies the head by the light that falls on it.
void light_head(Sketch& sketch);
/// How bright hair or cloth at this place of the head's sphere is, about 0.5 to 1.1.
double light_on_sphere(const Sketch& sketch, Point place);

}  // namespace evenface::image::face
