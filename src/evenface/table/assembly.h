#pragma once
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>

#include <arrow/api.h>

#include "evenface/table/levels.h"
#include "evenface/table/table.h"

// A column put together from parts. Private to `table`.
namespace evenface::table {

/// Where a part stands, for messages.
struct Place {
  const std::filesystem::path& path;
  std::int64_t first_row;  ///< rows before it in the file, a CSV header among them
};

/// Rows [first, first + rows) of a column under assembly.
struct Stretch {
  std::int64_t first, rows;
};

/// The words of a dictionary, and the levels that those of them which rows use have become.
struct Words {
  explicit Words(std::vector<std::string> all);

  static constexpr std::int32_t kNotYet = -2;
  std::vector<std::string> words;
  std::vector<std::int32_t> levels;  ///< of a missing value, then of each word
  std::size_t not_yet = 0;           ///< words that have no level yet
};

/// True when the column would be read as a factor: asked for, or stored as one.
bool is_factor(const arrow::DataType& type, const ColumnRequest& request);

/// A column of the kind that was asked for, whose parts come as Arrow arrays in any order and from several
/// threads at once, each for rows of its own.
class Assembly {
 public:
  /// `rows` is the most that all parts hold together; `threads` threads fetch their memory.
  Assembly(ColumnRequest request, const arrow::DataType& type, std::int64_t rows, int threads);

  /// Throws InputError naming the row of a cell that is not what was asked for.
  void put(const arrow::Array& part, std::int64_t first, const Place& place);

  /// The same of a factor's rows as places in `words`, or -1 where missing.
  void put_codes(Words& words, std::span<const std::int32_t> codes, std::int64_t first, const Place& place);

  /// The same of texts whose keys were asked for.
  void put_keys(std::span<const std::string_view> texts, std::int64_t first);

  /// Sorts the levels that were found so far; only rows of `stretch` may have been put. Worth doing after the
  /// first part: if it has all levels, no code need change again.
  void settle(Stretch stretch);

  /// Throws InputError where all rows of a column of vectors, of a file at `path`, are null: their length is not known.
  void require_sized(const std::filesystem::path& path) const;

  /// The column of these stretches, one after another; the assembly is empty afterwards.
  Column finish(std::span<const Stretch> stretches, int threads);

 private:
  void put_factor(const arrow::Array& part, std::int64_t first, const Place& place);
  void put_keys(const arrow::Array& part, std::int64_t first, const Place& place);
  void put_texts(const arrow::Array& part, std::int64_t first, const Place& place);
  template <class T>
  void put_numbers(const arrow::Array& part, std::vector<T>& values, std::int64_t first, const Place& place);
  void put_vectors(const arrow::Array& part, std::int64_t first, const Place& place);
  std::int32_t level_of(std::string_view text, std::int64_t row, const Place& place);

  ColumnRequest request_;
  std::int64_t rows_;
  Column column_;
  std::unique_ptr<Levels> levels_;                                              // of a factor
  std::unique_ptr<std::once_flag> sized_ = std::make_unique<std::once_flag>();  // of vectors, by the first one
};

}  // namespace evenface::table
