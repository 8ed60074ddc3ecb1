#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "evenface/core/context.h"
#include "evenface/infer/feature_matrix.h"
#include "evenface/table/manifest.h"

namespace evenface::infer {

/// What a frozen backbone sees, and how it computes.
struct FeatureOptions {
  std::string backbone = "efficientnet_lite0";
  std::string weights;  ///< safetensors file; empty: net::find_weights(backbone)
  std::int64_t image_px = 160;
  std::string precision = "f32";
  bool mirrored = false;
  std::string entering;  ///< a stage: what enters it (channels x height x width) in place of the features

  template <class V>
  static void fields(V& v) {
    v(&FeatureOptions::backbone, "backbone", {.help = "network that turns a picture into features"});
    v(&FeatureOptions::weights, "weights", {.help = "its weights, a safetensors file; without it those of the set-up"});
    v(&FeatureOptions::image_px, "image_px",
      {.help = "side of the picture that the backbone sees", .min = 32, .max = 2048, .unit = "px"});
    v(&FeatureOptions::precision, "precision",
      {.help = "precision of the computation; bf16 is faster and slightly less exact", .choices = {"f32", "bf16"}});
    v(&FeatureOptions::mirrored, "mirrored", {.help = "features of the mirrored pictures"});
    v(&FeatureOptions::entering, "entering", {.help = "stage whose input is wanted in place of the last features"});
  }
};

/// Features of every row of the manifest, the largest centred square of each
/// picture resized to image_px. They are kept in `<cache>/<key>`, where the key is a
/// hash of all that determines them, and computed only if they are not there; a
/// killed computation goes on where it was. The values do not depend on the
/// thread count, nor on kills, bit for bit.
/// Throws InputError naming a picture that can't be read or that changed since the data set was made.
FeatureMatrix features_of(const table::Manifest& manifest, const FeatureOptions& options,
                          const std::filesystem::path& cache, const Context& context);

}  // namespace evenface::infer
