#include "evenface/table/assembly.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

#include <arrow/util/utf8.h>
#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/large_array.h"
#include "evenface/core/parallel.h"
#include "evenface/core/random.h"
#include "evenface/table/cell_text.h"

namespace evenface::table {
namespace {
using As = ColumnRequest::As;

constexpr std::int64_t kChunkRows = 1 << 18;
constexpr const char* kVectors = "a vector of reals in every row, all of one length, or null";

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

void require_utf8(std::string_view text, const ColumnRequest& request, const Place& place, std::int64_t row) {
  static const bool is_ready = (arrow::util::InitializeUTF8(), true);  // without it every text passes
  if (is_ready && arrow::util::ValidateUTF8(text)) return;
  bad_cell(request, place, row, "the text is not UTF-8", "text in UTF-8");
}

/// The words of a dictionary; a null is empty.
std::vector<std::string> words_of(const arrow::DictionaryArray& coded, const ColumnRequest& request,
                                  const Place& place) {
  std::vector<std::string> words;
  if (!each_text(*coded.dictionary(), [&](std::int64_t, std::string_view text) { words.emplace_back(text); }))
    wrong_kind(*coded.dictionary()->type(), request, place, "text, numbers or categories");
  return words;
}

template <class Visit>
void each_text_or_refuse(const arrow::Array& part, const ColumnRequest& request, const Place& place, Visit visit) {
  if (part.type_id() == arrow::Type::DICTIONARY) {
    const auto& coded = static_cast<const arrow::DictionaryArray&>(part);
    const std::vector<std::string> words = words_of(coded, request, place);
    each_dictionary_code(coded, [&](std::int64_t row, std::int64_t code) {
      visit(row, code < 0 ? std::string_view() : std::string_view(words[static_cast<std::size_t>(code)]));
    });
  } else if (!each_text(part, visit)) {
    wrong_kind(*part.type(), request, place, "text, numbers or categories");
  }
}

Column empty_column(const arrow::DataType& type, const ColumnRequest& request, std::int64_t rows, int threads) {
  const arrow::Type::type id = type.id();
  const auto n = static_cast<std::size_t>(rows);
  if (is_factor(type, request)) return Factor{request.name, {}, large_array<std::int32_t>(n, threads)};
  if (request.as == As::kKey)
    return Keys{large_array<std::uint64_t>(n, threads), large_array<std::uint64_t>(n, threads)};
  if (request.as == As::kInteger || (request.as == As::kStored && arrow::is_integer(id)))
    return large_array<std::int64_t>(n, threads);
  if (request.as == As::kReal || (request.as == As::kStored && arrow::is_floating(id)))
    return large_array<double>(n, threads);
  const bool list = id == arrow::Type::FIXED_SIZE_LIST || id == arrow::Type::LIST || id == arrow::Type::LARGE_LIST;
  if (request.as == As::kStored && list) return Vectors{};
  return large_array<std::string>(n, threads);
}

/// A cell's text as a number; nothing when it is none.
template <class T>
std::optional<T> number_of(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool means_missing(std::string_view text) {
  return text.empty() || text == "NA" || text == "NaN" || text == "nan" || text == "null";
}

/// Copies numbers whose type is no wider than T; false when they must be read as text.
template <class T>
bool copy_numbers(const arrow::Array& part, T* to) {
  if (part.null_count() > 0) return false;
  const auto copy = [&](const auto& typed) {
    std::copy(typed.raw_values(), typed.raw_values() + typed.length(), to);
    return true;
  };
  switch (part.type_id()) {
    case arrow::Type::INT32:
      return copy(static_cast<const arrow::Int32Array&>(part));
    case arrow::Type::INT64:
      return std::is_integral_v<T> && copy(static_cast<const arrow::Int64Array&>(part));
    case arrow::Type::FLOAT:
      return std::is_floating_point_v<T> && copy(static_cast<const arrow::FloatArray&>(part));
    case arrow::Type::DOUBLE:
      return std::is_floating_point_v<T> && copy(static_cast<const arrow::DoubleArray&>(part));
    default:
      return false;
  }
}

/// Moves the stretches of `width` values a row together, and drops what is left behind them.
template <class T>
void close_up(std::vector<T>& values, std::span<const Stretch> stretches, std::int64_t width) {
  auto to = values.begin();
  for (const Stretch& s : stretches) {
    const auto from = values.begin() + s.first * width;
    if (from == to) to += s.rows * width;
    else to = std::move(from, from + s.rows * width, to);
  }
  values.resize(static_cast<std::size_t>(to - values.begin()));
}

/// The vectors of a list array's rows; those of rows that are null are NaN.
class VectorsOf {
 public:
  /// None unless the array holds vectors of 32- or 64-bit reals, all of one length.
  static std::optional<VectorsOf> rows(const arrow::Array& part) {
    switch (part.type_id()) {
      case arrow::Type::FIXED_SIZE_LIST:
        return of(static_cast<const arrow::FixedSizeListArray&>(part));
      case arrow::Type::LIST:
        return of(static_cast<const arrow::ListArray&>(part));
      case arrow::Type::LARGE_LIST:
        return of(static_cast<const arrow::LargeListArray&>(part));
      default:
        return std::nullopt;
    }
  }
  std::int64_t width() const { return width_; }

  /// Fills rows x width numbers.
  void copy(float* to) const {
    values_->type_id() == arrow::Type::FLOAT ? copy_from(static_cast<const arrow::FloatArray&>(*values_), to)
                                             : copy_from(static_cast<const arrow::DoubleArray&>(*values_), to);
  }

 private:
  template <class Lists>
  static std::optional<VectorsOf> of(const Lists& lists) {
    VectorsOf v;
    v.values_ = lists.values();
    if (v.values_->type_id() != arrow::Type::FLOAT && v.values_->type_id() != arrow::Type::DOUBLE) return std::nullopt;
    for (std::int64_t i = 0; i < lists.length(); ++i) {
      v.first_.push_back(lists.IsNull(i) ? kNull : lists.value_offset(i));
      if (lists.IsNull(i)) continue;
      if (v.width_ == 0) v.width_ = lists.value_length(i);
      if (lists.value_length(i) != v.width_) return std::nullopt;
    }
    return v;
  }

  template <class Values>
  void copy_from(const Values& values, float* to) const {
    constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
    for (const std::int64_t first : first_)
      for (std::int64_t i = 0; i < width_; ++i)
        *to++ = first == kNull || values.IsNull(first + i) ? kNone : static_cast<float>(values.Value(first + i));
  }

  static constexpr std::int64_t kNull = -1;
  std::shared_ptr<arrow::Array> values_;
  std::int64_t width_ = 0;           // 0 while no row is known to have a vector
  std::vector<std::int64_t> first_;  // value of each row, or kNull
};

}  // namespace

bool is_factor(const arrow::DataType& type, const ColumnRequest& request) {
  return request.as == As::kFactor || (request.as == As::kStored && type.id() == arrow::Type::DICTIONARY);
}

Assembly::Assembly(ColumnRequest request, const arrow::DataType& type, std::int64_t rows, int threads)
    : request_(std::move(request)), rows_(rows), column_(empty_column(type, request_, rows, threads)) {
  if (std::holds_alternative<Factor>(column_))
    levels_ = std::make_unique<Levels>(request_.levels, request_.most_levels);
}

void Assembly::put(const arrow::Array& part, std::int64_t first, const Place& place) {
  ensure(first >= 0 && first + part.length() <= rows_, "rows that the assembly has room for");
  if (levels_) put_factor(part, first, place);
  else if (std::holds_alternative<Keys>(column_)) put_keys(part, first, place);
  else if (std::holds_alternative<Texts>(column_)) put_texts(part, first, place);
  else if (std::holds_alternative<Vectors>(column_)) put_vectors(part, first, place);
  else if (auto* const integers = std::get_if<std::vector<std::int64_t>>(&column_))
    put_numbers(part, *integers, first, place);
  else put_numbers(part, std::get<std::vector<double>>(column_), first, place);
}

std::int32_t Assembly::level_of(std::string_view text, std::int64_t row, const Place& place) {
  if (const auto code = levels_->code_of(text)) return *code;
  if (levels_->fixed())
    bad_cell(request_, place, row, fmt::format("unknown level \"{}\"", text),
             fmt::format("one of {}", fmt::join(levels_->names(), ", ")));
  throw InputError({.file = place.path.string(),
                    .at = "column " + request_.name,
                    .found = fmt::format("holds more than {} different values", request_.most_levels),
                    .expected = "a column of categories",
                    .remedy = "is it the column of ids? name it with --id, and another column here"});
}

void Assembly::put_factor(const arrow::Array& part, std::int64_t first, const Place& place) {
  std::int32_t* const codes = std::get<Factor>(column_).codes.data() + first;
  const auto ask = [&](std::string_view text, std::int64_t row) {
    require_utf8(text, request_, place, row);
    return level_of(text, row, place);
  };
  if (part.type_id() != arrow::Type::DICTIONARY) {
    MetTexts met;
    each_text_or_refuse(part, request_, place, [&](std::int64_t row, std::string_view text) {
      codes[row] = text.empty() ? Factor::kMissing : met.code_of(text, [&] { return ask(text, row); });
    });
    return;
  }
  const auto& coded = static_cast<const arrow::DictionaryArray&>(part);
  Words words(words_of(coded, request_, place));
  std::vector<std::int32_t> places(static_cast<std::size_t>(part.length()));
  each_dictionary_code(coded, [&](std::int64_t row, std::int64_t code) {
    places[static_cast<std::size_t>(row)] = static_cast<std::int32_t>(code);
  });
  put_codes(words, places, first, place);
}

Words::Words(std::vector<std::string> all) : words(std::move(all)), levels(words.size() + 1, kNotYet) {
  levels[0] = Factor::kMissing;
  for (std::size_t w = 0; w < words.size(); ++w)
    if (words[w].empty()) levels[w + 1] = Factor::kMissing;
  not_yet = static_cast<std::size_t>(std::ranges::count(levels, kNotYet));
}

// Words are looked up once each, and only those that a row uses.
void Assembly::put_codes(Words& words, std::span<const std::int32_t> codes, std::int64_t first, const Place& place) {
  std::int32_t* const to = std::get<Factor>(column_).codes.data() + first;
  std::int32_t* const levels = words.levels.data() + 1;
  std::size_t row = 0;
  for (; row < codes.size() && words.not_yet > 0; ++row) {
    std::int32_t& level = levels[codes[row]];
    if (level == Words::kNotYet) {
      const std::string& word = words.words[static_cast<std::size_t>(codes[row])];
      require_utf8(word, request_, place, static_cast<std::int64_t>(row));
      level = level_of(word, static_cast<std::int64_t>(row), place), --words.not_yet;
    }
    to[row] = level;
  }
  for (; row < codes.size(); ++row) to[row] = levels[codes[row]];
}

void Assembly::put_keys(const arrow::Array& part, std::int64_t first, const Place& place) {
  Keys& all = std::get<Keys>(column_);
  std::uint64_t* const keys = all.keys.data() + first;
  std::uint64_t* const checks = all.checks.data() + first;
  each_text_or_refuse(part, request_, place, [&](std::int64_t row, std::string_view text) {
    keys[row] = key_of(text), checks[row] = check_key_of(text);
  });
}

void Assembly::put_keys(std::span<const std::string_view> texts, std::int64_t first) {
  Keys& all = std::get<Keys>(column_);
  ensure(first >= 0 && first + std::ssize(texts) <= rows_, "rows that the assembly has room for");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::size_t row = static_cast<std::size_t>(first) + i;
    all.keys[row] = key_of(texts[i]), all.checks[row] = check_key_of(texts[i]);
  }
}

void Assembly::put_texts(const arrow::Array& part, std::int64_t first, const Place& place) {
  std::string* const texts = std::get<Texts>(column_).data() + first;
  each_text_or_refuse(part, request_, place, [&](std::int64_t row, std::string_view text) {
    require_utf8(text, request_, place, row);
    texts[row] = text;
  });
}

template <class T>
void Assembly::put_numbers(const arrow::Array& part, std::vector<T>& values, std::int64_t first, const Place& place) {
  T* const to = values.data() + first;
  if (copy_numbers(part, to)) return;
  each_text_or_refuse(part, request_, place, [&](std::int64_t row, std::string_view text) {
    const bool whole = std::is_integral_v<T>;
    if (means_missing(text)) {
      if constexpr (whole) bad_cell(request_, place, row, "the cell is empty", "an integer");
      else to[row] = std::nan("");
    } else if (const auto value = number_of<T>(text)) {
      to[row] = *value;
    } else {
      bad_cell(request_, place, row, fmt::format("\"{}\"", text), whole ? "an integer" : "a number");
    }
  });
}

void Assembly::put_vectors(const arrow::Array& part, std::int64_t first, const Place& place) {
  const auto rows = VectorsOf::rows(part);
  const bool all_null = part.null_count() == part.length();
  if (rows && all_null) return;  // as all rows are before they are filled
  Vectors& vectors = std::get<Vectors>(column_);
  if (rows && rows->width() > 0)
    std::call_once(*sized_, [&] {
      vectors.width = rows->width();
      vectors.values.assign(static_cast<std::size_t>(rows_ * vectors.width), std::numeric_limits<float>::quiet_NaN());
    });
  if (!rows || rows->width() == 0 || rows->width() != vectors.width)
    wrong_kind(*part.type(), request_, place, kVectors);
  rows->copy(vectors.values.data() + first * vectors.width);
}

void Assembly::settle(Stretch stretch) {
  if (!levels_) return;
  const std::vector<std::int32_t> now = levels_->settle();
  if (now.empty()) return;
  std::int32_t* const codes = std::get<Factor>(column_).codes.data();
  for (std::int64_t i = stretch.first; i < stretch.first + stretch.rows; ++i)
    if (codes[i] >= 0) codes[i] = now[static_cast<std::size_t>(codes[i])];
}

void Assembly::require_sized(const std::filesystem::path& path) const {
  const auto* const vectors = std::get_if<Vectors>(&column_);
  if (!vectors || vectors->width > 0 || rows_ == 0) return;
  throw InputError({.file = path.string(),
                    .at = "column " + request_.name,
                    .found = "every row is null",
                    .expected = kVectors,
                    .remedy = "name another column"});
}

Column Assembly::finish(std::span<const Stretch> stretches, int threads) {
  if (auto* const f = std::get_if<Factor>(&column_)) {
    close_up(f->codes, stretches, 1);
    if (const std::vector<std::int32_t> now = levels_->settle(); !now.empty())
      parallel_for(f->rows(), kChunkRows, threads, [&](std::int64_t begin, std::int64_t end) {
        for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
          if (f->codes[i] >= 0) f->codes[i] = now[static_cast<std::size_t>(f->codes[i])];
      });
    f->levels = levels_->names();
  } else if (auto* const k = std::get_if<Keys>(&column_)) {
    close_up(k->keys, stretches, 1), close_up(k->checks, stretches, 1);
  } else if (auto* const v = std::get_if<Vectors>(&column_)) {
    close_up(v->values, stretches, v->width);
  } else if (auto* const t = std::get_if<Texts>(&column_)) {
    close_up(*t, stretches, 1);
  } else if (auto* const i = std::get_if<std::vector<std::int64_t>>(&column_)) {
    close_up(*i, stretches, 1);
  } else {
    close_up(std::get<std::vector<double>>(column_), stretches, 1);
  }
  return std::move(column_);
}

}  // namespace evenface::table
