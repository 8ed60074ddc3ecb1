#include "evenface/ingest/table_import.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace evenface::ingest {
namespace {
namespace fs = std::filesystem;

/// A column with more levels than this is a number or a name, not a category.
constexpr std::size_t kMostLevels = 1000;

std::map<std::string, LevelMatcher> declared_levels(const std::vector<std::string>& entries) {
  std::map<std::string, LevelMatcher> declared;
  for (const std::string& entry : entries) {
    const std::size_t equals = std::min(entry.find('='), entry.size());
    std::vector<std::string> levels;
    for (std::size_t begin = equals + 1; begin < entry.size();) {
      const std::size_t end = std::min(entry.find('|', begin), entry.size());
      if (end > begin) levels.push_back(entry.substr(begin, end - begin));
      begin = end + 1;
    }
    if (levels.empty() || !is_category(entry.substr(0, equals)))
      throw InputError({.file = {},
                        .at = "--levels " + entry,
                        .found = "no levels of a label or an attribute are named",
                        .expected = "label.<task>=<level>|<level> or attr.<name>=<level>|<level>",
                        .remedy = "for example --levels 'label.race=White|Black'"});
    declared.emplace(entry.substr(0, equals), LevelMatcher(std::move(levels)));
  }
  return declared;
}

std::optional<double> weight_of(const std::string& text) {
  double weight = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(weight) && weight >= 0 ? std::optional(weight) : std::nullopt;
}

std::unexpected<Problem> unusable(std::string found, std::string expected, std::string remedy) {
  return std::unexpected(
      Problem{.found = std::move(found), .expected = std::move(expected), .remedy = std::move(remedy)});
}

std::vector<std::string> columns_of(const ColumnMap& map, std::set<std::string> columns) {
  for (const auto& [target, source] : map)
    for (std::string& column : source.columns()) columns.insert(std::move(column));
  return {columns.begin(), columns.end()};
}

}  // namespace

TableImport::TableImport(const IngestOptions& options, Draft& draft)
    : options_(options), draft_(draft), declared_(declared_levels(options.levels)), votes_(options.column) {}

void TableImport::add(const fs::path& path, const fs::path& folder, std::int32_t split) {
  const auto names = column_names(path);
  const ColumnMap map = column_map(options_, path, names);
  check_categories(path, map);
  votes_.open(path, unused_columns(map, {}, names));
  if (const auto unused = unused_columns(map, votes_.columns(), names); !unused.empty())
    draft_.notes.push_back(
        fmt::format("{}: columns that were not imported: {}; --column label.<task>=<column> or "
                    "attr.<name>=<column> imports one",
                    path.filename().string(), fmt::join(unused, ", ")));
  const TextTable table = read_text_table(path, columns_of(map, votes_.columns()), draft_.rejected);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    DraftRow start = table.row_at(i);
    start.split = split;
    Checked<DraftRow> row = row_of(map, table, i, start);
    if (!row) {
      draft_.rejected.push_back({std::move(start), "malformed row", std::move(row.error())});
      continue;
    }
    if (!folder.empty()) row->image = (folder / row->image).generic_string();
    if (row->id.empty()) row->id = row->image;
    auto votes = votes_.read(table, i);
    if (!votes) {
      draft_.rejected.push_back({std::move(*row), "malformed row", std::move(votes.error())});
    } else if (auto problem = add_levels(map, table, i)) {
      draft_.rejected.push_back({std::move(*row), "unknown label", std::move(*problem)});
    } else {
      votes_.add(*votes);
      draft_.rows.push_back(std::move(*row));
    }
  }
}

void TableImport::check_categories(const fs::path& path, const ColumnMap& map) {
  std::set<std::string> categories, before;
  for (const auto& [target, source] : map)
    if (is_category(target)) categories.insert(target);
  for (const auto& [name, texts] : texts_) before.insert(name);
  for (const auto& [column, levels] : declared_)
    if (!categories.contains(column))
      throw InputError({.file = path.string(),
                        .at = "--levels " + column,
                        .found = fmt::format("no column {} is imported", column),
                        .expected = fmt::format("one of {}", fmt::join(categories, ", ")),
                        .remedy = fmt::format("map it: --column {}=<column>", column)});
  if (!first_ && categories != before)
    throw InputError({.file = path.string(),
                      .at = {},
                      .found = fmt::format("it has the columns {}", fmt::join(categories, ", ")),
                      .expected = fmt::format("{}, as in the table before", fmt::join(before, ", ")),
                      .remedy = "give every table the same columns"});
  for (const std::string& column : categories) texts_[column];
  first_ = false;
}

Checked<DraftRow> TableImport::row_of(const ColumnMap& map, const TextTable& table, std::size_t row,
                                      DraftRow start) const {
  const auto value = [&](const char* target) {
    const auto source = map.find(target);
    return source == map.end() ? std::string() : source->second.value(table, row);
  };
  start.image = value("image");
  start.id = value("id");
  start.person = value("person");
  if (start.image.empty()) return unusable("no picture is named", "a path", "name the picture or remove the row");
  if (const std::string split = value("split"); !split.empty()) {
    const auto code = split_of(split);
    if (!code) return unusable(fmt::format("unknown split \"{}\"", split), "train, val or test", "correct the cell");
    start.split = *code;
  }
  if (const std::string weight = value("weight"); !weight.empty()) {
    const auto number = weight_of(weight);
    if (!number) return unusable(fmt::format("weight \"{}\"", weight), "a number of at least 0", "correct the cell");
    start.weight = *number;
  }
  return start;
}

std::optional<Problem> TableImport::add_levels(const ColumnMap& map, const TextTable& table, std::size_t row) {
  std::map<std::string, std::string> cells;
  std::vector<std::tuple<std::string, std::string, std::string>> repairs;
  for (const auto& [column, texts] : texts_) {
    std::string text = map.at(column).value(table, row);
    if (std::ranges::find(options_.missing, text) != options_.missing.end()) {
      repairs.emplace_back(column, text, "");
      text.clear();
    }
    const auto declared = declared_.find(column);
    if (declared != declared_.end() && !text.empty()) {
      const auto code = declared->second.match(text);
      const auto& levels = declared->second.levels();
      if (!code)
        return Problem{.at = column,
                       .found = fmt::format("\"{}\"", text),
                       .expected = fmt::format("one of {}", fmt::join(levels, ", ")),
                       .remedy = "correct the cell, or add the level to --levels"};
      const std::string& level = levels[static_cast<std::size_t>(*code)];
      if (level != text) repairs.emplace_back(column, text, level);
      text = level;
    }
    cells[column] = std::move(text);
  }
  for (const auto& repair : repairs) ++draft_.repairs[repair];
  for (auto& [column, text] : cells) texts_[column].push_back(std::move(text));
  return std::nullopt;
}

void TableImport::finish() {
  for (const auto& [column, texts] : texts_) {
    const auto declared = declared_.find(column);
    table::Factor factor = table::factor_of(
        column, texts, declared == declared_.end() ? std::vector<std::string>() : declared->second.levels());
    if (factor.levels.size() > kMostLevels)
      throw InputError({.file = {},
                        .at = column,
                        .found = fmt::format("{} different values", factor.levels.size()),
                        .expected = fmt::format("a category of at most {} levels", kMostLevels),
                        .remedy = "put the values into classes first, or map another column"});
    draft_.info.sources[column] = {"given", "the table that was imported"};
    draft_.columns.push_back(std::move(factor));
  }
  votes_.finish(draft_);
}

}  // namespace evenface::ingest
