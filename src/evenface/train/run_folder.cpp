#include "evenface/train/run_folder.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/hash.h"
#include "evenface/core/options.h"

namespace evenface::train {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Options that change nothing about the result: places (their content is hashed
/// instead), the number of runs beside this one, and how often progress is saved.
constexpr const char* kNotInKey[] = {"data",     "output", "features",  "feature_cache",     "backbone_weights",
                                     "feedback", "seeds",  "overwrite", "checkpoint_minutes"};

/// What a run folder holds, also by later stages; run.json goes last when a run is deleted.
constexpr const char* kContents[] = {"config.toml",       "environment.json", "history.parquet", "weights.parquet",
                                     "model.safetensors", "predictions",      "checkpoints",     "log.jsonl",
                                     "findings.json",     "report.html"};

json stored_run(const fs::path& folder) {
  const fs::path file = folder / "run.json";
  if (!fs::exists(file)) return nullptr;
  json stored = json::parse(read_file(file), nullptr, /*allow_exceptions=*/false);
  if (!stored.is_object() || !stored.contains("options") || !stored.contains("inputs") ||
      !stored.contains("code_version"))
    throw InputError({.file = file.string(),
                      .at = {},
                      .found = "the file is damaged",
                      .expected = "the description of a training run",
                      .remedy = "delete the folder and train again"});
  return stored;
}

json describe(const RunKey& key, const json& summary) {
  return {{"code_version", kCodeVersion}, {"options", key.options}, {"inputs", key.inputs}, {"summary", summary}};
}

/// "epochs: 20 there, 5 now" for each entry of the two that differs.
std::vector<std::string> differences(const json& there, const json& now) {
  std::vector<std::string> lines;
  for (const char* part : {"options", "inputs"}) {
    json names = there.at(part);
    names.update(now.at(part));
    for (const auto& [name, unused] : names.items()) {
      const std::string a = there.at(part).value(name, "nothing"), b = now.at(part).value(name, "nothing");
      if (a != b) lines.push_back(fmt::format("{}: {} there, {} now", name, a, b));
    }
  }
  if (there.at("code_version") != now.at("code_version"))
    lines.push_back(fmt::format("made by an {} version of evenface",
                                there.at("code_version") < now.at("code_version") ? "earlier" : "later"));
  return lines;
}

void delete_run(const fs::path& folder) {
  for (const char* name : kContents) fs::remove_all(folder / name);
  fs::remove(folder / "run.json");
}

void refuse_strange_files(const fs::path& folder) {
  for (const char* name : kContents)
    if (std::string_view(name) != "log.jsonl" && fs::exists(folder / name))
      throw InputError({.file = folder.string(),
                        .at = name,
                        .found = "the output folder holds files, but no run.json",
                        .expected = "a new folder, or one that evenface train made",
                        .remedy = "choose another --output"});
}

}  // namespace

RunKey key_of_run(const TrainOptions& options, std::map<std::string, std::string> inputs) {
  TrainOptions copy = options;
  RunKey key{{}, std::move(inputs)};
  for (const Field& field : fields_of(copy))
    if (std::ranges::find(kNotInKey, field.name) == std::end(kNotInKey)) key.options[field.name] = toml_value(field);
  return key;
}

std::string hash_of(const RunKey& key) { return content_hash(describe(key, nullptr).dump()); }

json claim_folder(const fs::path& folder, const RunKey& key, bool overwrite) {
  make_folder(folder);
  json stored = stored_run(folder);
  const json wanted = describe(key, nullptr);
  if (!stored.is_null()) {
    const std::vector<std::string> different = differences(stored, wanted);
    if (different.empty()) return fs::exists(folder / "model.safetensors") ? stored.value("summary", json()) : nullptr;
    if (!overwrite)
      throw InputError({.file = folder.string(),
                        .at = "output",
                        .found = fmt::format("the folder holds another run ({})", fmt::join(different, "; ")),
                        .expected = "a run of the same options and inputs, or a new folder",
                        .remedy = "choose another --output, or replace that run with --overwrite"});
    delete_run(folder);
  }
  refuse_strange_files(folder);
  write_file(folder / "run.json", wanted.dump(1) + "\n");
  return nullptr;
}

void finish_run(const fs::path& folder, const RunKey& key, const json& summary) {
  write_file(folder / "run.json", describe(key, summary).dump(1) + "\n");
}

void require_finished(const fs::path& folder) {
  const json stored = stored_run(folder);
  if (stored.is_null() || stored.value("summary", json()).is_null())
    throw InputError(
        {.file = folder.string(),
         .at = {},
         .found = stored.is_null() ? "this is no run folder" : "this run is not finished",
         .expected = "a finished run of evenface train",
         .remedy = stored.is_null() ? "check the path" : "run its command again; it goes on where it stopped"});
}

std::string config_toml(const TrainOptions& options) {
  TrainOptions copy = options;
  std::string text = "[train]\n";
  for (const Field& field : fields_of(copy)) {
    const auto origin = options.origins.find(field.name);
    text += fmt::format("{} = {}  # {}\n", field.name, toml_value(field),
                        origin == options.origins.end() ? "default" : origin->second);
  }
  return text;
}

}  // namespace evenface::train
