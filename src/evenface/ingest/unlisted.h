#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "evenface/ingest/draft.h"

namespace evenface::ingest {

/// Whether a file's ending is that of a picture, of whatever format.
bool is_picture_name(const std::filesystem::path& path);

/// Whether a file or folder is an operating system's or an archiver's own (".DS_Store", "__MACOSX").
bool is_system_name(const std::filesystem::path& path);

/// Adds a note with the number of pictures below these folders of the root that no row (kept or rejected) names:
/// they stay out of the data set, but not unsaid.
void note_unlisted_pictures(Draft& draft, const std::vector<std::string>& folders);

}  // namespace evenface::ingest
