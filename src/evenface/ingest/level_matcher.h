#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evenface::ingest {

/// Finds the level that a cell means: its exact text, or what only differs in
/// case, spaces, underscores and the like, or a known other spelling, or a range
/// that a spreadsheet took for a date ("03-Sep" for "3-9").
class LevelMatcher {
 public:
  /// `others`: other spelling -> level.
  LevelMatcher(std::vector<std::string> levels, const std::map<std::string, std::string>& others = {});

  const std::vector<std::string>& levels() const { return levels_; }
  /// The code of the level, or nothing when the text means none.
  std::optional<std::int32_t> match(std::string_view text) const;

 private:
  std::vector<std::string> levels_;
  std::map<std::string, std::int32_t> folded_;
};

/// The range of numbers that a spreadsheet turned into a day and a month, smaller
/// number first: "03-Sep", "9-Mar" -> "3-9"; "Oct-19", "19-Oct" -> "10-19". Nothing for other texts.
std::optional<std::string> range_behind_date(std::string_view text);

}  // namespace evenface::ingest
