#include <algorithm>
#include <set>

#include <arrow/api.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/table/assembly.h"
#include "evenface/table/csv_rows.h"
#include "evenface/table/parquet_metadata.h"
#include "evenface/table/parquet_rows.h"
#include "evenface/table/table.h"

namespace evenface::table {

/// What is known after opening: everything but the rows.
struct TableReader::State {
  std::filesystem::path path;
  bool csv = false;
  CsvShape shape;
  std::shared_ptr<arrow::Schema> schema;  ///< of a CSV file: text throughout
  std::map<std::string, std::string> metadata;
  std::map<std::string, std::vector<std::string>> levels;

  /// Throws InputError when a column is missing.
  std::vector<ColumnRequest> with_known_levels(std::vector<ColumnRequest> columns) const {
    for (ColumnRequest& c : columns) {
      if (schema->GetFieldIndex(c.name) < 0)
        throw InputError({.file = path.string(),
                          .at = "column " + c.name,
                          .found = "there is no such column",
                          .expected = fmt::format("one of {}", fmt::join(schema->field_names(), ", ")),
                          .remedy = "name one of these, or add the column"});
      if (c.levels.empty() && levels.contains(c.name)) c.levels = levels.at(c.name);
    }
    return columns;
  }
};

namespace {

std::shared_ptr<arrow::Schema> text_schema(const std::vector<std::string>& names) {
  arrow::FieldVector fields;
  for (const std::string& name : names) fields.push_back(arrow::field(name, arrow::utf8()));
  return arrow::schema(fields);
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

}  // namespace

TableReader::TableReader(std::shared_ptr<const State> state) : state_(std::move(state)) {}

TableReader TableReader::open(const std::filesystem::path& path, const std::vector<std::string>& names) {
  if (!std::filesystem::exists(path)) throw_file_error(path, "read", ENOENT);
  auto state = std::make_shared<State>();
  state->path = path;
  const std::string ending = path.extension().string();
  if (ending == ".csv" || ending == ".tsv") {
    state->csv = true;
    CsvShape& shape = state->shape;
    shape.separator = ending == ".tsv" ? '\t' : ',';
    shape.names = read_csv_header(path, shape.separator);
    if (!names.empty()) shape.names = names, shape.header_rows = 0;
    state->schema = text_schema(shape.names);
    check_separator(*state->schema, path, shape.separator);
  } else if (ending == ".parquet") {
    auto [schema, metadata] = read_parquet_head(path);
    state->schema = std::move(schema), state->metadata = std::move(metadata);
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
std::int64_t TableReader::first_row() const { return 1 + (state_->csv ? state_->shape.header_rows : 0); }
const std::map<std::string, std::string>& TableReader::metadata() const { return state_->metadata; }

bool TableReader::holds_vectors(const std::string& name) const {
  const auto field = state_->schema->GetFieldByName(name);
  if (!field) return false;
  const arrow::Type::type id = field->type()->id();
  return id == arrow::Type::FIXED_SIZE_LIST || id == arrow::Type::LIST || id == arrow::Type::LARGE_LIST;
}

Table TableReader::read(const std::vector<ColumnRequest>& columns, const VisitBadRow& on_bad_row, int threads) const {
  const State& s = *state_;
  const std::vector<ColumnRequest> wanted = s.with_known_levels(columns);
  if (s.csv) return read_csv(s.path, s.shape, wanted, on_bad_row, threads);
  return read_parquet(s.path, *s.schema, wanted, threads);
}

void TableReader::scan(const std::vector<ColumnRequest>& columns, const std::function<void(const Table&)>& visit,
                       const VisitBadRow& on_bad_row) const {
  const State& s = *state_;
  std::vector<ColumnRequest> wanted = s.with_known_levels(columns);
  // A factor needs its levels before the first batch: reading those columns first finds them.
  std::vector<ColumnRequest> open;
  for (const ColumnRequest& c : wanted)
    if (c.levels.empty() && is_factor(*s.schema->GetFieldByName(c.name)->type(), c)) open.push_back(c);
  if (!open.empty()) {
    const Table found = read(open, on_bad_row ? [](const BadRow&) {} : VisitBadRow());
    for (ColumnRequest& c : wanted)
      if (found.has(c.name)) c.levels = found.factor(c.name).levels;
  }
  if (s.csv) scan_csv(s.path, s.shape, wanted, on_bad_row, visit);
  else scan_parquet(s.path, *s.schema, wanted, visit);
}

}  // namespace evenface::table
