#include "evenface/table/arrow_columns.h"

#include <cerrno>
#include <charconv>
#include <cmath>
#include <functional>
#include <unordered_map>

#include <arrow/util/io_util.h>
#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"

namespace evenface::table {
namespace {

[[noreturn]] void wrong_kind(const arrow::DataType& type, const ColumnRequest& request, const Place& place,
                             const char* expected) {
  throw InputError({.file = place.path.string(),
                    .at = "column " + request.name,
                    .found = "holds " + type.ToString(),
                    .expected = expected,
                    .remedy = "name another column, or convert this one"});
}

[[noreturn]] void bad_cell(const ColumnRequest& request, const Place& place, std::int64_t row, std::string found,
                           std::string expected) {
  throw InputError({.file = place.path.string(),
                    .at = fmt::format("row {}, column {}", place.first_row + row + 1, request.name),
                    .found = std::move(found),
                    .expected = std::move(expected),
                    .remedy = "correct the cell"});
}

/// Calls `visit(row, text)` for every cell, with an empty text where it is null.
void each_text(const arrow::ChunkedArray& array, const ColumnRequest& request, const Place& place,
               const std::function<void(std::int64_t, std::string_view)>& visit) {
  std::int64_t row = 0;
  for (const auto& chunk : array.chunks()) {
    const auto walk = [&](auto text_at) {
      for (std::int64_t i = 0; i < chunk->length(); ++i, ++row)
        if (chunk->IsNull(i)) visit(row, std::string_view());
        else visit(row, text_at(i));
    };
    std::string buffer;
    const auto number = [&](const auto& typed) {
      walk([&](std::int64_t i) { return std::string_view(buffer = fmt::format("{}", typed.Value(i))); });
    };
    switch (chunk->type_id()) {
      case arrow::Type::NA:  // a CSV file with a header and no rows
        walk([](std::int64_t) { return std::string_view(); });
        break;
      case arrow::Type::STRING:
        walk([&](std::int64_t i) { return static_cast<const arrow::StringArray&>(*chunk).GetView(i); });
        break;
      case arrow::Type::LARGE_STRING:
        walk([&](std::int64_t i) { return static_cast<const arrow::LargeStringArray&>(*chunk).GetView(i); });
        break;
      case arrow::Type::DICTIONARY: {
        const auto& coded = static_cast<const arrow::DictionaryArray&>(*chunk);
        std::vector<std::string> words;
        each_text(arrow::ChunkedArray(coded.dictionary()), request, place,
                  [&](std::int64_t, std::string_view text) { words.emplace_back(text); });
        walk([&](std::int64_t i) { return std::string_view(words[static_cast<std::size_t>(coded.GetValueIndex(i))]); });
        break;
      }
      case arrow::Type::BOOL:
        walk([&](std::int64_t i) {
          return std::string_view(static_cast<const arrow::BooleanArray&>(*chunk).Value(i) ? "true" : "false");
        });
        break;
      case arrow::Type::INT8:
        number(static_cast<const arrow::Int8Array&>(*chunk));
        break;
      case arrow::Type::INT16:
        number(static_cast<const arrow::Int16Array&>(*chunk));
        break;
      case arrow::Type::INT32:
        number(static_cast<const arrow::Int32Array&>(*chunk));
        break;
      case arrow::Type::INT64:
        number(static_cast<const arrow::Int64Array&>(*chunk));
        break;
      case arrow::Type::UINT8:
        number(static_cast<const arrow::UInt8Array&>(*chunk));
        break;
      case arrow::Type::UINT16:
        number(static_cast<const arrow::UInt16Array&>(*chunk));
        break;
      case arrow::Type::UINT32:
        number(static_cast<const arrow::UInt32Array&>(*chunk));
        break;
      case arrow::Type::UINT64:
        number(static_cast<const arrow::UInt64Array&>(*chunk));
        break;
      case arrow::Type::FLOAT:
        number(static_cast<const arrow::FloatArray&>(*chunk));
        break;
      case arrow::Type::DOUBLE:
        number(static_cast<const arrow::DoubleArray&>(*chunk));
        break;
      default:
        wrong_kind(*chunk->type(), request, place, "text, numbers or categories");
    }
  }
}

Texts texts_from(const arrow::ChunkedArray& array, const ColumnRequest& request, const Place& place) {
  Texts texts(static_cast<std::size_t>(array.length()));
  each_text(array, request, place,
            [&](std::int64_t row, std::string_view text) { texts[static_cast<std::size_t>(row)] = text; });
  return texts;
}

/// Codes of a dictionary chunk through a table from its own codes; other chunks by hashing each text.
Factor factor_from(const arrow::ChunkedArray& array, const ColumnRequest& request, const Place& place) {
  Factor factor{request.name, request.levels, {}};
  factor.codes.reserve(static_cast<std::size_t>(array.length()));
  std::unordered_map<std::string_view, std::int32_t> code;
  for (std::size_t i = 0; i < factor.levels.size(); ++i) code.emplace(factor.levels[i], static_cast<std::int32_t>(i));
  const auto look_up = [&](std::int64_t row, std::string_view text) {
    if (text.empty()) return Factor::kMissing;
    const auto found = code.find(text);
    if (found == code.end())
      bad_cell(request, place, row, fmt::format("unknown level \"{}\"", text),
               fmt::format("one of {}", fmt::join(factor.levels, ", ")));
    return found->second;
  };
  for (const auto& chunk : array.chunks()) {
    const std::int64_t first = factor.rows();
    if (chunk->type_id() != arrow::Type::DICTIONARY) {
      each_text(arrow::ChunkedArray(chunk), request, {place.path, place.first_row + first},
                [&](std::int64_t row, std::string_view text) { factor.codes.push_back(look_up(row, text)); });
      continue;
    }
    const auto& coded = static_cast<const arrow::DictionaryArray&>(*chunk);
    std::vector<std::string> words;
    each_text(arrow::ChunkedArray(coded.dictionary()), request, place,
              [&](std::int64_t, std::string_view text) { words.emplace_back(text); });
    constexpr std::int32_t kNotYet = -2;
    std::vector<std::int32_t> to(words.size(), kNotYet);
    for (std::int64_t i = 0; i < coded.length(); ++i) {
      if (coded.IsNull(i)) {
        factor.codes.push_back(Factor::kMissing);
        continue;
      }
      const auto own = static_cast<std::size_t>(coded.GetValueIndex(i));
      if (to[own] == kNotYet) to[own] = look_up(first + i, words[own]);
      factor.codes.push_back(to[own]);
    }
  }
  return factor;
}

template <class T>
std::vector<T> numbers_from(const arrow::ChunkedArray& array, const ColumnRequest& request, const Place& place) {
  std::vector<T> values(static_cast<std::size_t>(array.length()));
  each_text(array, request, place, [&](std::int64_t row, std::string_view text) {
    T value{};
    if (text.empty() || text == "NA" || text == "NaN" || text == "nan") {
      if constexpr (std::is_integral_v<T>) bad_cell(request, place, row, "the cell is empty", "an integer");
      else value = std::nan("");
    } else {
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc() || end != text.data() + text.size())
        bad_cell(request, place, row, fmt::format("\"{}\"", text), std::is_integral_v<T> ? "an integer" : "a number");
    }
    values[static_cast<std::size_t>(row)] = value;
  });
  return values;
}

Vectors vectors_from(const arrow::ChunkedArray& array, const ColumnRequest& request, const Place& place) {
  Vectors vectors;
  for (const auto& chunk : array.chunks()) {
    const auto* list = dynamic_cast<const arrow::FixedSizeListArray*>(chunk.get());
    if (!list || list->value_type()->id() != arrow::Type::FLOAT || list->null_count() > 0)
      wrong_kind(*chunk->type(), request, place, "a vector of 32-bit reals in every row");
    vectors.width = list->value_length(0);
    const auto& values = static_cast<const arrow::FloatArray&>(*list->values());
    const float* begin = values.raw_values() + list->value_offset(0);
    vectors.values.insert(vectors.values.end(), begin, begin + list->length() * vectors.width);
  }
  return vectors;
}

}  // namespace

