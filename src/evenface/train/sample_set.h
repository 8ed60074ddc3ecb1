#pragma once
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "evenface/core/file.h"
#include "evenface/core/random.h"
#include "evenface/image/encode.h"
#include "evenface/image/picture.h"
#include "evenface/table/manifest.h"
#include "evenface/table/table.h"
#include "evenface/train/options.h"

namespace evenface::train {

/// For tests: a data set of two tasks whose features know the labels, more or less.
struct SampleSet {
  std::int64_t train = 64, val = 32, test = 32, width = 12;
  double noise = 0.3;      ///< SD beside class means of size 1
  double harder_last = 0;  ///< added noise of the last shape, to be found by the weighting
  int pictures_px = 0;     ///< side of the pictures to write as well; 0: none
  bool reversed = false;   ///< the same rows in another order
  std::uint64_t seed = 3;
};

inline const std::vector<std::string> kShapes{"round", "long", "square"}, kTints{"dark", "light"};

/// A picture whose colour tells the shape and whose brightness tells the tint, with noise.
inline image::Picture sample_picture(std::uint64_t shape, std::uint64_t tint, int px, Stream draw) {
  image::Picture picture = image::blank_picture(px, px);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
    const double level = (i % 3 == shape ? 150 : 50) + (tint == 1 ? 60 : 0) + 25 * draw.normal();
    picture.pixels[i] = static_cast<std::uint8_t>(std::clamp(level, 0.0, 255.0));
  }
  return picture;
}

/// Writes `<folder>/manifest.parquet` and `<folder>/features.parquet`.
inline void write_sample_set(const std::filesystem::path& folder, const SampleSet& set) {
  std::filesystem::create_directories(folder);
  const std::int64_t rows = set.train + set.val + set.test;
  table::Texts ids, images, splits, shapes, tints;
  table::Vectors features{set.width, {}};
  for (std::int64_t k = 0; k < rows; ++k) {
    const std::int64_t i = set.reversed ? rows - 1 - k : k;
    Stream draw(set.seed, "sample", {static_cast<std::uint64_t>(i)});
    const std::uint64_t shape = draw.below(3), tint = draw.below(2);
    ids.push_back(fmt::format("row{:05}", i)), images.push_back(fmt::format("{}.png", i));
    splits.push_back(i < set.train ? "train" : i < set.train + set.val ? "val" : "test");
    if (set.pictures_px > 0)
      write_file(folder / images.back(), image::encode_png(sample_picture(shape, tint, set.pictures_px, draw)));
    shapes.push_back(kShapes[shape]), tints.push_back(kTints[tint]);
    const double noise = set.noise + (shape == 2 ? set.harder_last : 0);
    for (std::int64_t j = 0; j < set.width; ++j) {
      const double mean = j < 3   ? (static_cast<std::uint64_t>(j) == shape)
                          : j < 5 ? (static_cast<std::uint64_t>(j - 3) == tint)
                                  : 0;
      features.values.push_back(static_cast<float>(5 + mean + noise * draw.normal()));
    }
  }
  table::Table manifest, stored;
  stored.add("id", ids), stored.add("features", features);
  manifest.add("id", ids), manifest.add("image", images);
  manifest.add("split", table::factor_of("split", splits, table::split_levels()));
  manifest.add("label.shape", table::factor_of("label.shape", shapes, kShapes));
  manifest.add("label.tint", table::factor_of("label.tint", tints, kTints));
  const auto write = [&](const char* name, const table::Table& content, std::map<std::string, std::string> metadata) {
    table::TableWriter writer(folder / name, std::move(metadata));
    writer.append(content);
    writer.commit();
  };
  write("manifest.parquet", manifest, table::manifest_metadata({.name = "sample", .root = "."}));
  write("features.parquet", stored, {});
}

/// Options that train on such a set within a second.
inline TrainOptions sample_options(const std::filesystem::path& data, const std::filesystem::path& output) {
  TrainOptions options;
  options.data = data, options.features = data / "features.parquet", options.output = output;
  options.epochs = 6, options.batch = 16, options.hidden = 16, options.learning_rate = 0.02;
  return options;
}

}  // namespace evenface::train
