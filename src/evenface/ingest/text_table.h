#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "evenface/ingest/draft.h"

namespace evenface::ingest {

/// Some columns of a table file as text, with each row's number as a spreadsheet counts.
struct TextTable {
  std::filesystem::path path;
  std::map<std::string, std::vector<std::string>> columns;
  std::vector<std::int64_t> numbers;

  std::size_t rows() const { return numbers.size(); }
  const std::string& cell(const std::string& column, std::size_t row) const { return columns.at(column)[row]; }
  /// A draft row that says where it stands.
  DraftRow row_at(std::size_t row) const { return {.table = path.filename().string(), .number = numbers[row]}; }
};

/// The column names of a .csv, .tsv, .parquet or .jsonl file.
/// Throws InputError when it can't be read as such.
std::vector<std::string> column_names(const std::filesystem::path& path);

/// Reads the named columns. Malformed rows go to `rejected`.
/// Throws InputError that lists the columns there are when one is missing.
TextTable read_text_table(const std::filesystem::path& path, const std::vector<std::string>& columns,
                          std::vector<Rejected>& rejected);

/// Reads a CSV file without a header, whose columns are called `names`. Malformed rows go to `rejected`.
TextTable read_headless_table(const std::filesystem::path& path, const std::vector<std::string>& names,
                              std::vector<Rejected>& rejected);

}  // namespace evenface::ingest
