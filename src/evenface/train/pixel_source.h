#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include <ATen/core/Tensor.h>

#include "evenface/net/graph.h"
#include "evenface/train/examples.h"
#include "evenface/train/options.h"

namespace evenface::train {

/// Reads pictures as the network takes them, on as many threads as asked.
class PixelSource {
 public:
  PixelSource(const TrainOptions& options, const Examples& examples, const net::Normalisation& normalisation,
              int threads);
  ~PixelSource();
  PixelSource(const PixelSource&) = delete;
  PixelSource& operator=(const PixelSource&) = delete;

  /// n x 3 x px x px: the largest centred square of each picture, resized and normalised.
  /// Throws InputError naming a file that can't be read or has changed since the import.
  at::Tensor plain(std::span<const std::int64_t> rows) const;

  /// The same, varied as the options say: one draw a picture, addressed by (seed, id, epoch),
  /// so it depends neither on the batch nor on the thread.
  at::Tensor varied(std::span<const std::int64_t> rows, std::uint64_t seed, std::int64_t epoch) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace evenface::train
