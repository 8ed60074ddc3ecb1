#include "evenface/train/frozen_stages.h"

#include <algorithm>
#include <cmath>

#include <ATen/ops/empty.h>

#include "evenface/core/error.h"
#include "evenface/core/parallel.h"

namespace evenface::train {
namespace {

/// Pictures that an engine takes at a time: fixed, as the last bits may depend on it.
constexpr std::int64_t kAtOnce = 8;

/// n x (c h w) as n x c x h x w; pictures are square, and so is what comes of them.
at::Tensor unflattened(const at::Tensor& flat, std::int64_t channels) {
  const std::int64_t side = std::llround(std::sqrt(static_cast<double>(flat.size(1) / channels)));
  ensure(channels * side * side == flat.size(1), "what enters a stage is square");
  return flat.view({flat.size(0), channels, side, side});
}

}  // namespace

Features stored_boundaries(const TrainOptions& options, const Examples& examples, const Context& context) {
  if (options.augment != "none") return {};
  infer::Backbone backbone(backbone_options(options, options.finetune_from));
  if (backbone.node == 0) return {};
  const auto bytes = static_cast<std::int64_t>(sizeof(float)) * backbone.width();
  if (bytes > kStoredBytes / examples.rows()) return {};
  return features_entering(options.finetune_from, options, examples, context);
}

FrozenStages::FrozenStages(const TrainOptions& options, const Examples& examples, const Features& stored, int threads)
    : stored_(stored),
      backbone_(backbone_options(options, options.finetune_from)),
      pixels_(options, examples, backbone_.graph.normalisation, threads),
      threads_(threads) {}

at::Tensor FrozenStages::boundary(std::span<const std::int64_t> rows, const StepAddress* training) {
  if (stored_.values.defined()) return unflattened(stored_.of(rows), backbone_.graph.node(backbone_.node).channels);
  return computed(training != nullptr ? pixels_.varied(rows, training->seed, training->epoch) : pixels_.plain(rows));
}

at::Tensor FrozenStages::computed(const at::Tensor& pictures) {
  if (backbone_.node == 0) return pictures;
  const std::int64_t n = pictures.size(0), size = pictures.numel() / n, width = backbone_.width();
  at::Tensor flat = at::empty({n, width}, at::kFloat);
  const float* const from = pictures.const_data_ptr<float>();
  float* const into = flat.data_ptr<float>();
  parallel_for(n, kAtOnce, threads_, [&](std::int64_t begin, std::int64_t end) {
    backbone_.with_engine([&](net::Engine& engine) {
      const std::vector<float> values =
          engine.run({from + begin * size, static_cast<std::size_t>((end - begin) * size)}, end - begin);
      std::copy(values.begin(), values.end(), into + begin * width);
    });
  });
  return unflattened(flat, backbone_.graph.node(backbone_.node).channels);
}

}  // namespace evenface::train
