#pragma once
#include "evenface/ingest/importer.h"

namespace evenface::ingest {

/// Any table with one row per picture: .csv, .tsv, .parquet or .jsonl. Columns that
/// bear a target's name are taken as they are, others are mapped by --column.
class Csv : public Importer {
 public:
  const char* name() const override { return "csv"; }
  Draft read(const IngestOptions& options) const override;
};

}  // namespace evenface::ingest
