#pragma once
#include "evenface/core/context.h"
#include "evenface/ingest/import_report.h"
#include "evenface/ingest/options.h"

namespace evenface::ingest {

/// Raised when the stage's output changes for the same input.
constexpr int kIngestVersion = 1;

/// Imports a data set: reads the layout, checks every picture, makes the splits
/// that were asked for, and writes the data set folder (manifest.parquet,
/// import.json, quarantine.csv). The pictures stay where they are. The result
/// depends on the source and the options, not on the thread count.
///
/// Throws InputError when the source isn't of that layout, when no row is left,
/// and when more than `max_bad` of the rows are bad; then the folder holds
/// rejected.csv with each bad row, and an earlier import in it stays as it was.
ImportReport ingest(const IngestOptions& options, const Context& context);

}  // namespace evenface::ingest
