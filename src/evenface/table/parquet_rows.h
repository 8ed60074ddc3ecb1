#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <arrow/api.h>

#include "evenface/table/table.h"

// Reading Parquet files by row groups and columns. Private to `table`.
namespace evenface::table {

/// What a file says before its rows are read.
struct ParquetHead {
  std::shared_ptr<arrow::Schema> schema;
  std::map<std::string, std::string> metadata;
};
ParquetHead read_parquet_head(const std::filesystem::path& path);

/// The wanted columns, whole; row groups and columns are read on several threads.
Table read_parquet(const std::filesystem::path& path, const arrow::Schema& schema,
                   const std::vector<ColumnRequest>& columns, int threads);

/// Calls `visit` with each row group's columns in order. Factors must have their levels.
void scan_parquet(const std::filesystem::path& path, const arrow::Schema& schema,
                  const std::vector<ColumnRequest>& columns, const std::function<void(const Table&)>& visit);

}  // namespace evenface::table
