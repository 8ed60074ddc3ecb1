#include <ATen/ops/from_blob.h>

#include "evenface/train/features.h"

namespace evenface::train {

infer::FeatureOptions backbone_options(const TrainOptions& options, const std::string& entering) {
  return {.backbone = options.backbone,
          .weights = options.backbone_weights,
          .image_px = options.image_px,
          .precision = options.precision,
          .entering = entering};
}

Features features_entering(const std::string& stage, const TrainOptions& options, const Examples& examples,
                           const Context& context) {
  const std::filesystem::path cache = options.feature_cache.empty() ? std::filesystem::path(options.data) / "features"
                                                                    : std::filesystem::path(options.feature_cache);
  const auto matrix = std::make_shared<infer::FeatureMatrix>(
      infer::features_of(table::Manifest::open(options.data), backbone_options(options, stage), cache, context));
  // The tensor only reads the mapped file; from_blob knows no const.
  auto* const values = const_cast<float*>(matrix->values().data());
  return {.values = at::from_blob(values, {matrix->rows(), matrix->width()}, at::kFloat),
          .row = matrix->rows_of(examples.ids),
          .owner = matrix,
          .hash = matrix->key()};
}

Features features_for(const TrainOptions& options, const Examples& examples, const Context& context) {
  if (!options.features.empty()) return read_features(options.features, examples);
  return features_entering({}, options, examples, context);
}

}  // namespace evenface::train
