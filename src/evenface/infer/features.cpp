#include "evenface/infer/features.h"

#include <cerrno>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/hash.h"
#include "evenface/core/interrupt.h"
#include "evenface/core/log.h"
#include "evenface/core/parallel.h"
#include "evenface/core/progress.h"
#include "evenface/image/transform.h"
#include "evenface/infer/backbone.h"
#include "evenface/infer/feature_files.h"
#include "evenface/infer/listing.h"
#include "evenface/infer/pixels.h"
#include "evenface/infer/shard_file.h"

namespace evenface::infer {
namespace fs = std::filesystem;
namespace {

/// Raise when the values change for the same inputs and options.
constexpr int kCodeVersion = 1;
/// Part of the values' definition: the last bits depend on the size of a batch, hence both are fixed.
constexpr std::int64_t kRowsPerShard = 250, kBatch = 25;

/// A lock on a folder, held by one process at a time and released when the process ends.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder) {
    const fs::path file = folder / "lock";
    descriptor_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0) throw_file_error(file, "write", errno);
    while (flock(descriptor_, LOCK_EX) != 0) {
      if (errno != EINTR) throw_file_error(file, "lock", errno);
      throw_if_interrupted();
    }
  }
  ~FolderLock() { close(descriptor_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

nlohmann::json determinants(const Listing& listing, const FeatureOptions& options, const Backbone& backbone) {
  nlohmann::json all = {{"code_version", kCodeVersion}, {"pictures", hash_of(listing)},
                        {"backbone", options.backbone}, {"weights_sha256", sha256_of_file(backbone.file)},
                        {"image_px", options.image_px}, {"precision", options.precision},
                        {"mirrored", options.mirrored}};
  if (!options.entering.empty()) all["entering"] = options.entering;
  return all;
}

/// Rows begin..end-1 as the network reads them, row after row.
std::vector<float> pixels_of(const Listing& listing, std::int64_t begin, std::int64_t end, const net::Graph& graph,
                             const FeatureOptions& options) {
  const auto px = static_cast<int>(options.image_px);
  const std::size_t size = 3 * static_cast<std::size_t>(px) * static_cast<std::size_t>(px);
  std::vector<float> pixels(static_cast<std::size_t>(end - begin) * size);
  for (std::int64_t row = begin; row < end; ++row) {
    image::Picture picture = image::square(picture_at(listing, static_cast<std::size_t>(row), px), px);
    if (options.mirrored) picture = image::flip_horizontal(picture);
    write_planes(picture, graph.normalisation,
                 std::span(pixels).subspan(static_cast<std::size_t>(row - begin) * size, size));
  }
  return pixels;
}

void compute(const Listing& listing, const FeatureOptions& options, Backbone& backbone, ShardFile& file,
             const Context& context) {
  Progress progress(context.console, "features", static_cast<std::int64_t>(listing.size()));
  parallel_for(file.shards(), 1, context.threads, [&](std::int64_t shard, std::int64_t) {
    if (file.has(shard)) return progress.advance(file.end(shard) - file.begin(shard));
    std::vector<float> values;
    backbone.with_engine([&](net::Engine& engine) {
      for (std::int64_t begin = file.begin(shard); begin < file.end(shard); begin += kBatch) {
        throw_if_interrupted();
        const std::int64_t end = std::min(begin + kBatch, file.end(shard));
        const std::vector<float> batch =
            engine.run(pixels_of(listing, begin, end, backbone.graph, options), end - begin);
        values.insert(values.end(), batch.begin(), batch.end());
        progress.advance(end - begin);
      }
    });
    file.put(shard, values);
  });
}

void write_ids(const fs::path& file, const Listing& listing) {
  table::Table ids;
  ids.add("id", listing.ids);
  table::TableWriter writer(file);
  writer.append(ids);
  writer.commit();
}

}  // namespace

FeatureMatrix features_of(const table::Manifest& manifest, const FeatureOptions& options, const fs::path& cache,
                          const Context& context) {
  const Listing listing = listing_of(manifest);
  Backbone backbone(options);
  nlohmann::json description = determinants(listing, options, backbone);
  const std::string key = content_hash(description.dump());
  const fs::path folder = cache / key;
  make_folder(folder);
  const FolderLock lock(folder);
  const auto rows = static_cast<std::int64_t>(listing.size());
  const bool known = fs::exists(folder / kFeatureValues);
  if (!known) {
    ShardFile file(folder / kFeatureValues, rows, backbone.width(), kRowsPerShard);
    compute(listing, options, backbone, file, context);
    write_ids(folder / kFeatureIds, listing);
    file.commit();
  }
  if (!fs::exists(folder / kFeatureDescription)) {
    description.update({{"key", key}, {"rows", rows}, {"width", backbone.width()}});
    write_file(folder / kFeatureDescription, description.dump(2) + "\n");
  }
  if (context.log != nullptr)
    context.log->event("features", {{"key", key}, {"rows", listing.size()}, {"cached", known}});
  return FeatureMatrix::open(folder);
}

}  // namespace evenface::infer
