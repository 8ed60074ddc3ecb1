#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "evenface/table/factor.h"

namespace evenface::table {

/// Texts that mean a missing value, beside the empty one.
std::vector<std::string> missing_texts();

/// One vector of `width` reals per row, row after row (rows x width); NaN in a row that has none.
struct Vectors {
  std::int64_t width = 0;
  std::vector<float> values;
};

/// One text per row as two hashes of it, for joining rows by id without holding the texts. Texts that agree
/// in both are taken as equal (128 bits); in the key alone they may differ.
struct Keys {
  std::vector<std::uint64_t> keys;    ///< key_of(text)
  std::vector<std::uint64_t> checks;  ///< check_key_of(text)
};

/// One text per row, with `missing` marked apart from the empty text only in files.
using Texts = std::vector<std::string>;
using Column = std::variant<Texts, Factor, std::vector<std::int64_t>, std::vector<double>, Vectors, Keys>;

/// Named columns of equal length, in memory: a whole small table or one batch of a large one.
class Table {
 public:
  /// Adds a column. Throws InternalError when its length differs from the others.
  void add(std::string name, Column column);

  std::int64_t rows() const { return rows_; }
  const std::vector<std::string>& names() const { return names_; }
  bool has(const std::string& name) const { return columns_.contains(name); }

  /// The column as the asked type. Throws InputError naming the column, what it
  /// is and what was expected. A missing integer is an InputError, a missing real NaN.
  const Texts& texts(const std::string& name) const;
  const Factor& factor(const std::string& name) const;
  const std::vector<std::int64_t>& integers(const std::string& name) const;
  const std::vector<double>& reals(const std::string& name) const;
  const Vectors& vectors(const std::string& name) const;
  const Keys& keys(const std::string& name) const;
  const Column& column(const std::string& name) const;
  /// Hands the column over; the table is without it afterwards.
  Column release(const std::string& name);

 private:
  std::int64_t rows_ = 0;
  std::vector<std::string> names_;
  std::map<std::string, Column> columns_;
};

/// How a column shall be read. Categories may be wanted as a Factor or as plain
/// text, numbers as text ("1") or as the key of that text; the cells of a CSV file are text as stored.
struct ColumnRequest {
  std::string name;
  enum class As { kStored, kText, kFactor, kInteger, kReal, kKey } as = As::kStored;
  std::vector<std::string> levels = {};  ///< for kFactor: the allowed levels, in order; empty: as found
  std::size_t most_levels = 0;           ///< for kFactor: more are an InputError that asks for the ids' column; 0: any
};

/// A row of a CSV file that has too few or too many cells.
struct BadRow {
  std::int64_t number = 0;  ///< as a spreadsheet counts: a header is row 1
  std::int64_t expected_cells = 0, found_cells = 0;
  std::string text;
};
using VisitBadRow = std::function<void(const BadRow&)>;

/// A Parquet or CSV file (by its ending; .csv, .tsv, .parquet), read in batches.
/// Columns are found by name. Factor levels come from the file's metadata or,
/// without it, from the data, sorted.
class TableReader {
 public:
  /// `names` are those of the columns of a CSV file without a header. Throws InputError when the file is
  /// missing, no table, or (CSV) has a single column whose header holds another separator.
  static TableReader open(const std::filesystem::path& path, const std::vector<std::string>& names = {});

  const std::filesystem::path& path() const;
  std::vector<std::string> names() const;
  bool has(const std::string& name) const;
  /// Whether the column holds a vector of numbers in each row.
  bool holds_vectors(const std::string& name) const;
  /// What messages call the first row of data: 2 in a CSV file whose header is row 1, else 1.
  std::int64_t first_row() const;
  /// The file's own key-value metadata (Parquet); empty for CSV.
  const std::map<std::string, std::string>& metadata() const;

  /// Whole columns, read on `threads` threads; the result does not depend on their number. Throws InputError
  /// that lists the columns there are when one is missing. Bad rows are given to `on_bad_row`, in order, and
  /// left out; without it the first is an InputError.
  Table read(const std::vector<ColumnRequest>& columns, const VisitBadRow& on_bad_row = {}, int threads = 1) const;

  /// Calls `visit` with consecutive batches (row groups) of the columns; memory stays bounded.
  /// Factor levels are the same in every batch.
  void scan(const std::vector<ColumnRequest>& columns, const std::function<void(const Table&)>& visit,
            const VisitBadRow& on_bad_row = {}) const;

 private:
  struct State;
  explicit TableReader(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

/// Writes a Parquet file in row groups; the file appears whole or not at all.
class TableWriter {
 public:
  /// `metadata` is stored in the file beside the level order of each factor column.
  explicit TableWriter(std::filesystem::path path, std::map<std::string, std::string> metadata = {});
  ~TableWriter();
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;

  /// Adds the rows as row groups. The first call fixes the columns, their types and levels.
  void append(const Table& rows);
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Writes a CSV file (RFC 4180) whole or not at all; factors as their levels, missing as empty.
void write_csv(const std::filesystem::path& path, const Table& table);

}  // namespace evenface::table
