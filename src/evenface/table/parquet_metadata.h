#pragma once
#include <cstdint>

// What a Parquet file of ours holds beside its columns. Private to `table`.
namespace evenface::table {

/// Metadata key of the level order: a JSON object of column name -> levels.
inline constexpr const char* kLevelsKey = "evenface.levels";
/// Metadata key of a data set's DataSetInfo, as JSON.
inline constexpr const char* kDataSetKey = "evenface.data_set";
/// Rows that are held in memory at a time.
inline constexpr std::int64_t kRowGroupRows = 65536;

}  // namespace evenface::table
