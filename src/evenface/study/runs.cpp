#include "evenface/study/runs.h"

#include <algorithm>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"

namespace evenface::study {
namespace fs = std::filesystem;
namespace {

/// seed-2 before seed-10.
bool natural_less(const fs::path& a, const fs::path& b) {
  const std::string x = a.string(), y = b.string();
  return x.size() != y.size() ? x.size() < y.size() : x < y;
}

}  // namespace

std::vector<RunSource> runs_at(const fs::path& path, const std::string& split) {
  if (!fs::exists(path)) throw_file_error(path, "read predictions", ENOENT);
  if (!fs::is_directory(path)) return {{path, std::nullopt}};
  const fs::path inside = fs::path("predictions") / (split + ".parquet");
  if (fs::exists(path / inside)) return {{path / inside, path}};

  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(path))
    if (entry.is_directory() && fs::exists(entry.path() / inside)) folders.push_back(entry.path());
  std::ranges::sort(folders, natural_less);
  std::vector<RunSource> runs;
  for (const fs::path& folder : folders) runs.push_back({folder / inside, folder});
  if (runs.empty())
    throw InputError({.file = path.string(),
                      .at = {},
                      .found = "this folder holds no predictions",
                      .expected = fmt::format("{} in it or in its sub-folders", inside.string()),
                      .remedy = "train first (evenface train), or name a CSV or Parquet file of predictions"});
  return runs;
}

std::vector<RunSource> runs_at(const std::vector<std::string>& paths, const std::string& split) {
  std::vector<RunSource> all;
  for (const std::string& path : paths) {
    const auto runs = runs_at(fs::path(path), split);
    all.insert(all.end(), runs.begin(), runs.end());
  }
  return all;
}

}  // namespace evenface::study
