#include "evenface/table/parquet_rows.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <span>

#include <arrow/io/file.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/column_reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>

#include "evenface/core/error.h"
#include "evenface/core/parallel.h"
#include "evenface/table/arrow_status.h"
#include "evenface/table/assembly.h"

namespace evenface::table {
namespace {
namespace fs = std::filesystem;
using parquet::arrow::FileReader;

constexpr const char* kAction = "read as Parquet";
/// Rows that are decoded at a time: they stay in the processor's cache.
constexpr std::int64_t kBatchRows = 1 << 16;
constexpr std::int64_t kBufferBytes = 1 << 20;

std::unique_ptr<FileReader> open_parquet(const fs::path& path, const std::vector<int>& dictionaries = {},
                                         std::shared_ptr<parquet::FileMetaData> metadata = nullptr) {
  const auto file = checked(arrow::io::ReadableFile::Open(path.string()), path, "read");
  // Columns are read in small pieces, so that memory doesn't grow with the size of row groups.
  auto raw = parquet::default_reader_properties();
  raw.enable_buffered_stream(), raw.set_buffer_size(kBufferBytes);
  auto properties = parquet::default_arrow_reader_properties();
  properties.set_use_threads(false), properties.set_pre_buffer(false), properties.set_batch_size(kBatchRows);
  for (const int leaf : dictionaries) properties.set_read_dictionary(leaf, true);
  parquet::arrow::FileReaderBuilder builder;
  check(builder.Open(file, raw, std::move(metadata)), path, kAction);
  builder.properties(properties);
  std::unique_ptr<FileReader> reader;
  check(builder.Build(&reader), path, kAction);
  return reader;
}

void add_leaves(const parquet::arrow::SchemaField& field, std::vector<int>& leaves) {
  if (field.is_leaf()) leaves.push_back(field.column_index);
  for (const auto& child : field.children) add_leaves(child, leaves);
}

/// What `act` gives; Parquet's own exceptions become an InputError that names the file.
template <class Act>
auto or_refuse(const fs::path& path, Act act) {
  try {
    return act();
  } catch (const parquet::ParquetException& e) {
    check(arrow::Status::IOError(e.what()), path, kAction);
    throw;
  }
}

bool is_text(const arrow::DataType& type) {
  if (type.id() != arrow::Type::DICTIONARY) return arrow::is_base_binary_like(type.id());
  return is_text(*static_cast<const arrow::DictionaryType&>(type).value_type());
}

std::vector<std::string> words_in(std::span<const parquet::ByteArray> dictionary) {
  std::vector<std::string> words;
  for (const parquet::ByteArray& word : dictionary) words.emplace_back(std::string_view(word));
  return words;
}

void require_places(std::span<const std::int32_t> places, std::int32_t size) {
  std::uint32_t last = 0;
  for (const std::int32_t place : places) last = std::max(last, static_cast<std::uint32_t>(place));
  if (!places.empty() && last >= static_cast<std::uint32_t>(size))
    throw parquet::ParquetException("a place behind the end of a dictionary");
}

/// Moves the first `read` places to the rows that have a value; the others are -1.
void spread(std::span<std::int32_t> places, const std::vector<std::int16_t>& levels, std::int16_t present,
            std::int64_t read) {
  if (std::ranges::count(std::span(levels).first(places.size()), present) != read)
    throw parquet::ParquetException("more or fewer values than rows that have one");
  for (std::size_t row = places.size(); row-- > 0;)
    places[row] = levels[row] == present ? places[static_cast<std::size_t>(--read)] : -1;
}

/// The wanted columns of an open file, and readers of it for as many threads as ask.
class ParquetFile {
 public:
  ParquetFile(const fs::path& path, const arrow::Schema& schema, const std::vector<ColumnRequest>& columns)
      : path_(path) {
    or_refuse(path, [&] { describe(schema, columns); });
  }

  const std::vector<Stretch>& groups() const { return groups_; }
  std::int64_t rows() const { return groups_.empty() ? 0 : groups_.back().first + groups_.back().rows; }

  /// Puts one column of one row group into the assembly, from row `first` on.
  void read(std::size_t group, std::size_t column, std::int64_t first, Assembly& assembly) {
    auto reader = borrow();
    const auto rows = or_refuse(path_, [&] {
      std::optional<std::int64_t> read;
      if (keys_of_text_[column]) read = read_keys(*reader, group, column, first, assembly);
      if (factors_of_text_[column]) read = read_codes(*reader, group, column, first, assembly);
      return read ? *read : read_arrays(*reader, group, column, first, assembly);
    });
    if (rows != groups_[group].rows) refuse_rows(group);
    give_back(std::move(reader));
  }

