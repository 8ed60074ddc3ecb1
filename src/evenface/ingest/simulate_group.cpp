#include "evenface/ingest/simulate_group.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/core/error.h"
#include "evenface/core/options.h"

namespace evenface::ingest {
namespace {

template <class Level>
std::vector<std::string> names(int count) {
  std::vector<std::string> levels;
  for (int i = 0; i < count; ++i) levels.push_back(image::name_of(static_cast<Level>(i)));
  return levels;
}

std::vector<std::string> tones() {
  std::vector<std::string> levels;
  for (int tone = 1; tone <= image::kSkinTones; ++tone) levels.push_back(fmt::format("Monk {:02}", tone));
  return levels;
}

std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char c : text)
    if (c == separator) parts.emplace_back();
    else parts.back() += c;
  for (std::string& part : parts) {
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
  }
  return parts;
}

/// The index of `name` among the names, or an InputError that lists them.
int index_of(const std::string& name, const std::vector<std::string>& all, const std::string& what,
             const std::string& option) {
  const auto found = std::ranges::find(all, name);
  if (found != all.end()) return static_cast<int>(found - all.begin());
  const auto near = nearest_name(name, all);
  throw InputError(
      {.at = option,
       .found = fmt::format("there is no {} \"{}\"", what, name),
       .expected = fmt::format("one of {}", fmt::join(all, ", ")),
       .remedy = near ? fmt::format("did you mean \"{}\"?", *near) : "write it like gender=feminine,skin=dark"});
}

}  // namespace

const std::vector<std::string>& face_properties() {
  static const std::vector<std::string> properties{"expression", "gender", "age", "skin", "skin_tone"};
  return properties;
}

std::vector<std::string> face_levels(const std::string& property) {
  if (property == "expression") return names<image::Expression>(image::kExpressions);
  if (property == "gender") return names<image::Gender>(image::kGenders);
  if (property == "age") return names<image::AgeBand>(image::kAgeBands);
  if (property == "skin") return {"light", "medium", "dark"};
  ensure(property == "skin_tone", "a known property");
  return tones();
}

int face_level(const FaceCell& cell, const std::string& property) {
  if (property == "expression") return static_cast<int>(cell.expression);
  if (property == "gender") return static_cast<int>(cell.gender);
  if (property == "age") return static_cast<int>(cell.age);
  if (property == "skin") return cell.skin_tone <= 3 ? 0 : cell.skin_tone <= 6 ? 1 : 2;
  ensure(property == "skin_tone", "a known property");
  return cell.skin_tone - 1;
}

FaceGroup::FaceGroup(const std::string& text, const std::string& option) : empty_(text.empty()) {
  if (empty_ || text == "all") return;
  for (const std::string& part : parts_of(text, ',')) {
    const auto equals = part.find('=');
    const std::string property = parts_of(part.substr(0, equals), '=').front();
    index_of(property, face_properties(), "property", option);
    Part wanted{property, {}};
    for (const std::string& level : parts_of(equals == std::string::npos ? "" : part.substr(equals + 1), '|'))
      wanted.levels.insert(index_of(level, face_levels(property), property, option));
    parts_.push_back(std::move(wanted));
  }
}

bool FaceGroup::holds(const FaceCell& cell) const {
  return !empty_ && std::ranges::all_of(parts_, [&](const Part& part) {
    return part.levels.contains(face_level(cell, part.property));
  });
}

bool FaceGroup::names_expression() const {
  return std::ranges::any_of(parts_, [](const Part& part) { return part.property == "expression"; });
}

}  // namespace evenface::ingest
