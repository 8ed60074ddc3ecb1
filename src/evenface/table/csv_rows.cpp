#include "evenface/table/csv_rows.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <optional>

#include <arrow/csv/api.h>
#include <arrow/io/memory.h>
#include <arrow/util/utf8.h>
#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/interrupt.h"
#include "evenface/core/parallel.h"
#include "evenface/table/arrow_status.h"
#include "evenface/table/assembly.h"
#include "evenface/table/csv_parts.h"

namespace evenface::table {
namespace {
namespace fs = std::filesystem;

constexpr const char* kAction = "read as CSV";
constexpr std::int64_t kMostHeaderBytes = 1 << 20;

/// A CSV file and what is wanted of it.
struct CsvFile {
  const fs::path& path;
  const CsvShape& shape;
  const std::vector<ColumnRequest>& columns;
};

/// The rows of one part: the wanted columns as text, and the rows that don't fit, numbered within the part.
struct PartRows {
  std::shared_ptr<arrow::Table> good;
  std::vector<BadRow> bad;
};

/// Throws InputError naming the line of a text that is not UTF-8, if there is one.
void refuse_other_encodings(const fs::path& path, const CsvPart& part) {
  const auto block = read_bytes(path, 0, part.begin + part.bytes);
  const std::string_view all(reinterpret_cast<const char*>(block->data()), static_cast<std::size_t>(block->size()));
  std::int64_t line = 1;
  for (std::size_t begin = 0; begin < all.size(); ++line) {
    const std::size_t end = std::min(all.find('\n', begin), all.size());
    if (!arrow::util::ValidateUTF8(all.substr(begin, end - begin)))
      throw InputError({.file = path.string(),
                        .at = fmt::format("line {}", line),
                        .found = "the text is not UTF-8",
                        .expected = "text in UTF-8",
                        .remedy = "save the file as UTF-8"});
    begin = end + 1;
  }
}

PartRows parse(const CsvFile& file, const CsvPart& part) {
  if (part.bytes >= std::numeric_limits<std::int32_t>::max())
    throw InputError({.file = file.path.string(),
                      .at = {},
                      .found = "a row is longer than two billion bytes",
                      .expected = "rows of some cells",
                      .remedy = "look for a quote that is opened and never closed"});
  auto read = arrow::csv::ReadOptions::Defaults();
  read.use_threads = false;
  read.block_size = static_cast<std::int32_t>(part.bytes + 1);
  if (part.begin > 0 || file.shape.header_rows == 0) read.column_names = file.shape.names;
  PartRows rows;
  auto parse = arrow::csv::ParseOptions::Defaults();
  parse.delimiter = file.shape.separator;
  parse.quoting = parse.newlines_in_values = part.quotes;  // without them lines are found far faster
  parse.invalid_row_handler = [&](const arrow::csv::InvalidRow& row) {
    rows.bad.push_back({row.number, row.expected_columns, row.actual_columns, std::string(row.text)});
    return arrow::csv::InvalidRowResult::Skip;
  };
  auto convert = arrow::csv::ConvertOptions::Defaults();
  convert.strings_can_be_null = false;
  for (const ColumnRequest& column : file.columns) {
    convert.include_columns.push_back(column.name);
    convert.column_types[column.name] = arrow::utf8();
  }
  const auto bytes =
      std::make_shared<arrow::io::BufferReader>(part.text ? part.text : read_bytes(file.path, part.begin, part.bytes));
  const auto reader = checked(
      arrow::csv::TableReader::Make(arrow::io::default_io_context(), bytes, read, parse, convert), file.path, kAction);
  auto table = reader->Read();
  if (!table.ok()) refuse_other_encodings(file.path, part);
  rows.good = checked(std::move(table), file.path, kAction);
  return rows;
}

/// Gives the bad rows to whoever wants them, or refuses the first. `before` are the rows before the part.
void report(const CsvFile& file, std::vector<BadRow> bad, std::int64_t before, const VisitBadRow& on_bad_row) {
  for (BadRow& row : bad) {
    row.number += before;
    if (!on_bad_row)
      throw InputError({.file = file.path.string(),
                        .at = fmt::format("row {}", row.number),
                        .found = fmt::format("the row has {} cell{}: {}", row.found_cells,
                                             row.found_cells == 1 ? "" : "s", row.text.substr(0, 200)),
                        .expected = fmt::format("{} cells{}", row.expected_cells,
                                                file.shape.header_rows > 0 ? ", as in the header" : ""),
                        .remedy = "correct the row, or put quotes around a cell that holds a separator"});
    on_bad_row(row);
  }
}

/// Puts the good rows of a part into the assemblies, from row `first` on.
void put(const CsvFile& file, const arrow::Table& good, std::int64_t first, std::int64_t before,
         std::vector<Assembly>& assembled) {
  for (std::size_t c = 0; c < file.columns.size(); ++c) {
    std::int64_t row = 0;
    for (const auto& chunk : good.GetColumnByName(file.columns[c].name)->chunks()) {
      assembled[c].put(*chunk, first + row, {file.path, before + row});
      row += chunk->length();
    }
  }
}

std::vector<Assembly> assemblies(const CsvFile& file, std::int64_t rows, int threads) {
  std::vector<Assembly> all;
  for (const ColumnRequest& column : file.columns) all.emplace_back(column, *arrow::utf8(), rows, threads);
  return all;
}

Table finished(const CsvFile& file, std::vector<Assembly>& assembled, std::span<const Stretch> stretches, int threads) {
  Table table;
  for (std::size_t c = 0; c < file.columns.size(); ++c)
    table.add(file.columns[c].name, assembled[c].finish(stretches, threads));
  return table;
}

/// Rows before the parts, as far as the parts before them have been read; a header is the first.
class RowCount {
 public:
  explicit RowCount(std::int64_t header_rows) : header_rows_(header_rows) {}

