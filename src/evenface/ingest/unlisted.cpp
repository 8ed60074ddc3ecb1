#include "evenface/ingest/unlisted.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include <fmt/format.h>

namespace evenface::ingest {
namespace fs = std::filesystem;

bool is_picture_name(const fs::path& path) {
  static constexpr std::array<std::string_view, 11> kEndings{".jpg", ".jpeg", ".jpe",  ".png",  ".webp", ".bmp",
                                                             ".gif", ".tif",  ".tiff", ".avif", ".heic"};
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::find(kEndings, ending) != kEndings.end();
}

bool is_system_name(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with('.') || name == "__MACOSX" || name == "Thumbs.db" || name == "desktop.ini";
}

void note_unlisted_pictures(Draft& draft, const std::vector<std::string>& folders) {
  std::unordered_set<std::string> listed;
  const auto list = [&](const std::string& image) {
    listed.insert(fs::path(image).lexically_normal().generic_string());
  };
  for (const DraftRow& row : draft.rows) list(row.image);
  for (const Rejected& rejected : draft.rejected) list(rejected.row.image);
  std::int64_t count = 0;
  std::string example;
  for (const std::string& folder : folders) {
    if (!fs::is_directory(draft.root / folder)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(draft.root / folder)) {
      if (!is_picture_name(entry.path()) || is_system_name(entry.path())) continue;
      const std::string image = entry.path().lexically_relative(draft.root).lexically_normal().generic_string();
      if (listed.contains(image)) continue;
      if (count++ == 0 || image < example) example = image;
    }
  }
  if (count > 0)
    draft.notes.push_back(fmt::format("{} pictures are in no table, e.g. {}: they were left out", count, example));
}

}  // namespace evenface::ingest
