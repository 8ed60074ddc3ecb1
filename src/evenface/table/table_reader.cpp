#include <algorithm>

#include <arrow/api.h>
#include <arrow/csv/api.h>
#include <arrow/io/file.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/table/arrow_columns.h"
#include "evenface/table/parquet_metadata.h"
#include "evenface/table/table.h"

namespace evenface::table {

/// What is known after opening: everything but the rows.
struct TableReader::State {
  std::filesystem::path path;
  bool csv = false;
  char separator = ',';
  std::shared_ptr<arrow::Schema> schema;
  std::map<std::string, std::string> metadata;
  std::map<std::string, std::vector<std::string>> levels;
};

namespace {

using VisitBatch = std::function<void(const std::vector<std::shared_ptr<arrow::ChunkedArray>>&, std::int64_t)>;

std::shared_ptr<arrow::csv::StreamingReader> open_csv(const std::filesystem::path& path, char separator,
                                                      const std::vector<std::string>& columns,
                                                      const arrow::csv::InvalidRowHandler& on_invalid) {
  auto read = arrow::csv::ReadOptions::Defaults();
  read.use_threads = false;
  read.block_size = 8 << 20;
  auto parse = arrow::csv::ParseOptions::Defaults();
  parse.delimiter = separator;
  parse.newlines_in_values = true;
  parse.invalid_row_handler = on_invalid;
  auto convert = arrow::csv::ConvertOptions::Defaults();
  convert.include_columns = columns;
  convert.strings_can_be_null = false;
  for (const std::string& name : columns) convert.column_types[name] = arrow::utf8();
  const auto stream = checked(arrow::io::ReadableFile::Open(path.string()), path, "read");
  return checked(arrow::csv::StreamingReader::Make(arrow::io::default_io_context(), stream, read, parse, convert), path,
                 "read as CSV");
}

void check_separator(const arrow::Schema& schema, const std::filesystem::path& path, char separator) {
  if (schema.num_fields() != 1) return;
  const std::string& header = schema.field(0)->name();
  const std::size_t other = header.find_first_of(";\t|,");
  if (other == std::string::npos) return;
  const std::string seen = header[other] == '\t' ? "a tab" : fmt::format("\"{}\"", header[other]);
  throw InputError(
      {.file = path.string(),
       .at = "row 1",
       .found = fmt::format("one column, whose name holds {}: the columns seem to be separated by {}", seen, seen),
       .expected = separator == '\t' ? "columns separated by tabs" : "columns separated by commas",
       .remedy = header[other] == '\t' ? "rename the file to end in .tsv" : "export it again with commas"});
}

void check_distinct(const arrow::Schema& schema, const std::filesystem::path& path) {
  std::set<std::string> seen;
  for (const auto& field : schema.fields())
    if (!seen.insert(field->name()).second)
      throw InputError({.file = path.string(),
                        .at = "row 1",
                        .found = fmt::format("two columns are called \"{}\"", field->name()),
                        .expected = "different names",
                        .remedy = "rename one of them"});
}

std::unique_ptr<parquet::arrow::FileReader> open_parquet(const std::filesystem::path& path) {
  const auto file = checked(arrow::io::ReadableFile::Open(path.string()), path, "read");
  parquet::arrow::FileReaderBuilder builder;
  check(builder.Open(file), path, "read as Parquet");
  std::unique_ptr<parquet::arrow::FileReader> reader;
  check(builder.Build(&reader), path, "read as Parquet");
  return reader;
}

void add_leaves(const parquet::arrow::SchemaField& field, std::vector<int>& leaves) {
  if (field.is_leaf()) leaves.push_back(field.column_index);
  for (const auto& child : field.children) add_leaves(child, leaves);
}

arrow::csv::InvalidRowResult skip_row(const arrow::csv::InvalidRow&) { return arrow::csv::InvalidRowResult::Skip; }

arrow::csv::InvalidRowHandler handler_of(const VisitBadRow& visit) {
  if (!visit) return {};
  return [visit](const arrow::csv::InvalidRow& row) {
    visit({row.number, row.expected_columns, row.actual_columns, std::string(row.text)});
    return arrow::csv::InvalidRowResult::Skip;
  };
}

/// Messages count rows as a spreadsheet does: the header of a CSV file is row 1.
constexpr std::int64_t kHeaderRows = 1;

void scan_csv(const std::filesystem::path& path, char separator, const std::vector<std::string>& names,
              const arrow::csv::InvalidRowHandler& on_invalid, const VisitBatch& visit) {
  const auto reader = open_csv(path, separator, names, on_invalid);
  std::int64_t row = kHeaderRows;
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    check(reader->ReadNext(&batch), path, "read as CSV");
    if (!batch) return;
    std::vector<std::shared_ptr<arrow::ChunkedArray>> columns;
    for (const std::string& name : names)
      columns.push_back(std::make_shared<arrow::ChunkedArray>(batch->GetColumnByName(name)));
    visit(columns, row);
    row += batch->num_rows();
  }
}

void scan_parquet(const std::filesystem::path& path, const arrow::Schema& schema, const std::vector<std::string>& names,
                  const VisitBatch& visit) {
  const auto reader = open_parquet(path);
  std::vector<int> leaves;
  for (const std::string& name : names)
    add_leaves(reader->manifest().schema_fields[static_cast<std::size_t>(schema.GetFieldIndex(name))], leaves);
  std::ranges::sort(leaves);
  std::int64_t row = 0;
  for (int group = 0; group < reader->num_row_groups(); ++group) {
    const auto table = checked(reader->ReadRowGroup(group, leaves), path, "read as Parquet");
    std::vector<std::shared_ptr<arrow::ChunkedArray>> columns;
    for (const std::string& name : names) columns.push_back(table->GetColumnByName(name));
    visit(columns, row);
    row += table->num_rows();
  }
}

/// Adds a batch's column to the whole one.
struct Append {
  void operator()(Factor& a, Factor&& b) const { a.codes.insert(a.codes.end(), b.codes.begin(), b.codes.end()); }
  void operator()(Vectors& a, Vectors&& b) const {
    if (a.width == 0) a.width = b.width;
    ensure(b.values.empty() || a.width == b.width, "vectors of one column have one width");
    a.values.insert(a.values.end(), b.values.begin(), b.values.end());
  }
  template <class T>
  void operator()(std::vector<T>& a, std::vector<T>&& b) const {
    a.insert(a.end(), std::make_move_iterator(b.begin()), std::make_move_iterator(b.end()));
  }
  template <class A, class B>
  void operator()(A&, B&&) const {
    ensure(false, "batches of one column are of one kind");
  }
};

Column empty_column(const arrow::DataType& type, const ColumnRequest& request, const std::filesystem::path& path) {
  const auto array = arrow::MakeEmptyArray(type.GetSharedPtr()).ValueOrDie();
  return column_from(arrow::ChunkedArray(array), request, {path, 0});
}

}  // namespace

