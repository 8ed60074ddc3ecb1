#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "evenface/image/picture.h"
#include "evenface/table/manifest.h"

namespace evenface::infer {

/// The pictures of a data set, in the manifest's order.
struct Listing {
  std::filesystem::path root;
  std::vector<std::string> ids, images;
  std::vector<std::string> contents;  ///< content hashes; empty where the manifest has none

  std::size_t size() const { return ids.size(); }
};

/// All rows of the manifest. Throws InputError when there are none.
Listing listing_of(const table::Manifest& manifest);

/// Hash of the ids and of what identifies each picture: its content hash or,
/// without one, its path, size and time of change.
std::string hash_of(const Listing& listing);

/// The picture of a row, at least `at_least_px` on its shorter side where it is that large.
/// Throws InputError naming the file when it is unreadable or its content is not the manifest's.
image::Picture picture_at(const Listing& listing, std::size_t row, int at_least_px);

}  // namespace evenface::infer
