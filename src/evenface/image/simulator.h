#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "evenface/core/random.h"
#include "evenface/image/picture.h"

namespace evenface::image {

enum class Expression { kNeutral, kHappiness, kSurprise, kSadness, kAnger, kDisgust, kFear };
enum class Gender { kFeminine, kMasculine };  ///< presentation, as it would be perceived
enum class AgeBand { kChild, kYoungAdult, kMiddleAged, kOlder };
enum class HairStyle { kBald, kBuzz, kShort, kSidePart, kFringe, kBob, kLong, kBun, kAfro };
enum class Beard { kNone, kStubble, kMoustache, kFull };

constexpr int kExpressions = 7, kSkinTones = 10, kGenders = 2, kAgeBands = 4, kHairStyles = 9;

std::string name_of(Expression expression);
std::string name_of(Gender gender);
std::string name_of(AgeBand age);
std::string name_of(HairStyle style);

/// sRGB, 0..255.
struct Rgb {
  double r = 0, g = 0, b = 0;
};
inline Rgb operator*(Rgb c, double factor) { return {c.r * factor, c.g * factor, c.b * factor}; }

/// The ten published orbs of the Monk Skin Tone scale (Monk 2019), tone 1 (lightest) to 10.
/// A tone between two is interpolated; throws InternalError outside 1..10.
Rgb monk_tone(double tone);

/// Activations, 0 none to 1 strongest, of the action units of the Facial Action
/// Coding System (Ekman & Friesen 1978) that the face can move.
struct Actions {
  double inner_brow_raise = 0;    ///< AU 1
  double outer_brow_raise = 0;    ///< AU 2
  double brow_lower = 0;          ///< AU 4
  double upper_lid_raise = 0;     ///< AU 5
  double cheek_raise = 0;         ///< AU 6
  double lid_tighten = 0;         ///< AU 7
  double nose_wrinkle = 0;        ///< AU 9
  double upper_lip_raise = 0;     ///< AU 10
  double lip_corner_pull = 0;     ///< AU 12
  double lip_corner_depress = 0;  ///< AU 15
  double chin_raise = 0;          ///< AU 17
  double lip_stretch = 0;         ///< AU 20
  double lip_press = 0;           ///< AU 24
  double lips_part = 0;           ///< AU 25
  double jaw_drop = 0;            ///< AU 26
};

/// What makes one head differ from another: 0 is average, 1 one standard deviation.
struct Shape {
  double face_width = 0, jaw_width = 0, chin_length = 0, forehead = 0, cheeks = 0;
  double eye_size = 0, eye_distance = 0, eye_tilt = 0, lid_fold = 0;
  double brow_height = 0, brow_thickness = 0, brow_arch = 0;
  double nose_width = 0, nose_length = 0, nose_height = 0;
  double mouth_width = 0, lip_fullness = 0, mouth_height = 0, mouth_curve = 0;
  double ear_size = 0, neck_width = 0, asymmetry = 0;
};

struct Hair {
  HairStyle style = HairStyle::kShort;
  Rgb colour{60, 40, 30};
  double volume = 0;    ///< as in Shape
  double hairline = 0;  ///< 0 full, 1 far receded
  Beard beard = Beard::kNone;
};

/// The camera's and the light's part. Angles in degrees: yaw > 0 turns the face to
/// the picture's right, pitch > 0 lifts it, azimuth > 0 is light from the picture's right.
struct View {
  double yaw_deg = 0, pitch_deg = 0, roll_deg = 0;
  double scale = 1, shift_x = 0, shift_y = 0;  ///< size of the head; shift as a share of the side
  double light_azimuth_deg = 20, light_elevation_deg = 30, light_strength = 0.6, warmth = 0;
  double exposure = 0;  ///< in stops
  double blur = 0;      ///< standard deviation as a share of the picture's side
  double noise = 0;     ///< standard deviation, in levels of 0..255
};

/// Everything that a picture of a face depends on.
struct FaceParameters {
  Expression expression = Expression::kNeutral;
  Gender gender = Gender::kFeminine;
  AgeBand age = AgeBand::kYoungAdult;
  int skin_tone = 4;       ///< nominal Monk tone, 1..10
  double tone = 4;         ///< the tone painted, near the nominal one
  double femininity = 1;   ///< -1 masculine .. 1 feminine features; overlaps between presentations
  double years = 25;       ///< apparent age
  double intensity = 0.8;  ///< of the expression
  Actions actions;
  Shape shape;
  Hair hair;
  View view;
  double gaze_x = 0, gaze_y = 0;  ///< -1..1
  Rgb iris{90, 60, 40}, clothes{60, 80, 120}, background{150, 160, 170};
  double make_up = 0, blush = 0.3, freckles = 0;  ///< 0..1
  bool glasses = false;
  std::uint64_t texture = 0;  ///< seed of strands, backdrop and noise
};

/// What shall be fixed rather than drawn.
struct FaceConstraints {
  std::optional<Expression> expression;
  std::optional<Gender> gender;
  std::optional<AgeBand> age;
  std::optional<int> skin_tone;
  /// 0: expressions as in a textbook; 1: faint, mixed and idiosyncratic.
  double difficulty = 0.4;
  /// 0..1: how far this face's resting look and way of expressing differ from the
  /// common one: brows rest low and lip corners down (so that neutral looks stern),
  /// happiness keeps the lips closed, fear and surprise open the mouth less.
  double other_style = 0;
};

/// A face at random: what is not constrained is uniform (label and attributes) or
/// follows overlapping distributions (everything continuous).
FaceParameters draw_face(Stream stream, const FaceConstraints& constraints = {});

/// The face as a picture of size_px x size_px, drawn at `supersampling` times that size.
/// The same parameters give the same pixels.
Picture render_face(const FaceParameters& face, int size_px, int supersampling = 2);

}  // namespace evenface::image
