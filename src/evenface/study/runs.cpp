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

std::vector<std::string> tables_in(const fs::path& folder) {
  std::vector<fs::path> tables;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path ending = entry.path().extension();
    if (entry.is_regular_file() && (ending == ".csv" || ending == ".tsv" || ending == ".parquet"))
      tables.push_back(entry.path());
  }
  std::ranges::sort(tables, natural_less);
  std::vector<std::string> names;
  for (const fs::path& table : tables) names.push_back(table.string());
  return names;
}

/// What to do where a folder is no run: its own tables may be meant.
std::string remedy_for(const fs::path& folder) {
  const std::vector<std::string> tables = tables_in(folder);
  if (tables.empty()) return "train first (evenface train), or name a CSV or Parquet file of predictions";
  if (tables.size() == 1) return fmt::format("name the file in it: {}", tables.front());
  return fmt::format(
      "name the files in it, each a run of its own: evenface evaluate {0} {1}, or evenface compare --before {0} "
      "--before {1} --after ...",
      tables[0], tables[1]);
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
                      .remedy = remedy_for(path)});
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