void check(const arrow::Status& status, const std::filesystem::path& path, const char* action) {
  if (status.ok()) return;
  if (const int error = arrow::internal::ErrnoFromStatus(status)) throw_file_error(path, action, error);
  throw InputError({.file = path.string(),
                    .at = {},
                    .found = fmt::format("can't {}: {}", action, status.message()),
                    .expected = {},
                    .remedy = "check that the file is whole and of the kind its name says"});
}

bool is_factor(const arrow::DataType& type, const ColumnRequest& request) {
  return request.as == ColumnRequest::As::kFactor ||
         (request.as == ColumnRequest::As::kStored && type.id() == arrow::Type::DICTIONARY);
}

void collect_levels(const arrow::ChunkedArray& array, const Place& place, std::set<std::string>& levels) {
  std::string last;
  each_text(array, {.name = {}}, place, [&](std::int64_t, std::string_view text) {
    if (text.empty() || text == last) return;
    last = text;
    levels.insert(last);
  });
}

Column column_from(const arrow::ChunkedArray& array, const ColumnRequest& request, const Place& place) {
  using As = ColumnRequest::As;
  const arrow::Type::type id = array.type()->id();
  if (is_factor(*array.type(), request)) return factor_from(array, request, place);
  if (request.as == As::kInteger || (request.as == As::kStored && arrow::is_integer(id)))
    return numbers_from<std::int64_t>(array, request, place);
  if (request.as == As::kReal || (request.as == As::kStored && arrow::is_floating(id)))
    return numbers_from<double>(array, request, place);
  if (id == arrow::Type::FIXED_SIZE_LIST) return vectors_from(array, request, place);
  return texts_from(array, request, place);
}

