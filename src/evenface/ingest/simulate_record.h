#pragma once
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "evenface/ingest/simulate_plan.h"
#include "evenface/table/table.h"

namespace evenface::ingest {

/// A hash of everything that the pictures depend on: options (but the output folder) and kSimulateVersion.
std::string fingerprint_of(const SimulateOptions& options);

/// bias.json: options, splits, groups, and every knob with its words, numbers and rows.
nlohmann::json bias_record(const SimulateOptions& options, const SimulationPlan& plan);

/// The rows of truth.parquet: id, split, the true expression and the given label, group,
/// what hit the row, and every parameter that its face was drawn from.
table::Table truth_table(const SimulateOptions& options, const SimulationPlan& plan);

/// The rows of manifest.parquet; `contents` are the hashes of the pictures' bytes.
table::Table manifest_table(const SimulateOptions& options, const SimulationPlan& plan,
                            const std::vector<std::string>& contents);

}  // namespace evenface::ingest
