#include "evenface/ingest/csv.h"

#include "evenface/ingest/table_import.h"

namespace evenface::ingest {
namespace fs = std::filesystem;

Draft Csv::read(const IngestOptions& options) const {
  const fs::path table = options.source;
  if (fs::is_directory(table))
    throw InputError({.file = options.source,
                      .at = {},
                      .found = "this is a folder",
                      .expected = "a table: .csv, .tsv, .parquet or .jsonl",
                      .remedy = "name the table in it, or use the layout imagefolder"});
  Draft draft;
  draft.root = options.root.empty() ? fs::absolute(table).parent_path() : fs::path(options.root);
  draft.info.name = table.stem().string();
  TableImport import(options, draft);
  import.add(table, {}, table::Factor::kMissing);
  import.finish();
  return draft;
}

}  // namespace evenface::ingest
