#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "evenface/core/error.h"
#include "evenface/table/factor.h"
#include "evenface/table/manifest.h"
#include "evenface/table/table.h"

namespace evenface::ingest {

/// One row as a layout gives it, before anybody looked at its picture.
struct DraftRow {
  std::string id, image;  ///< image: as the source names it, relative to the root
  std::string person;     ///< identity; empty where unknown
  double weight = 1;
  std::int32_t split = table::Factor::kMissing;  ///< index into table::split_levels()
  std::string table;                             ///< the file that names it; empty for class folders
  std::int64_t number = 0;                       ///< its row there as a spreadsheet counts; 0 where unknown
};

/// A row that is kept out of the data set, and why.
struct Rejected {
  DraftRow row;
  std::string reason;  ///< one of few, to be counted: "unreadable picture"
  Problem problem;
  bool expected = false;  ///< left out as the layout or an option says; the row is not bad
};

/// Rows of a source and what was done to read them. Rows, factor codes and votes are parallel.
struct Draft {
  table::DataSetInfo info;
  std::filesystem::path root;
  std::vector<DraftRow> rows;
  std::vector<table::Factor> columns;           ///< label.<task> and attr.<name>
  std::map<std::string, table::Vectors> votes;  ///< by votes.<task>: annotators per level of label.<task>
  std::vector<std::string> stratify;  ///< columns that splits made here keep the shares of, unless told otherwise
  std::vector<Rejected> rejected;
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> repairs;  ///< column, from, to -> rows
  std::vector<std::string> notes;  ///< what else the user should know

  std::int64_t row_count() const { return static_cast<std::int64_t>(rows.size()); }
};

/// Leaves only the rows given by index, in that order.
void keep_rows(Draft& draft, std::span<const std::int64_t> rows);

/// Moves every row for which `problems` holds an entry to the rejected ones.
void reject_rows(Draft& draft, std::map<std::int64_t, std::pair<std::string, Problem>> problems);

/// The column called `label.<name>` or `attr.<name>`, given in full or plainly (attr first).
/// Throws InputError that lists what there is.
const table::Factor& column_named(const Draft& draft, const std::string& name, const std::string& option);

}  // namespace evenface::ingest
