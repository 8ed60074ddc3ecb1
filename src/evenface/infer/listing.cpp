#include "evenface/infer/listing.h"

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/hash.h"
#include "evenface/image/decode.h"

namespace evenface::infer {
namespace fs = std::filesystem;
namespace {

constexpr const char* kRemedy = "run evenface ingest again: it sets aside what can't be used";

/// What stands for the picture's content when the manifest knows no hash.
std::string fingerprint(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) throw_file_error(file, "read", error.value());
  const auto changed = fs::last_write_time(file, error).time_since_epoch().count();
  return fmt::format("{} {} {}", file.string(), size, changed);
}

}  // namespace

Listing listing_of(const table::Manifest& manifest) {
  using As = table::ColumnRequest::As;
  const bool hashed = manifest.reader().has("content");
  std::vector<table::ColumnRequest> columns{{"id", As::kText}, {"image", As::kText}};
  if (hashed) columns.push_back({"content", As::kText});
  const table::Table rows = manifest.reader().read(columns);
  if (rows.rows() == 0)
    throw InputError({.file = manifest.reader().path().string(),
                      .at = {},
                      .found = "no rows",
                      .expected = "at least one picture",
                      .remedy = "check what evenface ingest was given"});
  Listing listing{.root = manifest.root(), .ids = rows.texts("id"), .images = rows.texts("image"), .contents = {}};
  if (hashed) listing.contents = rows.texts("content");
  listing.contents.resize(listing.size());
  return listing;
}

std::string hash_of(const Listing& listing) {
  std::string text;
  for (std::size_t i = 0; i < listing.size(); ++i) {
    text += fmt::format("{}:{}", listing.ids[i].size(), listing.ids[i]);
    text += listing.contents[i].empty() ? fingerprint(listing.root / listing.images[i]) : listing.contents[i];
    text += '\n';
  }
  return content_hash(text);
}

image::Picture picture_at(const Listing& listing, std::size_t row, int at_least_px) {
  const fs::path file = listing.root / listing.images[row];
  const std::string bytes = read_file(file);
  if (!listing.contents[row].empty() && content_hash(bytes) != listing.contents[row])
    throw InputError({.file = file.string(),
                      .at = fmt::format("row {}", listing.ids[row]),
                      .found = "the file changed after the data set was made",
                      .expected = "the content that the manifest names",
                      .remedy = kRemedy});
  Checked<image::Picture> picture = image::decode(bytes, at_least_px);
  if (picture) return std::move(*picture);
  Problem problem = picture.error();
  problem.file = file.string();
  problem.at = fmt::format("row {}", listing.ids[row]);
  problem.remedy = kRemedy;
  throw InputError(std::move(problem));
}

}  // namespace evenface::infer
