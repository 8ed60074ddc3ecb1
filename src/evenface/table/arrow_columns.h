#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <arrow/api.h>

#include "evenface/table/table.h"

// Between Arrow's arrays and the columns of this module. Private to `table`.
namespace evenface::table {

/// Throws InputError with the file and Arrow's words unless the status is good;
/// a full device is said as such.
void check(const arrow::Status& status, const std::filesystem::path& path, const char* action);

template <class T>
T checked(arrow::Result<T> result, const std::filesystem::path& path, const char* action) {
  check(result.status(), path, action);
  return std::move(result).ValueUnsafe();
}

/// Where a chunk stands, for messages.
struct Place {
  const std::filesystem::path& path;
  std::int64_t first_row;  ///< rows before it in the file, a CSV header among them
};

/// An Arrow column as the kind that was asked for. `levels` fixes a factor's levels; it may
/// be empty only when the stored kind is no category.
Column column_from(const arrow::ChunkedArray& array, const ColumnRequest& request, const Place& place);

/// Adds the distinct texts of the column to `levels`.
void collect_levels(const arrow::ChunkedArray& array, const Place& place, std::set<std::string>& levels);

/// True when the column would be read as a factor: asked for, or stored as one.
bool is_factor(const arrow::DataType& type, const ColumnRequest& request);

std::shared_ptr<arrow::Array> array_from(const Column& column);

}  // namespace evenface::table
