#include "evenface/train/pixel_source.h"

#include <functional>
#include <unordered_map>

#include <ATen/ops/empty.h>

#include "evenface/core/error.h"
#include "evenface/core/parallel.h"
#include "evenface/image/augment.h"
#include "evenface/image/transform.h"
#include "evenface/infer/listing.h"
#include "evenface/infer/pixels.h"
#include "evenface/table/manifest.h"

namespace evenface::train {

struct PixelSource::State {
  const Examples& examples;
  infer::Listing listing;
  std::vector<std::size_t> listed;  ///< per example: its place in the listing
  net::Normalisation normalisation;
  int px, threads;
  bool augments;

  using Change = std::function<image::Picture(image::Picture, std::int64_t row)>;
  at::Tensor read(std::span<const std::int64_t> rows, const Change& change) const;
};

at::Tensor PixelSource::State::read(std::span<const std::int64_t> rows, const Change& change) const {
  const auto n = static_cast<std::int64_t>(rows.size());
  const std::size_t size = 3 * static_cast<std::size_t>(px) * static_cast<std::size_t>(px);
  at::Tensor batch = at::empty({n, 3, px, px}, at::kFloat);
  float* const values = batch.data_ptr<float>();
  parallel_for(n, 1, threads, [&](std::int64_t i, std::int64_t) {
    const std::int64_t row = rows[static_cast<std::size_t>(i)];
    image::Picture picture = image::square(infer::picture_at(listing, listed[static_cast<std::size_t>(row)], px), px);
    if (change) picture = change(std::move(picture), row);
    infer::write_planes(picture, normalisation, {values + static_cast<std::size_t>(i) * size, size});
  });
  return batch;
}

PixelSource::PixelSource(const TrainOptions& options, const Examples& examples, const net::Normalisation& normalisation,
                         int threads)
    : state_(new State{examples,
                       infer::listing_of(table::Manifest::open(options.data)),
                       {},
                       normalisation,
                       static_cast<int>(options.image_px),
                       threads,
                       options.augment != "none"}) {
  std::unordered_map<std::string_view, std::size_t> place;
  for (std::size_t i = 0; i < state_->listing.size(); ++i) place.emplace(state_->listing.ids[i], i);
  for (const std::string& id : examples.ids) state_->listed.push_back(place.at(id));
}

PixelSource::~PixelSource() = default;

at::Tensor PixelSource::plain(std::span<const std::int64_t> rows) const { return state_->read(rows, {}); }

at::Tensor PixelSource::varied(std::span<const std::int64_t> rows, std::uint64_t seed, std::int64_t epoch) const {
  if (!state_->augments) return plain(rows);
  return state_->read(rows, [&](const image::Picture& picture, std::int64_t row) {
    const std::uint64_t id = key_of(state_->examples.ids[static_cast<std::size_t>(row)]);
    return image::augment(picture, {}, Stream(seed, "augment", {id, static_cast<std::uint64_t>(epoch)}));
  });
}

}  // namespace evenface::train
