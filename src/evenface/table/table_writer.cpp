#include <arrow/api.h>
#include <arrow/io/file.h>
#include <nlohmann/json.hpp>
#include <parquet/arrow/writer.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/table/arrow_columns.h"
#include "evenface/table/arrow_status.h"
#include "evenface/table/parquet_metadata.h"
#include "evenface/table/table.h"

namespace evenface::table {

struct TableWriter::State {
  State(std::filesystem::path to, std::map<std::string, std::string> pairs)
      : path(std::move(to)), metadata(std::move(pairs)) {}

  std::filesystem::path path;
  std::map<std::string, std::string> metadata;
  AtomicFile file{path};
  std::shared_ptr<arrow::io::FileOutputStream> stream;
  std::shared_ptr<arrow::Schema> schema;
  std::unique_ptr<parquet::arrow::FileWriter> writer;
  nlohmann::json levels = nlohmann::json::object();
};

namespace {

std::shared_ptr<arrow::RecordBatch> batch_of(const Table& rows,
                                             const std::shared_ptr<const arrow::KeyValueMetadata>& m) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const std::string& name : rows.names()) {
    arrays.push_back(array_from(rows.column(name)));
    fields.push_back(arrow::field(name, arrays.back()->type()));
  }
  return arrow::RecordBatch::Make(arrow::schema(fields, m), rows.rows(), arrays);
}

nlohmann::json levels_of(const Table& rows) {
  nlohmann::json levels = nlohmann::json::object();
  for (const std::string& name : rows.names())
    if (const auto* f = std::get_if<Factor>(&rows.column(name))) levels[name] = f->levels;
  return levels;
}

}  // namespace

TableWriter::TableWriter(std::filesystem::path path, std::map<std::string, std::string> metadata) {
  if (path.has_parent_path()) make_folder(path.parent_path());
  state_ = std::make_unique<State>(std::move(path), std::move(metadata));
}

TableWriter::~TableWriter() = default;

void TableWriter::append(const Table& rows) {
  State& s = *state_;
  const nlohmann::json levels = levels_of(rows);
  if (!s.writer) {
    s.levels = levels;
    auto pairs = std::make_shared<arrow::KeyValueMetadata>();
    for (const auto& [key, value] : s.metadata) pairs->Append(key, value);
    pairs->Append(kLevelsKey, levels.dump());
    s.stream = checked(arrow::io::FileOutputStream::Open(s.file.partial().string()), s.path, "write");
    const auto properties = parquet::WriterProperties::Builder()
                                .compression(parquet::Compression::ZSTD)
                                ->max_row_group_length(kRowGroupRows)
                                ->build();
    const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    s.schema = batch_of(rows, pairs)->schema();
    s.writer = checked(parquet::arrow::FileWriter::Open(*s.schema, arrow::default_memory_pool(), s.stream, properties,
                                                        arrow_properties),
                       s.path, "write");
  }
  ensure(levels == s.levels, "every batch of a table has the same factors with the same levels");
  const auto batch = batch_of(rows, s.schema->metadata());
  ensure(batch->schema()->Equals(*s.schema), "every batch of a table has the same columns");
  check(s.writer->WriteRecordBatch(*batch), s.path, "write");
}

void TableWriter::commit() {
  State& s = *state_;
  ensure(s.writer != nullptr, "a table has at least one batch, which may be empty");
  check(s.writer->Close(), s.path, "write");
  check(s.stream->Close(), s.path, "write");
  s.file.commit();
}

}  // namespace evenface::table