namespace {

template <class Builder, class Values>
std::shared_ptr<arrow::Array> built(const Values& values) {
  Builder builder;
  ensure(builder.AppendValues(values).ok(), "Arrow could not allocate a column");
  return builder.Finish().ValueOrDie();
}

std::shared_ptr<arrow::Array> dictionary_array(const Factor& f) {
  arrow::Int32Builder codes;
  ensure(codes.Reserve(f.rows()).ok(), "Arrow could not allocate a column");
  for (const std::int32_t code : f.codes)
    if (code < 0) codes.UnsafeAppendNull();
    else codes.UnsafeAppend(code);
  return arrow::DictionaryArray::FromArrays(arrow::dictionary(arrow::int32(), arrow::utf8()),
                                            codes.Finish().ValueOrDie(), built<arrow::StringBuilder>(f.levels))
      .ValueOrDie();
}

}  // namespace

std::shared_ptr<arrow::Array> array_from(const Column& column) {
  struct Build {
    std::shared_ptr<arrow::Array> operator()(const Texts& t) const { return built<arrow::StringBuilder>(t); }
    std::shared_ptr<arrow::Array> operator()(const Factor& f) const { return dictionary_array(f); }
    std::shared_ptr<arrow::Array> operator()(const std::vector<std::int64_t>& v) const {
      return built<arrow::Int64Builder>(v);
    }
    std::shared_ptr<arrow::Array> operator()(const std::vector<double>& v) const {
      return built<arrow::DoubleBuilder>(v);
    }
    std::shared_ptr<arrow::Array> operator()(const Vectors& v) const {
      return arrow::FixedSizeListArray::FromArrays(built<arrow::FloatBuilder>(v.values),
                                                   static_cast<std::int32_t>(v.width))
          .ValueOrDie();
    }
  };
  return std::visit(Build{}, column);
}

}  // namespace evenface::table
