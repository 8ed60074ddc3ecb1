#include "evenface/core/file.h"
#include "evenface/core/hash.h"
#include "evenface/core/version.h"
#include "evenface/study/finding.h"
#include "evenface/table/manifest.h"

namespace evenface::study {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

json input(const char* name, const fs::path& path) {
  return {{"name", name}, {"path", path.string()}, {"hash", "sha256:" + sha256_of_file(path)}};
}

json data_set(const table::Manifest& manifest) {
  const table::DataSetInfo& info = manifest.info();
  const auto stated = [](const std::string& text) { return text.empty() ? "not stated" : text; };
  json columns = json::array();
  for (const auto& [column, source] : info.sources)
    columns.push_back({{"name", column}, {"kind", source.kind}, {"by", stated(source.by)}});
  return {{"name", stated(info.name)},
          {"licence", stated(info.licence)},
          {"citation", stated(info.citation)},
          {"consent", stated(info.consent)},
          {"columns", columns}};
}

/// Adds what a run folder says of itself; the last run's words stand for all.
void describe(const fs::path& folder, json& evidence) {
  if (fs::exists(folder / "config.toml")) evidence["config"] = read_file(folder / "config.toml");
  if (!fs::exists(folder / "environment.json")) return;
  const json e = json::parse(read_file(folder / "environment.json"), nullptr, false);
  if (!e.is_object()) return;
  if (e.contains("seed")) evidence["seeds"].push_back(e["seed"]);
  for (const char* library : {"torch", "openvino", "compiler"})
    if (e.contains(library) && e[library].is_string()) evidence["versions"][library] = e[library];
  if (e.contains("processor") && e.contains("threads"))
    evidence["machine"] = e["processor"].get<std::string>() + ", " + e["threads"].dump() + " threads";
}

}  // namespace

Findings find_provenance(const Outcomes& o, const std::vector<RunSource>& runs, const std::string& command) {
  Finding f{.id = "provenance", .kind = "provenance"};
  f.evidence = {{"command", command},
                {"config", ""},
                {"seeds", json::array()},
                {"inputs", json::array()},
                {"versions", {{"evenface", kVersion}}},
                {"data_sets", json::array()}};
  for (const RunSource& run : runs) {
    f.evidence["inputs"].push_back(input("predictions", run.predictions));
    if (run.folder) describe(*run.folder, f.evidence);
  }
  if (!o.data.empty()) {
    const table::Manifest manifest = table::Manifest::open(o.data);
    f.evidence["inputs"].push_back(input("manifest", manifest.reader().path()));
    f.evidence["data_sets"].push_back(data_set(manifest));
  }
  return {f};
}

}  // namespace evenface::study
