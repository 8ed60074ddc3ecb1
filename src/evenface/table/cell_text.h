#pragma once
#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include <arrow/api.h>
#include <fmt/format.h>

// Cells of Arrow's arrays as text. Private to `table`.
namespace evenface::table {

/// Calls `visit(row, text)` for every cell of the array, with an empty text where it is null; false when the
/// array's type has no text. A text lives until the next call.
template <class Visit>
bool each_text(const arrow::Array& array, Visit visit) {
  const auto walk = [&](auto text_at) {
    const bool whole = array.null_count() == 0;
    for (std::int64_t i = 0; i < array.length(); ++i)
      visit(i, whole || array.IsValid(i) ? text_at(i) : std::string_view());
    return true;
  };
  const auto texts = [&](const auto& typed) { return walk([&](std::int64_t i) { return typed.GetView(i); }); };
  const auto integers = [&](const auto& typed) {
    std::array<char, 24> last;
    return walk([&](std::int64_t i) {
      return std::string_view(last.data(), std::to_chars(last.data(), last.end(), typed.Value(i)).ptr);
    });
  };
  const auto reals = [&](const auto& typed) {
    std::string last;
    return walk([&](std::int64_t i) { return std::string_view(last = fmt::format("{}", typed.Value(i))); });
  };
  switch (array.type_id()) {
    case arrow::Type::NA:  // a column without a single value
      return walk([](std::int64_t) { return std::string_view(); });
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      return texts(static_cast<const arrow::BinaryArray&>(array));
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
      return texts(static_cast<const arrow::LargeBinaryArray&>(array));
    case arrow::Type::STRING_VIEW:
    case arrow::Type::BINARY_VIEW:
      return texts(static_cast<const arrow::BinaryViewArray&>(array));
    case arrow::Type::BOOL:
      return walk([&](std::int64_t i) {
        return std::string_view(static_cast<const arrow::BooleanArray&>(array).Value(i) ? "true" : "false");
      });
    case arrow::Type::INT8:
      return integers(static_cast<const arrow::Int8Array&>(array));
    case arrow::Type::INT16:
      return integers(static_cast<const arrow::Int16Array&>(array));
    case arrow::Type::INT32:
      return integers(static_cast<const arrow::Int32Array&>(array));
    case arrow::Type::INT64:
      return integers(static_cast<const arrow::Int64Array&>(array));
    case arrow::Type::UINT8:
      return integers(static_cast<const arrow::UInt8Array&>(array));
    case arrow::Type::UINT16:
      return integers(static_cast<const arrow::UInt16Array&>(array));
    case arrow::Type::UINT32:
      return integers(static_cast<const arrow::UInt32Array&>(array));
    case arrow::Type::UINT64:
      return integers(static_cast<const arrow::UInt64Array&>(array));
    case arrow::Type::FLOAT:
      return reals(static_cast<const arrow::FloatArray&>(array));
    case arrow::Type::DOUBLE:
      return reals(static_cast<const arrow::DoubleArray&>(array));
    default:
      return false;
  }
}

/// Calls `visit(row, code)` for every cell of a dictionary array; a null is -1.
template <class Visit>
void each_dictionary_code(const arrow::DictionaryArray& array, Visit visit) {
  const auto walk = [&](const auto& codes) {
    const auto* const values = codes.raw_values();
    const std::int64_t n = array.length();
    if (array.null_count() == 0)
      for (std::int64_t i = 0; i < n; ++i) visit(i, static_cast<std::int64_t>(values[i]));
    else
      for (std::int64_t i = 0; i < n; ++i) visit(i, array.IsValid(i) ? static_cast<std::int64_t>(values[i]) : -1);
  };
  const arrow::Array& codes = *array.indices();
  switch (codes.type_id()) {
    case arrow::Type::INT8:
      return walk(static_cast<const arrow::Int8Array&>(codes));
    case arrow::Type::INT16:
      return walk(static_cast<const arrow::Int16Array&>(codes));
    case arrow::Type::INT32:
      return walk(static_cast<const arrow::Int32Array&>(codes));
    case arrow::Type::UINT8:
      return walk(static_cast<const arrow::UInt8Array&>(codes));
    case arrow::Type::UINT16:
      return walk(static_cast<const arrow::UInt16Array&>(codes));
    case arrow::Type::UINT32:
      return walk(static_cast<const arrow::UInt32Array&>(codes));
    default:
      for (std::int64_t i = 0; i < array.length(); ++i) visit(i, array.IsValid(i) ? array.GetValueIndex(i) : -1);
  }
}

}  // namespace evenface::table
