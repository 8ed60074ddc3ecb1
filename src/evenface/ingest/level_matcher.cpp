#include "evenface/ingest/level_matcher.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace evenface::ingest {
namespace {

/// Lower case, without the characters that copies of a table add, drop or exchange.
std::string fold(std::string_view text) {
  std::string folded;
  for (const char c : text)
    if (!std::isspace(static_cast<unsigned char>(c)) && c != '_')
      folded += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return folded;
}

/// A day ("03", "19") or the number of a month ("Sep").
std::optional<int> day_or_month(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                            "jul", "aug", "sep", "oct", "nov", "dec"};
  const auto month = std::ranges::find(kMonths, fold(text));
  if (month != kMonths.end()) return static_cast<int>(month - kMonths.begin()) + 1;
  int day = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), day);
  if (error != std::errc() || end != text.data() + text.size() || day < 0) return std::nullopt;
  return day;
}

}  // namespace

std::optional<std::string> range_behind_date(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = day_or_month(text.substr(0, dash)), second = day_or_month(text.substr(dash + 1));
  if (!first || !second) return std::nullopt;
  return std::to_string(std::min(*first, *second)) + "-" + std::to_string(std::max(*first, *second));
}

LevelMatcher::LevelMatcher(std::vector<std::string> levels, const std::map<std::string, std::string>& others)
    : levels_(std::move(levels)) {
  for (std::size_t i = 0; i < levels_.size(); ++i) folded_[fold(levels_[i])] = static_cast<std::int32_t>(i);
  for (const auto& [spelling, level] : others) folded_[fold(spelling)] = folded_.at(fold(level));
}

std::optional<std::int32_t> LevelMatcher::match(std::string_view text) const {
  if (const auto found = folded_.find(fold(text)); found != folded_.end()) return found->second;
  const auto range = range_behind_date(text);
  if (!range) return std::nullopt;
  const auto found = folded_.find(fold(*range));
  return found == folded_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace evenface::ingest
