#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "evenface/train/options.h"

namespace evenface::train {

/// Raised when the same options and inputs give other weights than before.
inline constexpr std::int64_t kCodeVersion = 1;

/// What determines a run's result: its options (those that only say where things
/// lie or how often to save left out), the content of its inputs, and the code version.
struct RunKey {
  std::map<std::string, std::string> options;  ///< as TOML writes them
  std::map<std::string, std::string> inputs;   ///< hashes by name
  bool operator==(const RunKey&) const = default;
};

RunKey key_of_run(const TrainOptions& options, std::map<std::string, std::string> inputs);
/// One hash of the key and the code version; a checkpoint carries it.
std::string hash_of(const RunKey& key);

/// Claims the folder for the run: writes run.json on first use. Returns the summary that a
/// finished run left, or null when there is work to do. Throws InputError, naming what
/// differs, when the folder holds a run of another key (with `overwrite` that run is
/// deleted instead) or files that are no run's.
nlohmann::json claim_folder(const std::filesystem::path& folder, const RunKey& key, bool overwrite);

/// Marks the run as finished, with its summary: the last thing that a run writes.
void finish_run(const std::filesystem::path& folder, const RunKey& key, const nlohmann::json& summary);

/// Throws InputError unless the folder holds a finished run.
void require_finished(const std::filesystem::path& folder);

/// All options as TOML, each with its origin as a comment.
std::string config_toml(const TrainOptions& options);

/// Versions, machine, threads, seed and input hashes, for environment.json.
nlohmann::json describe_environment(const TrainOptions& options, const RunKey& key, int threads);

}  // namespace evenface::train
