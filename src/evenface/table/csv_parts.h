#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <arrow/buffer.h>
#include <arrow/csv/chunker.h>
#include <arrow/util/delimiting.h>

// Where a CSV file can be cut. Private to `table`.
namespace evenface::table {

/// Bytes of a file that begin and end with a row.
struct CsvPart {
  std::size_t number;
  std::int64_t begin, bytes;
  std::int64_t first;                   ///< rows before it, at most
  bool quotes;                          ///< whether the file has any
  std::shared_ptr<arrow::Buffer> text;  ///< the bytes, where they were read to find the end; else null
};

/// A file in parts of about four million bytes, one after another. A line's end within quotes is no end of a row.
/// Where there are quotes a part is walked when it is asked for, so that one thread can walk while others parse.
class CsvParts {
 public:
  /// Throws InputError naming the line of a byte 0, which no text has.
  CsvParts(const std::filesystem::path& path, char separator, int threads);
  ~CsvParts();

  /// The next part, whichever thread asks. Throws InputError naming the line of a quote that is never closed.
  std::optional<CsvPart> next();

  /// Rows of all parts, at most: rows are fewer than lines where a cell holds a line's end, or a line is empty.
  std::int64_t most_rows() const { return most_rows_; }
  /// Whether the file is too short to be cut.
  bool is_one() const;

 private:
  struct Stock;
  CsvPart cut_at_line();
  CsvPart cut_at_row();

  std::filesystem::path path_;
  std::int64_t size_ = 0, most_rows_ = 0;
  std::vector<Stock> stocks_;  // by four million bytes
  bool quotes_ = false;
  std::unique_ptr<arrow::Chunker> chunker_;  // of a file with quotes
  std::mutex guard_;
  std::size_t next_ = 0, stock_ = 0;
  std::int64_t begin_ = 0, rows_ = 0, behind_ = 0;  // of the next part, which holds the lines behind a line feed
};

/// The bytes of a file from `begin` on, `bytes` of them or as many as there are.
std::shared_ptr<arrow::Buffer> read_bytes(const std::filesystem::path& path, std::int64_t begin, std::int64_t bytes);

}  // namespace evenface::table