 private:
  /// Where row groups and columns are, and how columns are read.
  void describe(const arrow::Schema& schema, const std::vector<ColumnRequest>& columns) {
    const auto first = open_parquet(path_);
    metadata_ = first->parquet_reader()->metadata();
    std::int64_t row = 0;
    for (int g = 0; g < first->num_row_groups(); ++g) {
      groups_.push_back({row, metadata_->RowGroup(g)->num_rows()});
      row += groups_.back().rows;
    }
    for (const ColumnRequest& c : columns) {
      const auto& field = first->manifest().schema_fields[static_cast<std::size_t>(schema.GetFieldIndex(c.name))];
      add_leaves(field, leaves_.emplace_back());
      const bool text = field.is_leaf() &&
                        metadata_->schema()->Column(field.column_index)->physical_type() == parquet::Type::BYTE_ARRAY;
      const bool factor = text && is_factor(*field.field->type(), c);
      if (factor) dictionaries_.push_back(field.column_index);
      factors_of_text_.push_back(factor && is_text(*field.field->type()));
      keys_of_text_.push_back(text && c.as == ColumnRequest::As::kKey &&
                              arrow::is_base_binary_like(field.field->type()->id()));
    }
    require_rows();
  }

  [[noreturn]] void refuse_rows(std::size_t group) const {
    throw InputError({.file = path_.string(),
                      .at = "row group " + std::to_string(group + 1),
                      .found = "a column has more or fewer rows than the file says",
                      .expected = std::to_string(groups_[group].rows) + " rows",
                      .remedy = "write the file again"});
  }

  /// Before memory is taken for as many rows as a broken file says.
  void require_rows() const {
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const auto group = metadata_->RowGroup(static_cast<int>(g));
      for (const auto& leaves : leaves_)
        for (const int leaf : leaves) {
          const std::int64_t values = group->ColumnChunk(leaf)->num_values(), rows = groups_[g].rows;
          const bool is_flat = metadata_->schema()->Column(leaf)->max_repetition_level() == 0;
          if (rows < 0 || (is_flat ? values != rows : values < rows)) refuse_rows(g);
        }
    }
  }

  /// Gives the rows that were read, or more than the file says, as does read_keys.
  std::int64_t read_arrays(FileReader& reader, std::size_t group, std::size_t column, std::int64_t first,
                           Assembly& assembly) const {
    const Stretch rows = groups_[group];
    const auto batches =
        checked(reader.GetRecordBatchReader({static_cast<int>(group)}, leaves_[column]), path_, kAction);
    std::int64_t row = 0;
    for (;;) {
      std::shared_ptr<arrow::RecordBatch> batch;
      check(batches->ReadNext(&batch), path_, kAction);
      if (!batch) return row;
      if (row + batch->num_rows() > rows.rows) return row + batch->num_rows();
      assembly.put(*batch->column(0), first + row, {path_, rows.first + row});
      row += batch->num_rows();
    }
  }

  /// Places in the dictionary by which a column chunk is coded, without an array of them; nothing where some of its
  /// pages are not.
  std::optional<std::int64_t> read_codes(FileReader& reader, std::size_t group, std::size_t column, std::int64_t first,
                                         Assembly& assembly) const {
    constexpr std::size_t kRows = 1 << 14;
    const Stretch stretch = groups_[group];
    std::vector<std::int16_t> levels(kRows);
    std::vector<std::int32_t> codes(kRows);
    std::optional<Words> words;
    std::int64_t row = 0;
    const auto any = reader.parquet_reader()
                         ->RowGroup(static_cast<int>(group))
                         ->ColumnWithExposeEncoding(leaves_[column].front(), parquet::ExposedEncoding::DICTIONARY);
    if (any->GetExposedEncoding() != parquet::ExposedEncoding::DICTIONARY) return std::nullopt;
    auto& cells = dynamic_cast<parquet::ByteArrayReader&>(*any);
    while (cells.HasNext()) {
      std::int64_t read = 0;
      const parquet::ByteArray* dictionary = nullptr;
      std::int32_t size = 0;
      const std::int64_t rows =
          cells.ReadBatchWithDictionary(kRows, levels.data(), nullptr, codes.data(), &read, &dictionary, &size);
      if (rows == 0 || row + rows > stretch.rows) return row + rows;
      if (!words) words.emplace(words_in(std::span(dictionary, static_cast<std::size_t>(size))));
      const auto places = std::span(codes).first(static_cast<std::size_t>(rows));
      require_places(places.first(static_cast<std::size_t>(read)), size);
      if (read < rows) spread(places, levels, cells.descr()->max_definition_level(), read);
      assembly.put_codes(*words, places, first + row, {path_, stretch.first + row});
      row += rows;
    }
    return row;
  }