  /// Of a part that isn't the first; the first holds the header itself.
  std::int64_t before() const { return rows_; }
  std::int64_t before_data() const { return std::max(header_rows_, rows_); }
  void add(std::int64_t rows) { rows_ = before_data() + rows; }

 private:
  std::int64_t header_rows_, rows_ = 0;
};

/// Where the rows of a part were put, and those that don't fit.
struct PutRows {
  Stretch good;
  std::vector<BadRow> bad;
};

/// What has become of each part, in their order, whichever thread says so.
class PartsRead {
 public:
  void add(const CsvPart& part, PutRows rows) {
    const std::lock_guard lock(guard_);
    if (parts_.size() <= part.number) parts_.resize(part.number + 1);
    parts_[part.number] = std::move(rows);
  }
  std::vector<PutRows>& all() { return parts_; }

 private:
  std::mutex guard_;
  std::vector<PutRows> parts_;
};

/// All parts. On one thread messages name the right row, on several perhaps another.
Table read_parts(const CsvFile& file, const VisitBadRow& on_bad_row, int threads) {
  CsvParts parts(file.path, file.shape.separator, threads);
  if (parts.is_one()) threads = 1;
  auto assembled = assemblies(file, parts.most_rows(), threads);
  PartsRead done;
  RowCount count(file.shape.header_rows);
  std::atomic<bool> failed = false;
  const auto read_next = [&] {
    const std::optional<CsvPart> part = parts.next();
    if (!part) return false;
    PartRows rows = parse(file, *part);
    put(file, *rows.good, part->first, count.before_data(), assembled);
    if (threads == 1) count.add(rows.good->num_rows() + std::ssize(rows.bad));
    done.add(*part, {{part->first, rows.good->num_rows()}, std::move(rows.bad)});
    return true;
  };
  // The first part usually has all levels: put in order now, they keep their numbers.
  ensure(read_next(), "a file with a first row has a part");
  for (Assembly& assembly : assembled) assembly.settle(done.all().front().good);
  parallel_for(threads, 1, threads, [&](std::int64_t, std::int64_t) {
    try {
      while (!failed && read_next()) throw_if_interrupted();
    } catch (...) {
      failed = true;
      throw;
    }
  });

  std::vector<Stretch> stretches;
  RowCount counted(file.shape.header_rows);
  for (PutRows& rows : done.all()) {
    const std::int64_t n = rows.good.rows + std::ssize(rows.bad);
    report(file, std::move(rows.bad), counted.before(), on_bad_row);
    counted.add(n), stretches.push_back(rows.good);
  }
  return finished(file, assembled, stretches, threads);
}

}  // namespace

std::vector<std::string> read_csv_header(const fs::path& path, char separator) {
  const auto block = read_bytes(path, 0, kMostHeaderBytes);
  std::string text(reinterpret_cast<const char*>(block->data()), static_cast<std::size_t>(block->size()));
  if (text.find('\0') != std::string::npos) CsvParts(path, separator, 1);  // names the line
  bool quoted = false;
  const auto begin = std::ranges::find_if_not(text, [](char c) { return c == '\n' || c == '\r'; });
  const auto end = std::find_if(begin, text.end(), [&](char c) {
    quoted = quoted != (c == '"');
    return !quoted && (c == '\n' || c == '\r');
  });
  text = std::string(begin, end) + (begin == end ? "" : "\n");
  auto read = arrow::csv::ReadOptions::Defaults();
  read.use_threads = false;
  auto parse = arrow::csv::ParseOptions::Defaults();
  parse.delimiter = separator;
  parse.newlines_in_values = true;
  parse.invalid_row_handler = [](const arrow::csv::InvalidRow&) { return arrow::csv::InvalidRowResult::Skip; };
  auto convert = arrow::csv::ConvertOptions::Defaults();
  const auto reader =
      checked(arrow::csv::StreamingReader::Make(
                  arrow::io::default_io_context(),
                  std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(text)), read, parse, convert),
              path, kAction);
  return reader->schema()->field_names();
}

Table read_csv(const fs::path& path, const CsvShape& shape, const std::vector<ColumnRequest>& columns,
               const VisitBadRow& on_bad_row, int threads) {
  const CsvFile file{path, shape, columns};
  try {
    return read_parts(file, on_bad_row, threads);
  } catch (const InputError&) {
    if (threads == 1) throw;
  }
  return read_parts(file, on_bad_row, 1);  // to name the row
}

void scan_csv(const fs::path& path, const CsvShape& shape, const std::vector<ColumnRequest>& columns,
              const VisitBadRow& on_bad_row, const std::function<void(const Table&)>& visit) {
  const CsvFile file{path, shape, columns};
  RowCount count(file.shape.header_rows);
  CsvParts parts(path, shape.separator, 1);
  while (const std::optional<CsvPart> part = parts.next()) {
    PartRows rows = parse(file, *part);
    const Stretch stretch{0, rows.good->num_rows()};
    const std::int64_t all = stretch.rows + std::ssize(rows.bad);
    report(file, std::move(rows.bad), count.before(), on_bad_row);
    auto assembled = assemblies(file, stretch.rows, 1);
    put(file, *rows.good, 0, count.before_data(), assembled);
    count.add(all);
    visit(finished(file, assembled, std::span(&stretch, 1), 1));
  }
}

}  // namespace evenface::table
