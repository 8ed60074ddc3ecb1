#include "evenface/table/table.h"

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"

namespace evenface::table {

std::vector<std::string> missing_texts() { return {"NA", "N/A", "NaN", "nan", "NULL", "null", "missing"}; }
namespace {

struct Length {
  std::int64_t operator()(const Factor& f) const { return f.rows(); }
  std::int64_t operator()(const Vectors& v) const {
    return v.width > 0 ? static_cast<std::int64_t>(v.values.size()) / v.width : 0;
  }
  std::int64_t operator()(const Keys& k) const { return static_cast<std::int64_t>(k.keys.size()); }
  std::int64_t operator()(const auto& values) const { return static_cast<std::int64_t>(values.size()); }
};

constexpr const char* kKinds[] = {"text", "categories", "integers", "reals", "vectors", "keys"};

template <class T>
const T& typed(const Column& column, const std::string& name, std::size_t kind) {
  const T* found = std::get_if<T>(&column);
  if (!found)
    throw InputError({.file = {},
                      .at = "column " + name,
                      .found = fmt::format("holds {}", kKinds[column.index()]),
                      .expected = kKinds[kind],
                      .remedy = "name another column, or convert this one"});
  return *found;
}

std::string csv_text(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

/// One row of a column as a CSV cell.
struct Cell {
  std::int64_t row;
  std::string operator()(const Texts& texts) const { return csv_text(texts[static_cast<std::size_t>(row)]); }
  std::string operator()(const Factor& factor) const { return csv_text(factor.level_at(row)); }
  std::string operator()(const Vectors& vectors) const {
    const auto begin = vectors.values.begin() + row * vectors.width;
    return fmt::format("{}", fmt::join(begin, begin + vectors.width, " "));
  }
  std::string operator()(const Keys& keys) const {
    return fmt::format("{:016x}", keys.keys[static_cast<std::size_t>(row)]);
  }
  std::string operator()(const auto& values) const { return fmt::format("{}", values[static_cast<std::size_t>(row)]); }
};

}  // namespace

void Table::add(std::string name, Column column) {
  const std::int64_t length = std::visit(Length{}, column);
  ensure(names_.empty() || length == rows_, "columns of a table have equal length");
  ensure(!columns_.contains(name), "columns of a table have different names");
  rows_ = length;
  names_.push_back(name);
  columns_.emplace(std::move(name), std::move(column));
}

const Column& Table::column(const std::string& name) const {
  const auto found = columns_.find(name);
  if (found == columns_.end())
    throw InputError({.file = {},
                      .at = "column " + name,
                      .found = "there is no such column",
                      .expected = fmt::format("one of {}", fmt::join(names_, ", ")),
                      .remedy = "name one of these"});
  return found->second;
}

const Texts& Table::texts(const std::string& name) const { return typed<Texts>(column(name), name, 0); }
const Factor& Table::factor(const std::string& name) const { return typed<Factor>(column(name), name, 1); }
const std::vector<std::int64_t>& Table::integers(const std::string& name) const {
  return typed<std::vector<std::int64_t>>(column(name), name, 2);
}
const std::vector<double>& Table::reals(const std::string& name) const {
  return typed<std::vector<double>>(column(name), name, 3);
}
const Keys& Table::keys(const std::string& name) const { return typed<Keys>(column(name), name, 5); }

Column Table::release(const std::string& name) {
  ensure(has(name), "a column that the table has");
  std::erase(names_, name);
  return std::move(columns_.extract(name).mapped());
}

const Vectors& Table::vectors(const std::string& name) const { return typed<Vectors>(column(name), name, 4); }

void write_csv(const std::filesystem::path& path, const Table& table) {
  std::string text;
  for (std::size_t c = 0; c < table.names().size(); ++c) text += (c ? "," : "") + csv_text(table.names()[c]);
  text += "\n";
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    for (std::size_t c = 0; c < table.names().size(); ++c)
      text += (c ? "," : "") + std::visit(Cell{row}, table.column(table.names()[c]));
    text += "\n";
  }
  write_file(path, text);
}

}  // namespace evenface::table
