#pragma once
#include <set>
#include <string>
#include <vector>

#include "evenface/image/simulator.h"

namespace evenface::ingest {

/// What is known of a simulated face, as levels.
struct FaceCell {
  image::Expression expression = image::Expression::kNeutral;
  image::Gender gender = image::Gender::kFeminine;
  image::AgeBand age = image::AgeBand::kChild;
  int skin_tone = 1;

  bool operator==(const FaceCell&) const = default;
};

/// The properties that a group can be chosen by, in order: expression, gender, age, skin, skin_tone.
const std::vector<std::string>& face_properties();
/// The levels of a property, in order.
std::vector<std::string> face_levels(const std::string& property);
/// The index into face_levels of the cell's level.
int face_level(const FaceCell& cell, const std::string& property);

/// A group of faces: for some properties the levels allowed.
class FaceGroup {
 public:
  /// Reads "gender=feminine,skin=medium|dark", "all" or "" (nobody). `option` is named in errors.
  /// Throws InputError that lists the properties or levels there are.
  FaceGroup(const std::string& text, const std::string& option);

  bool empty() const { return empty_; }
  bool holds(const FaceCell& cell) const;
  /// Whether the group is limited to some expressions.
  bool names_expression() const;

 private:
  struct Part {
    std::string property;
    std::set<int> levels;
  };
  std::vector<Part> parts_;
  bool empty_ = false;
};

}  // namespace evenface::ingest
