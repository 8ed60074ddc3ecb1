#include "evenface/ingest/simulate.h"

#include <atomic>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/hash.h"
#include "evenface/core/log.h"
#include "evenface/core/parallel.h"
#include "evenface/core/progress.h"
#include "evenface/image/encode.h"
#include "evenface/ingest/simulate_record.h"
#include "evenface/table/manifest.h"

namespace evenface::ingest {
namespace {

namespace fs = std::filesystem;

/// The fingerprint that an earlier run left, or nothing.
std::string earlier_fingerprint(const fs::path& bias) {
  const auto record = nlohmann::json::parse(read_file(bias), nullptr, false);
  return record.is_object() ? record.value("fingerprint", "") : "";
}

/// Leaves in the folder only what a run with this fingerprint may go on with.
void clear_folder(const fs::path& folder, const std::string& fingerprint) {
  make_folder(folder);
  const fs::path bias = folder / "bias.json";
  if (!fs::exists(bias)) {
    if (!fs::is_empty(folder))
      throw InputError({.file = folder.string(),
                        .found = "the folder holds something else",
                        .expected = "an empty or new folder",
                        .remedy = "name another output folder, or empty this one"});
    return;
  }
  if (earlier_fingerprint(bias) == fingerprint) return;
  for (const char* file : {"manifest.parquet", "truth.parquet"}) fs::remove(folder / file);
  fs::remove_all(folder / "images");
}

/// Draws a row's picture unless an interrupted run left it; gives the hash of its bytes.
std::string draw_picture(const SimulateOptions& options, const SimulationPlan& plan, std::int64_t index, bool& reused) {
  const fs::path file = fs::path(options.output) / plan.rows[static_cast<std::size_t>(index)].image;
  reused = fs::exists(file);
  if (reused) return content_hash(read_file(file));
  const image::Picture picture = image::render_face(face_of(options, plan, index), static_cast<int>(options.size_px));
  const std::string bytes = image::encode_jpeg(picture, static_cast<int>(options.quality));
  write_file(file, bytes);
  return content_hash(bytes);
}

std::vector<std::string> draw_pictures(const SimulateOptions& options, const SimulationPlan& plan,
                                       const Context& context, std::int64_t& reused) {
  const auto n = static_cast<std::int64_t>(plan.rows.size());
  std::vector<std::string> contents(plan.rows.size());
  std::atomic<std::int64_t> found = 0;
  Progress progress(context.console, "drawing faces", n);
  parallel_for(n, 8, context.threads, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      bool was_there = false;
      contents[static_cast<std::size_t>(i)] = draw_picture(options, plan, i, was_there);
      found += was_there;
    }
    progress.advance(end - begin);
  });
  reused = found;
  return contents;
}

table::DataSetInfo describe_set(const table::Table& rows) {
  table::DataSetInfo info{.name = "simulated faces",
                          .root = ".",
                          .licence = "none needed: no person is shown",
                          .consent = "not applicable: the faces are drawn"};
  for (const std::string& name : rows.names())
    if (name.starts_with("label.") || name.starts_with("attr."))
      info.sources[name] = {"simulated", "the face simulator"};
  return info;
}

void write_table(const fs::path& file, const table::Table& rows, std::map<std::string, std::string> metadata) {
  table::TableWriter writer(file, std::move(metadata));
  writer.append(rows);
  writer.commit();
}

}  // namespace

SimulateSummary simulate(const SimulateOptions& options, const Context& context) {
  SimulationPlan plan = plan_simulation(options);
  const fs::path folder = options.output;
  clear_folder(folder, fingerprint_of(options));
  write_file(folder / "bias.json", bias_record(options, plan).dump(1) + "\n");
  make_folder(folder / "images");
  SimulateSummary summary;
  const std::vector<std::string> contents = draw_pictures(options, plan, context, summary.reused);
  summary.rows = static_cast<std::int64_t>(plan.rows.size());
  summary.drawn = summary.rows - summary.reused;
  for (const PlannedFace& row : plan.rows) ++summary.splits[table::split_levels()[static_cast<std::size_t>(row.split)]];
  write_table(folder / "truth.parquet", truth_table(options, plan), {});
  const table::Table rows = manifest_table(options, plan, contents);
  write_table(folder / "manifest.parquet", rows, table::manifest_metadata(describe_set(rows)));
  summary.knobs = std::move(plan.knobs);
  if (context.log)
    context.log->event("simulated", {{"rows", summary.rows}, {"drawn", summary.drawn}, {"reused", summary.reused}});
  return summary;
}

}  // namespace evenface::ingest