TableReader::TableReader(std::shared_ptr<const State> state) : state_(std::move(state)) {}

TableReader TableReader::open(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) throw_file_error(path, "read", ENOENT);
  auto state = std::make_shared<State>();
  state->path = path;
  const std::string ending = path.extension().string();
  if (ending == ".csv" || ending == ".tsv") {
    state->csv = true;
    state->separator = ending == ".tsv" ? '\t' : ',';
    state->schema = open_csv(path, state->separator, {}, skip_row)->schema();
    check_separator(*state->schema, path, state->separator);
  } else if (ending == ".parquet") {
    const auto reader = open_parquet(path);
    check(reader->GetSchema(&state->schema), path, "read as Parquet");
    if (const auto pairs = reader->parquet_reader()->metadata()->key_value_metadata())
      for (std::int64_t i = 0; i < pairs->size(); ++i) state->metadata[pairs->key(i)] = pairs->value(i);
    if (state->metadata.contains(kLevelsKey))
      state->levels = nlohmann::json::parse(state->metadata[kLevelsKey]).get<decltype(state->levels)>();
  } else {
    throw InputError({.file = path.string(),
                      .at = {},
                      .found = fmt::format("\"{}\" is no table that can be read", ending),
                      .expected = ".csv, .tsv or .parquet",
                      .remedy = "convert the file, or correct its ending"});
  }
  check_distinct(*state->schema, path);
  return TableReader(std::move(state));
}

