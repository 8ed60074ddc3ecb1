#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "evenface/table/table.h"

// Reading CSV files in parts that begin and end with a row. Private to `table`.
namespace evenface::table {

/// How a CSV file is laid out. Messages count rows as a spreadsheet does: a header is row 1.
struct CsvShape {
  char separator = ',';
  std::vector<std::string> names;  ///< of the columns
  std::int64_t header_rows = 1;    ///< 0: the names are not in the file
};

/// The names of the header, or the cells of the first row. Throws InputError for a file that is empty or UTF-16.
std::vector<std::string> read_csv_header(const std::filesystem::path& path, char separator);

/// The wanted columns, whole; parts are read on several threads. Rows with too few or too many cells are given
/// to `on_bad_row` in order and left out; without it the first is an InputError.
Table read_csv(const std::filesystem::path& path, const CsvShape& shape, const std::vector<ColumnRequest>& columns,
               const VisitBadRow& on_bad_row, int threads);

/// Calls `visit` with the columns of each part in order. Factors must have their levels.
void scan_csv(const std::filesystem::path& path, const CsvShape& shape, const std::vector<ColumnRequest>& columns,
              const VisitBadRow& on_bad_row, const std::function<void(const Table&)>& visit);

}  // namespace evenface::table
