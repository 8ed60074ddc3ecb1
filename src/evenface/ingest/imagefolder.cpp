#include "evenface/ingest/imagefolder.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/core/file.h"
#include "evenface/ingest/column_map.h"
#include "evenface/ingest/table_import.h"
#include "evenface/ingest/unlisted.h"

namespace evenface::ingest {
namespace {
namespace fs = std::filesystem;

std::string folder_name(const fs::path& folder) {
  const fs::path normal = fs::absolute(folder).lexically_normal();
  return (normal.has_filename() ? normal : normal.parent_path()).filename().string();
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (!is_system_name(entry.path())) entries.push_back(entry.path());
  std::ranges::sort(entries);
  return entries;
}

/// The metadata file of a folder, or an empty path.
fs::path metadata_in(const fs::path& folder) {
  std::vector<std::string> found;
  for (const char* name : {"metadata.csv", "metadata.jsonl", "metadata.parquet"})
    if (fs::exists(folder / name)) found.emplace_back(name);
  if (found.size() > 1)
    throw InputError({.file = folder.string(),
                      .at = {},
                      .found = fmt::format("there are {}", fmt::join(found, " and ")),
                      .expected = "one metadata file",
                      .remedy = "remove all but one"});
  return found.empty() ? fs::path() : folder / found.front();
}

/// Folders of the source that are splits, with their code. Throws when only some are.
std::vector<std::pair<fs::path, std::int32_t>> split_folders(const fs::path& source) {
  std::vector<std::pair<fs::path, std::int32_t>> splits;
  std::vector<std::string> others;
  for (const fs::path& entry : sorted_entries(source)) {
    if (!fs::is_directory(entry)) continue;
    if (const auto split = split_of(entry.filename().string())) splits.emplace_back(entry, *split);
    else others.push_back(entry.filename().string());
  }
  if (!splits.empty() && !others.empty())
    throw InputError({.file = source.string(),
                      .at = {},
                      .found = fmt::format("some folders are splits ({}), others are not ({})",
                                           splits.front().first.filename().string(), fmt::join(others, ", ")),
                      .expected = "<split>/<class>/*.jpg or <class>/*.jpg",
                      .remedy = "move the other folders away, or list the pictures in a table and use csv"});
  return splits;
}

/// Adds the pictures of one folder of class folders.
class ClassFolders {
 public:
  explicit ClassFolders(Draft& draft) : draft_(draft) {}

  void add(const fs::path& folder, std::int32_t split) {
    for (const fs::path& entry : sorted_entries(folder)) {
      if (fs::is_directory(entry)) add_class(entry, split);
      else if (is_picture_name(entry)) reject(entry, split);
      else ++other_files_;
    }
  }

  void finish(const std::string& task) {
    const std::string column = "label." + task;
    draft_.columns.push_back(table::factor_of(column, classes_));
    draft_.info.sources[column] = {"given", "the folders that the pictures lie in"};
    if (other_files_ > 0) draft_.notes.push_back(fmt::format("{} files are no pictures: left out", other_files_));
  }

 private:
  DraftRow row_of(const fs::path& picture, std::int32_t split) const {
    const std::string image = picture.lexically_relative(draft_.root).generic_string();
    return {.id = image, .image = image, .split = split};
  }

  void add_class(const fs::path& folder, std::int32_t split) {
    std::vector<fs::path> pictures;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_directory() || is_system_name(entry.path())) continue;
      if (is_picture_name(entry.path())) pictures.push_back(entry.path());
      else ++other_files_;
    }
    std::ranges::sort(pictures);
    for (const fs::path& picture : pictures) {
      draft_.rows.push_back(row_of(picture, split));
      classes_.push_back(folder.filename().string());
    }
  }

  void reject(const fs::path& picture, std::int32_t split) {
    draft_.rejected.push_back({row_of(picture, split),
                               "no class",
                               {.found = "the picture lies in no class folder",
                                .expected = "<class>/<picture>",
                                .remedy = "move it into the folder of its class"}});
  }

  Draft& draft_;
  std::vector<std::string> classes_;
  std::int64_t other_files_ = 0;
};

using Splits = std::vector<std::pair<fs::path, std::int32_t>>;

/// Tables in the source or its split folders: path, folder within the source, split. Empty when there are none.
std::vector<std::tuple<fs::path, fs::path, std::int32_t>> metadata_tables(const fs::path& source,
                                                                          const Splits& splits) {
  std::vector<std::tuple<fs::path, fs::path, std::int32_t>> tables;
  if (const fs::path table = metadata_in(source); !table.empty())
    tables.emplace_back(table, fs::path(), table::Factor::kMissing);
  for (const auto& [folder, split] : splits)
    if (const fs::path table = metadata_in(folder); !table.empty())
      tables.emplace_back(table, folder.filename(), split);
  return tables;
}

/// Rows of a table in the source that name no split have that of the folder their picture lies in.
void split_by_folder(Draft& draft) {
  for (DraftRow& row : draft.rows)
    if (row.split == table::Factor::kMissing && row.image.find('/') != std::string::npos)
      row.split = split_of(row.image.substr(0, row.image.find('/'))).value_or(table::Factor::kMissing);
}

}  // namespace

Draft ImageFolder::read(const IngestOptions& options) const {
  const fs::path source = options.source;
  if (!fs::is_directory(source))
    throw InputError({.file = source.string(),
                      .at = {},
                      .found = fs::exists(source) ? "this is a file" : "there is no such folder",
                      .expected = "a folder of pictures",
                      .remedy = "check the path, or use csv for a table"});
  Draft draft;
  draft.root = source;
  draft.info.name = folder_name(source);
  const fs::path at_root = metadata_in(source);
  const Splits splits = at_root.empty() ? split_folders(source) : Splits();
  const auto tables = metadata_tables(source, splits);
  if (tables.empty()) {
    ClassFolders classes(draft);
    if (splits.empty()) classes.add(source, table::Factor::kMissing);
    for (const auto& [folder, split] : splits) classes.add(folder, split);
    classes.finish(options.task);
    return draft;
  }
  if (!options.root.empty()) draft.root = options.root;
  TableImport import(options, draft);
  for (const auto& [table, folder, split] : tables) import.add(table, folder, split);
  import.finish();
  split_by_folder(draft);
  note_unlisted_pictures(draft, {""});
  return draft;
}

}  // namespace evenface::ingest
