#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "evenface/ingest/column_map.h"
#include "evenface/ingest/draft.h"
#include "evenface/ingest/level_matcher.h"
#include "evenface/ingest/options.h"
#include "evenface/ingest/vote_import.h"

namespace evenface::ingest {

/// Fills a draft from tables with one row per picture.
class TableImport {
 public:
  /// Throws InputError when --levels can't be understood. Both must outlive it.
  TableImport(const IngestOptions& options, Draft& draft);

  /// Adds a table's rows. Those that can't be used (no picture named, unknown split,
  /// a level that --levels doesn't allow) go to the rejected ones. `folder` is put
  /// before image paths, `split` is that of rows that name none. Throws InputError
  /// when its label columns differ from those of an earlier table.
  void add(const std::filesystem::path& path, const std::filesystem::path& folder, std::int32_t split);

  /// Makes the draft's factors. To be called once, after the last table.
  void finish();

 private:
  Checked<DraftRow> row_of(const ColumnMap& map, const TextTable& table, std::size_t row, DraftRow start) const;
  std::optional<Problem> add_levels(const ColumnMap& map, const TextTable& table, std::size_t row);
  void check_categories(const std::filesystem::path& path, const ColumnMap& map);

  const IngestOptions& options_;
  Draft& draft_;
  std::map<std::string, LevelMatcher> declared_;           ///< by column; from --levels
  std::map<std::string, std::vector<std::string>> texts_;  ///< by column, parallel to the draft's rows
  VoteImport votes_;
  bool first_ = true;
};

}  // namespace evenface::ingest
