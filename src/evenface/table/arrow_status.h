#pragma once
#include <filesystem>
#include <utility>

#include <arrow/result.h>
#include <arrow/status.h>

// Arrow's words for what went wrong, as errors of ours. Private to `table`.
namespace evenface::table {

/// Throws InputError with the file and Arrow's words unless the status is good;
/// a full device is said as such.
void check(const arrow::Status& status, const std::filesystem::path& path, const char* action);

template <class T>
T checked(arrow::Result<T> result, const std::filesystem::path& path, const char* action) {
  check(result.status(), path, action);
  return std::move(result).ValueUnsafe();
}

}  // namespace evenface::table