  /// Texts whose keys alone are wanted are hashed where they were decoded, without an array of them.
  std::int64_t read_keys(FileReader& reader, std::size_t group, std::size_t column, std::int64_t first,
                         Assembly& assembly) const {
    constexpr std::size_t kTexts = 1 << 12;
    std::vector<std::int16_t> levels(kTexts);
    std::vector<parquet::ByteArray> values(kTexts);
    std::vector<std::string_view> texts(kTexts);
    std::int64_t row = 0;
    const auto any = reader.parquet_reader()->RowGroup(static_cast<int>(group))->Column(leaves_[column].front());
    auto& cells = dynamic_cast<parquet::ByteArrayReader&>(*any);
    const std::int16_t present = cells.descr()->max_definition_level();
    while (cells.HasNext()) {
      std::int64_t read = 0;
      const std::int64_t rows = cells.ReadBatch(kTexts, levels.data(), nullptr, values.data(), &read);
      if (rows == 0 || row + rows > groups_[group].rows) return row + rows;
      for (std::size_t i = 0, value = 0; i < static_cast<std::size_t>(rows); ++i)
        texts[i] = present > 0 && levels[i] < present ? std::string_view() : std::string_view(values[value++]);
      assembly.put_keys(std::span(texts).first(static_cast<std::size_t>(rows)), first + row);
      row += rows;
    }
    return row;
  }

  std::unique_ptr<FileReader> borrow() {
    {
      const std::lock_guard lock(guard_);
      if (!idle_.empty()) {
        auto reader = std::move(idle_.back());
        idle_.pop_back();
        return reader;
      }
    }
    return open_parquet(path_, dictionaries_, metadata_);
  }
  void give_back(std::unique_ptr<FileReader> reader) {
    const std::lock_guard lock(guard_);
    idle_.push_back(std::move(reader));
  }

  fs::path path_;
  std::shared_ptr<parquet::FileMetaData> metadata_;
  std::vector<Stretch> groups_;
  std::vector<std::vector<int>> leaves_;
  std::vector<int> dictionaries_;
  std::vector<bool> keys_of_text_;     ///< by column: read by read_keys
  std::vector<bool> factors_of_text_;  ///< by column: read by read_codes, if all pages are coded by a dictionary
  std::mutex guard_;
  std::vector<std::unique_ptr<FileReader>> idle_;
};

/// Room for `rows` rows of each column.
std::vector<Assembly> assemblies(const arrow::Schema& schema, const std::vector<ColumnRequest>& columns,
                                 std::int64_t rows, int threads) {
  std::vector<Assembly> all;
  for (const ColumnRequest& column : columns)
    all.emplace_back(column, *schema.GetFieldByName(column.name)->type(), rows, threads);
  return all;
}

Table finished(std::vector<Assembly>& assembled, const std::vector<ColumnRequest>& columns, const fs::path& path,
               Stretch rows, int threads) {
  Table table;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    assembled[c].require_sized(path);
    table.add(columns[c].name, assembled[c].finish(std::span(&rows, 1), threads));
  }
  return table;
}

}  // namespace

ParquetHead read_parquet_head(const fs::path& path) {
  const auto reader = open_parquet(path);
  ParquetHead head;
  check(reader->GetSchema(&head.schema), path, kAction);
  if (const auto pairs = reader->parquet_reader()->metadata()->key_value_metadata())
    for (std::int64_t i = 0; i < pairs->size(); ++i) head.metadata[pairs->key(i)] = pairs->value(i);
  return head;
}

Table read_parquet(const fs::path& path, const arrow::Schema& schema, const std::vector<ColumnRequest>& columns,
                   int threads) {
  ParquetFile file(path, schema, columns);
  auto assembled = assemblies(schema, columns, file.rows(), threads);
  const auto width = std::ssize(columns);
  const auto read = [&](std::int64_t first_group, std::int64_t last_group) {
    parallel_for((last_group - first_group) * width, 1, threads, [&](std::int64_t task, std::int64_t) {
      const auto group = static_cast<std::size_t>(first_group + task / width);
      const auto column = static_cast<std::size_t>(task % width);
      file.read(group, column, file.groups()[group].first, assembled[column]);
    });
  };
  // The first row group usually has all levels: put in order now, they keep their numbers.
  const std::int64_t groups = std::ssize(file.groups());
  read(0, std::min<std::int64_t>(1, groups));
  if (groups > 1)
    for (Assembly& assembly : assembled) assembly.settle(file.groups().front());
  read(1, std::max<std::int64_t>(1, groups));
  return finished(assembled, columns, path, {0, file.rows()}, threads);
}

void scan_parquet(const fs::path& path, const arrow::Schema& schema, const std::vector<ColumnRequest>& columns,
                  const std::function<void(const Table&)>& visit) {
  ParquetFile file(path, schema, columns);
  for (std::size_t group = 0; group < file.groups().size(); ++group) {
    const Stretch rows{0, file.groups()[group].rows};
    auto assembled = assemblies(schema, columns, rows.rows, 1);
    for (std::size_t column = 0; column < columns.size(); ++column) file.read(group, column, 0, assembled[column]);
    visit(finished(assembled, columns, path, rows, 1));
  }
}

}  // namespace evenface::table
