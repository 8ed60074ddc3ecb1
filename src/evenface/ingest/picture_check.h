#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/ingest/draft.h"

namespace evenface::ingest {

/// What looking at a picture's file told; parallel to the draft's rows.
struct PictureFact {
  std::string image;    ///< path relative to the root, without "." and ".."
  std::string content;  ///< hash of the bytes
  std::int64_t bytes = 0;
  std::int64_t width = 0, height = 0;  ///< px, as shown
};

/// Reads every picture of the draft on all threads; with `decode` also decodes it.
/// Rows whose picture is missing, damaged, too large, no regular file, or lies
/// outside the root (by its path or through a symbolic link) move to the rejected
/// ones. Gives the facts of the rows that stay. Throws InputError when there is no root.
std::vector<PictureFact> check_pictures(Draft& draft, bool decode, const Context& context);

}  // namespace evenface::ingest
