#include <ATen/ops/from_blob.h>

#include "evenface/infer/features.h"
#include "evenface/train/features.h"

namespace evenface::train {

Features features_for(const TrainOptions& options, const Examples& examples, const Context& context) {
  if (!options.features.empty()) return read_features(options.features, examples);
  const std::filesystem::path cache = options.feature_cache.empty() ? std::filesystem::path(options.data) / "features"
                                                                    : std::filesystem::path(options.feature_cache);
  auto matrix = std::make_shared<infer::FeatureMatrix>(infer::features_of(table::Manifest::open(options.data),
                                                                          {.backbone = options.backbone,
                                                                           .weights = options.backbone_weights,
                                                                           .image_px = options.image_px,
                                                                           .precision = options.precision},
                                                                          cache, context));
  // The tensor only reads the mapped file; from_blob knows no const.
  auto* const values = const_cast<float*>(matrix->values().data());
  return {.values = at::from_blob(values, {matrix->rows(), matrix->width()}, at::kFloat),
          .row = matrix->rows_of(examples.ids),
          .owner = matrix,
          .hash = matrix->key()};
}

}  // namespace evenface::train
