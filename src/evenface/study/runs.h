#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace evenface::study {

/// Predictions of one model, and the run folder they came from, if any.
struct RunSource {
  std::filesystem::path predictions;
  std::optional<std::filesystem::path> folder;
};

/// The predictions at `path`: a Parquet or CSV file; a run folder, which has
/// predictions/<split>.parquet; or a folder of run folders (one per seed), in
/// natural order of their names. Throws InputError that says what was looked for, and of a folder that holds tables
/// only that these are to be named one by one.
std::vector<RunSource> runs_at(const std::filesystem::path& path, const std::string& split);

/// The same for several paths, one after another.
std::vector<RunSource> runs_at(const std::vector<std::string>& paths, const std::string& split);

}  // namespace evenface::study