const std::filesystem::path& TableReader::path() const { return state_->path; }
std::vector<std::string> TableReader::names() const { return state_->schema->field_names(); }
bool TableReader::has(const std::string& name) const { return state_->schema->GetFieldIndex(name) >= 0; }
std::int64_t TableReader::first_row() const { return 1 + (state_->csv ? kHeaderRows : 0); }
const std::map<std::string, std::string>& TableReader::metadata() const { return state_->metadata; }

void TableReader::scan(const std::vector<ColumnRequest>& columns, const std::function<void(const Table&)>& visit,
                       const VisitBadRow& on_bad_row) const {
  const State& s = *state_;
  std::vector<std::string> names;
  std::vector<ColumnRequest> wanted = columns;
  for (ColumnRequest& c : wanted) {
    if (!has(c.name))
      throw InputError({.file = s.path.string(),
                        .at = "column " + c.name,
                        .found = "there is no such column",
                        .expected = fmt::format("one of {}", fmt::join(this->names(), ", ")),
                        .remedy = "name one of these, or add the column"});
    if (c.levels.empty() && s.levels.contains(c.name)) c.levels = s.levels.at(c.name);
    names.push_back(c.name);
  }
  const auto batches = [&](const std::vector<std::string>& some, const arrow::csv::InvalidRowHandler& on_invalid,
                           const VisitBatch& each) {
    if (s.csv) scan_csv(s.path, s.separator, some, on_invalid, each);
    else scan_parquet(s.path, *s.schema, some, each);
  };

  // A factor needs its levels before the first batch: one pass over those columns finds them.
  std::vector<std::string> open_names;
  std::vector<std::size_t> open_at;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i].levels.empty() && is_factor(*s.schema->GetFieldByName(names[i])->type(), wanted[i]))
      open_names.push_back(names[i]), open_at.push_back(i);
  if (!open_names.empty()) {
    std::vector<std::set<std::string>> found(open_names.size());
    batches(open_names, on_bad_row ? skip_row : arrow::csv::InvalidRowHandler(),
            [&](const auto& arrays, std::int64_t row) {
              for (std::size_t i = 0; i < arrays.size(); ++i) collect_levels(*arrays[i], {s.path, row}, found[i]);
            });
    for (std::size_t i = 0; i < found.size(); ++i) wanted[open_at[i]].levels.assign(found[i].begin(), found[i].end());
  }

  batches(names, handler_of(on_bad_row), [&](const auto& arrays, std::int64_t row) {
    Table batch;
    for (std::size_t i = 0; i < arrays.size(); ++i)
      batch.add(names[i], column_from(*arrays[i], wanted[i], {s.path, row}));
    visit(batch);
  });
}

Table TableReader::read(const std::vector<ColumnRequest>& columns, const VisitBadRow& on_bad_row) const {
  std::vector<Column> whole;
  const auto append = [&](const Table& batch) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      Column part = batch.column(columns[i].name);
      if (whole.size() <= i) whole.push_back(std::move(part));
      else std::visit(Append{}, whole[i], std::move(part));
    }
  };
  scan(columns, append, on_bad_row);
  Table table;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string& name = columns[i].name;
    table.add(name, i < whole.size() ? std::move(whole[i])
                                     : empty_column(*state_->schema->GetFieldByName(name)->type(), columns[i], path()));
  }
  return table;
}

}  // namespace evenface::table
