#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evenface/ingest/options.h"
#include "evenface/ingest/text_table.h"

namespace evenface::ingest {

/// Where a value comes from: a column, or a text with columns in braces ("faces/{id}_03.jpg").
class CellSource {
 public:
  /// Throws InputError when a brace isn't closed.
  explicit CellSource(const std::string& text);

  /// The columns that it reads.
  std::vector<std::string> columns() const;
  /// Its value in a row of a table that holds those columns.
  std::string value(const TextTable& table, std::size_t row) const;

 private:
  std::vector<std::pair<std::string, std::string>> parts_;  ///< text, then a column or nothing
};

/// Target column (id, image, split, person, weight, label.<task>, attr.<name>) -> where it comes from. Votes, which
/// come from several columns, are read by VoteImport.
using ColumnMap = std::map<std::string, CellSource>;

/// What --column says, and for the rest the columns that bear a target's name, or "file_name" for image and
/// "label" for label.label. Throws InputError for an unknown target, and when nothing names the pictures.
ColumnMap column_map(const IngestOptions& options, const std::filesystem::path& table,
                     const std::vector<std::string>& names);

/// The columns of a table that neither the map uses nor is known to be used otherwise; a report names them.
std::vector<std::string> unused_columns(const ColumnMap& map, std::set<std::string> used,
                                        const std::vector<std::string>& names);

/// Whether a target holds categories: label.<task> or attr.<name>.
bool is_category(std::string_view target);

/// The index into table::split_levels() that a text means ("training", "Valid"), nothing when it means none.
std::optional<std::int32_t> split_of(std::string_view text);

}  // namespace evenface::ingest
