#include "evenface/image/face_numbers.h"

namespace evenface::image {
namespace {

using Numbers = std::vector<std::pair<std::string, double>>;

void add_actions(const Actions& a, Numbers& out) {
  const Numbers named{{"inner_brow_raise", a.inner_brow_raise},
                      {"outer_brow_raise", a.outer_brow_raise},
                      {"brow_lower", a.brow_lower},
                      {"upper_lid_raise", a.upper_lid_raise},
                      {"cheek_raise", a.cheek_raise},
                      {"lid_tighten", a.lid_tighten},
                      {"nose_wrinkle", a.nose_wrinkle},
                      {"upper_lip_raise", a.upper_lip_raise},
                      {"lip_corner_pull", a.lip_corner_pull},
                      {"lip_corner_depress", a.lip_corner_depress},
                      {"chin_raise", a.chin_raise},
                      {"lip_stretch", a.lip_stretch},
                      {"lip_press", a.lip_press},
                      {"lips_part", a.lips_part},
                      {"jaw_drop", a.jaw_drop}};
  for (const auto& [name, value] : named) out.emplace_back("action." + name, value);
}

void add_shape(const Shape& s, Numbers& out) {
  const Numbers named{{"face_width", s.face_width},
                      {"jaw_width", s.jaw_width},
                      {"chin_length", s.chin_length},
                      {"forehead", s.forehead},
                      {"cheeks", s.cheeks},
                      {"eye_size", s.eye_size},
                      {"eye_distance", s.eye_distance},
                      {"eye_tilt", s.eye_tilt},
                      {"lid_fold", s.lid_fold},
                      {"brow_height", s.brow_height},
                      {"brow_thickness", s.brow_thickness},
                      {"brow_arch", s.brow_arch},
                      {"nose_width", s.nose_width},
                      {"nose_length", s.nose_length},
                      {"nose_height", s.nose_height},
                      {"mouth_width", s.mouth_width},
                      {"lip_fullness", s.lip_fullness},
                      {"mouth_height", s.mouth_height},
                      {"mouth_curve", s.mouth_curve},
                      {"ear_size", s.ear_size},
                      {"neck_width", s.neck_width},
                      {"asymmetry", s.asymmetry}};
  for (const auto& [name, value] : named) out.emplace_back("shape." + name, value);
}

void add_view(const View& v, Numbers& out) {
  const Numbers named{{"yaw_deg", v.yaw_deg},
                      {"pitch_deg", v.pitch_deg},
                      {"roll_deg", v.roll_deg},
                      {"scale", v.scale},
                      {"shift_x", v.shift_x},
                      {"shift_y", v.shift_y},
                      {"light_azimuth_deg", v.light_azimuth_deg},
                      {"light_elevation_deg", v.light_elevation_deg},
                      {"light_strength", v.light_strength},
                      {"warmth", v.warmth},
                      {"exposure", v.exposure},
                      {"blur", v.blur},
                      {"noise", v.noise}};
  for (const auto& [name, value] : named) out.emplace_back("view." + name, value);
}

void add_colour(const std::string& name, const Rgb& c, Numbers& out) {
  out.emplace_back(name + ".red", c.r);
  out.emplace_back(name + ".green", c.g);
  out.emplace_back(name + ".blue", c.b);
}

}  // namespace

Numbers numbers_of(const FaceParameters& f) {
  Numbers out{{"tone", f.tone},
              {"femininity", f.femininity},
              {"years", f.years},
              {"intensity", f.intensity},
              {"gaze_x", f.gaze_x},
              {"gaze_y", f.gaze_y},
              {"make_up", f.make_up},
              {"blush", f.blush},
              {"freckles", f.freckles},
              {"glasses", f.glasses ? 1.0 : 0.0},
              {"hair.style", static_cast<double>(f.hair.style)},
              {"hair.volume", f.hair.volume},
              {"hair.hairline", f.hair.hairline},
              {"hair.beard", static_cast<double>(f.hair.beard)}};
  add_actions(f.actions, out);
  add_shape(f.shape, out);
  add_view(f.view, out);
  add_colour("hair", f.hair.colour, out);
  add_colour("iris", f.iris, out);
  add_colour("clothes", f.clothes, out);
  add_colour("background", f.background, out);
  return out;
}

}  // namespace evenface::image
