#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "evenface/ingest/draft.h"
#include "evenface/ingest/kin.h"
#include "evenface/ingest/options.h"
#include "evenface/ingest/picture_check.h"

namespace evenface::ingest {

/// Rows of each level of a column, over all rows and per split.
struct ColumnCounts {
  std::string column;
  table::ColumnSource source;
  std::vector<std::string> levels;
  std::vector<std::int64_t> all;                           ///< parallel to levels
  std::map<std::string, std::vector<std::int64_t>> split;  ///< split -> parallel to levels; "none" for rows without one
  std::int64_t missing = 0;
};

/// A text that was read as another, and in how many rows. An empty `to` is a missing value.
struct Repair {
  std::string column, from, to;
  std::int64_t rows = 0;
};

/// What an import did: import.json, and what a command shows.
struct ImportReport {
  std::string layout, source, root;
  table::DataSetInfo info;
  std::int64_t read = 0, kept = 0, quarantined = 0;
  std::map<std::string, std::int64_t> splits;  ///< train, val, test, none -> rows; those with rows only
  std::vector<ColumnCounts> columns;
  std::vector<Repair> repairs;
  std::map<std::string, std::int64_t> reasons;  ///< of quarantined rows
  std::vector<std::string> notes;
  DuplicateReport duplicates;
  std::vector<std::string> persons_across_splits;
  std::map<std::string, std::int64_t> sizes;  ///< "224x224" -> pictures
  std::int64_t bytes = 0;                     ///< of all pictures
};

/// Counts everything in the draft as it will be written.
ImportReport report_import(const IngestOptions& options, const Draft& draft, const std::vector<PictureFact>& facts,
                           const Kinship& kinship);

/// The content of import.json.
nlohmann::json to_json(const ImportReport& report, const IngestOptions& options);

/// "label.age: 03-Sep read as 3-9 in 812 rows".
std::string describe(const Repair& repair);

}  // namespace evenface::ingest
