#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include <arrow/buffer.h>

// Where a CSV file can be cut. Private to `table`.
namespace evenface::table {

/// Bytes of a file that begin and end with a row.
struct CsvPart {
  std::int64_t begin, bytes;
  std::int64_t most_rows;  ///< lines; rows are fewer where a cell holds a line's end, or a line is empty
};

/// The whole file in parts of about four million bytes. A line's end within quotes is no end of a row.
/// Throws InputError naming the line of a byte 0, which no text has.
std::vector<CsvPart> csv_parts(const std::filesystem::path& path, char separator, int threads);

/// The bytes of a file from `begin` on, `bytes` of them or as many as there are.
std::shared_ptr<arrow::Buffer> read_bytes(const std::filesystem::path& path, std::int64_t begin, std::int64_t bytes);

}  // namespace evenface::table
