#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "evenface/table/table.h"

// Reading CSV files in parts that begin and end with a row. Private to `table`.
namespace evenface::table {

/// Messages count rows as a spreadsheet does: the header is row 1.
inline constexpr std::int64_t kHeaderRows = 1;

/// The names of the header. Throws InputError for a file that is empty or UTF-16.
std::vector<std::string> read_csv_header(const std::filesystem::path& path, char separator);

/// The wanted columns, whole; parts are read on several threads. Rows with too few or too many cells are given
/// to `on_bad_row` in order and left out; without it the first is an InputError.
Table read_csv(const std::filesystem::path& path, char separator, const std::vector<std::string>& header,
               const std::vector<ColumnRequest>& columns, const VisitBadRow& on_bad_row, int threads);

/// Calls `visit` with the columns of each part in order. Factors must have their levels.
void scan_csv(const std::filesystem::path& path, char separator, const std::vector<std::string>& header,
              const std::vector<ColumnRequest>& columns, const VisitBadRow& on_bad_row,
              const std::function<void(const Table&)>& visit);

}  // namespace evenface::table
