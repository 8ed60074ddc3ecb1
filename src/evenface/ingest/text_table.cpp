#include "evenface/ingest/text_table.h"

#include <algorithm>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "evenface/core/file.h"
#include "evenface/table/table.h"

namespace evenface::ingest {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

bool is_json_lines(const fs::path& path) { return path.extension() == ".jsonl"; }

Rejected malformed(const fs::path& path, std::int64_t number, std::string found, std::string expected) {
  return {{.table = path.filename().string(), .number = number},
          "malformed row",
          {.found = std::move(found), .expected = std::move(expected), .remedy = "correct the row in the table"}};
}

/// Calls `visit(number, object)` for each line that isn't blank; `object` is discarded where the line is no JSON
/// object.
template <class Visit>
void each_json_line(const fs::path& path, Visit visit) {
  std::istringstream lines(read_file(path));
  std::int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") != std::string::npos) visit(number, json::parse(line, nullptr, false));
  }
}

/// A JSON value as a cell; nothing when it is a list or an object.
std::optional<std::string> cell_of(const json& object, const std::string& column) {
  const auto value = object.find(column);
  if (value == object.end() || value->is_null()) return "";
  if (value->is_structured()) return std::nullopt;
  return value->is_string() ? value->get<std::string>() : value->dump();
}

TextTable read_json_lines(const fs::path& path, const std::vector<std::string>& columns,
                          std::vector<Rejected>& rejected) {
  TextTable table{.path = path, .columns = {}, .numbers = {}};
  for (const std::string& column : columns) table.columns[column];
  each_json_line(path, [&](std::int64_t number, const json& object) {
    if (!object.is_object())
      return rejected.push_back(malformed(path, number, "the line is no JSON object", "{\"file_name\": ..., ...}"));
    std::vector<std::string> cells;
    for (const std::string& column : columns) {
      const auto cell = cell_of(object, column);
      if (!cell)
        return rejected.push_back(malformed(path, number, fmt::format("\"{}\" holds no single value", column),
                                            "a text, a number, true or false"));
      cells.push_back(*cell);
    }
    for (std::size_t i = 0; i < columns.size(); ++i) table.columns[columns[i]].push_back(std::move(cells[i]));
    table.numbers.push_back(number);
  });
  return table;
}

/// The numbers of the rows that were read: from `first` on, without those of bad rows.
std::vector<std::int64_t> numbers_without(const std::set<std::int64_t>& bad, std::int64_t first, std::int64_t rows) {
  std::vector<std::int64_t> numbers;
  for (std::int64_t number = first; std::ssize(numbers) < rows; ++number)
    if (!bad.contains(number)) numbers.push_back(number);
  return numbers;
}

void check_columns(const fs::path& path, const std::vector<std::string>& columns) {
  const auto there = column_names(path);
  for (const std::string& column : columns)
    if (std::ranges::find(there, column) == there.end())
      throw InputError({.file = path.string(),
                        .at = "column " + column,
                        .found = "there is no such column",
                        .expected = fmt::format("one of {}", fmt::join(there, ", ")),
                        .remedy = fmt::format("add the column, or name another: --column <target>={}",
                                              there.empty() ? "<column>" : there.front())});
}

TextTable read_columns(const table::TableReader& reader, const std::vector<std::string>& columns,
                       std::vector<Rejected>& rejected) {
  std::vector<table::ColumnRequest> requests;
  for (const std::string& column : columns) requests.push_back({column, table::ColumnRequest::As::kText});
  std::set<std::int64_t> bad;
  const auto note_bad = [&](const table::BadRow& row) {
    bad.insert(row.number);
    rejected.push_back(malformed(reader.path(), std::max<std::int64_t>(row.number, 0),
                                 fmt::format("the row has {} cells: {}", row.found_cells, row.text.substr(0, 200)),
                                 fmt::format("{} cells, one per column", row.expected_cells)));
  };
  const table::Table read = reader.read(requests, note_bad);
  TextTable table{
      .path = reader.path(), .columns = {}, .numbers = numbers_without(bad, reader.first_row(), read.rows())};
  for (const std::string& column : columns) table.columns[column] = read.texts(column);
  return table;
}

}  // namespace

std::vector<std::string> column_names(const fs::path& path) {
  if (!is_json_lines(path)) return table::TableReader::open(path).names();
  std::set<std::string> names;
  each_json_line(path, [&](std::int64_t, const json& object) {
    if (object.is_object())
      for (const auto& [key, value] : object.items()) names.insert(key);
  });
  return {names.begin(), names.end()};
}

TextTable read_text_table(const fs::path& path, const std::vector<std::string>& columns,
                          std::vector<Rejected>& rejected) {
  check_columns(path, columns);
  if (is_json_lines(path)) return read_json_lines(path, columns, rejected);
  return read_columns(table::TableReader::open(path), columns, rejected);
}

TextTable read_headless_table(const fs::path& path, const std::vector<std::string>& names,
                              std::vector<Rejected>& rejected) {
  return read_columns(table::TableReader::open(path, names), names, rejected);
}

}  // namespace evenface::ingest
