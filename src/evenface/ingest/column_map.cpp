#include "evenface/ingest/column_map.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/ingest/vote_import.h"

namespace evenface::ingest {
namespace {

bool is_target(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kPlain{"id", "image", "split", "person", "weight"};
  return std::ranges::find(kPlain, name) != kPlain.end() || is_category(name);
}

[[noreturn]] void reject_mapping(const std::string& entry, const std::string& found) {
  throw InputError(
      {.file = {},
       .at = "--column " + entry,
       .found = found,
       .expected =
           "target=source; targets are id, image, split, person, weight, label.<task>, attr.<name>, votes.<task>",
       .remedy = "for example --column label.race=ethnicity"});
}

}  // namespace

bool is_category(std::string_view target) {
  return (target.starts_with("label.") && target.size() > 6) || (target.starts_with("attr.") && target.size() > 5);
}

CellSource::CellSource(const std::string& text) {
  if (text.find('{') == std::string::npos) {
    parts_.emplace_back("", text);
    return;
  }
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t open = std::min(text.find('{', begin), text.size());
    if (open == text.size()) {
      parts_.emplace_back(text.substr(begin), "");
      break;
    }
    const std::size_t close = text.find('}', open);
    if (close == std::string::npos || close == open + 1)
      reject_mapping(text, "a brace isn't closed, or holds no column");
    parts_.emplace_back(text.substr(begin, open - begin), text.substr(open + 1, close - open - 1));
    begin = close + 1;
  }
}

std::vector<std::string> CellSource::columns() const {
  std::vector<std::string> columns;
  for (const auto& [text, column] : parts_)
    if (!column.empty()) columns.push_back(column);
  return columns;
}

std::string CellSource::value(const TextTable& table, std::size_t row) const {
  std::string value;
  for (const auto& [text, column] : parts_) {
    value += text;
    if (!column.empty()) value += table.cell(column, row);
  }
  return value;
}

ColumnMap column_map(const IngestOptions& options, const std::filesystem::path& table,
                     const std::vector<std::string>& names) {
  ColumnMap map;
  for (const std::string& entry : options.column) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos || equals + 1 == entry.size()) reject_mapping(entry, "there is no source");
    const std::string target = entry.substr(0, equals);
    if (is_votes(target)) continue;
    if (!is_target(target)) reject_mapping(entry, fmt::format("\"{}\" is no target", target));
    if (!map.emplace(target, CellSource(entry.substr(equals + 1))).second)
      reject_mapping(entry, fmt::format("{} is mapped twice", target));
  }
  for (const std::string& name : names) {
    if (is_target(name)) map.emplace(name, CellSource(name));
    if (name == "file_name") map.emplace("image", CellSource(name));
    if (name == "label") map.emplace("label.label", CellSource(name));
  }
  if (!map.contains("image"))
    throw InputError({.file = table.string(),
                      .at = {},
                      .found = fmt::format("no column names the pictures; there are {}", fmt::join(names, ", ")),
                      .expected = "a column `image` or `file_name`",
                      .remedy = "say which it is: --column image=<column>, or --column image='folder/{column}.jpg'"});
  return map;
}

std::vector<std::string> unused_columns(const ColumnMap& map, std::set<std::string> used,
                                        const std::vector<std::string>& names) {
  for (const auto& [target, source] : map)
    for (const std::string& column : source.columns()) used.insert(column);
  std::vector<std::string> unused;
  std::ranges::copy_if(names, std::back_inserter(unused),
                       [&](const std::string& name) { return !used.contains(name); });
  return unused;
}

std::optional<std::int32_t> split_of(std::string_view text) {
  static const std::map<std::string, std::int32_t, std::less<>> words{{"train", 0}, {"training", 0},   {"val", 1},
                                                                      {"valid", 1}, {"validation", 1}, {"dev", 1},
                                                                      {"test", 2},  {"testing", 2}};
  std::string folded(text);
  std::ranges::transform(folded, folded.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto found = words.find(folded);
  return found == words.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace evenface::ingest
