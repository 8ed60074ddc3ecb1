#include "evenface/core/error.h"
#include "evenface/train/features.h"

namespace evenface::train {

Features features_for(const TrainOptions& options, const Examples& examples, const Context&) {
  if (!options.features.empty()) return read_features(options.features, examples);
  throw InputError({.file = {}, .at = "features", .found = "no features are given", .expected = {}, .remedy = {}});
}

}  // namespace evenface::train
