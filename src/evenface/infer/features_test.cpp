#include "evenface/infer/features.h"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/hash.h"
#include "evenface/core/random.h"
#include "evenface/core/scratch.h"
#include "evenface/image/encode.h"
#include "evenface/image/transform.h"
#include "evenface/infer/feature_files.h"
#include "evenface/infer/shard_file.h"
#include "evenface/net/architectures.h"
#include "evenface/net/weights.h"

namespace evenface::infer {
namespace {
namespace fs = std::filesystem;

image::Picture noise(std::uint64_t seed, int px) {
  Stream draw(seed, "test pictures");
  image::Picture picture{.width = px, .height = px, .pixels = {}};
  for (int i = 0; i < 3 * px * px; ++i) picture.pixels.push_back(static_cast<std::uint8_t>(draw.below(256)));
  return picture;
}

/// A data set of PNG pictures on disk.
struct DataSet {
  const Scratch scratch;
  const fs::path cache = scratch / "cache";

  explicit DataSet(const std::vector<image::Picture>& pictures, bool hashed = true) {
    table::Table rows;
    table::Texts ids, images, contents;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      const std::string bytes = image::encode_png(pictures[i]);
      ids.push_back(fmt::format("id{}", i)), images.push_back(fmt::format("{}.png", i));
      contents.push_back(content_hash(bytes));
      std::ofstream(scratch / images.back(), std::ios::binary) << bytes;
    }
    rows.add("id", ids), rows.add("image", images);
    rows.add("split", table::factor_of("split", table::Texts(ids.size(), "train"), table::split_levels()));
    if (hashed) rows.add("content", contents);
    table::TableWriter writer(scratch / "manifest.parquet", table::manifest_metadata({.name = "noise", .root = "."}));
    writer.append(rows);
    writer.commit();
  }

  FeatureMatrix features(const FeatureOptions& options, int threads = 2) const {
    return features_of(table::Manifest::open(scratch.path()), options, cache, {.threads = threads});
  }
};

std::vector<image::Picture> noises(int count, int px) {
  std::vector<image::Picture> pictures;
  for (int i = 0; i < count; ++i) pictures.push_back(noise(static_cast<std::uint64_t>(i), px));
  return pictures;
}

std::vector<float> copy_of(const FeatureMatrix& matrix) { return {matrix.values().begin(), matrix.values().end()}; }

/// A small fast set-up: random weights of a real network, 32 px pictures.
class Features : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<Scratch>();
    net::write_safetensors(weights(), net::initial_weights(net::efficientnet_lite0(), 1));
  }
  static void TearDownTestSuite() { folder_.reset(); }
  static fs::path weights() { return *folder_ / "w.safetensors"; }
  static FeatureOptions options() { return {.weights = weights().string(), .image_px = 32}; }

 private:
  inline static std::unique_ptr<Scratch> folder_;
};

// Oracle: timm's tf_efficientnet_lite0 with the published weights on the same bytes.
TEST(PublishedFeatures, AreTheReferenceLibrarys) {
  FeatureOptions options;
  try {
    options.weights = net::find_weights("efficientnet_lite0").string();
  } catch (const InputError& error) {
    GTEST_SKIP() << error.what();
  }
  const auto reference =
      nlohmann::json::parse(std::ifstream(EVENFACE_SOURCE "/tests/reference/net.json"))["published_features_of_bytes"];
  options.image_px = reference["px"];
  const int px = reference["px"];
  // The picture's formula: FNV-1a of the name "picture", then SplitMix64, as in make_net_reference.py.
  std::uint64_t key = 0xcbf29ce484222325;
  for (const char byte : std::string("picture")) key = (key ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  image::Picture picture{.width = px, .height = px, .pixels = {}};
  for (int i = 0; i < 3 * px * px; ++i) {
    std::uint64_t x = key + static_cast<std::uint64_t>(i + 1) * 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    picture.pixels.push_back(static_cast<std::uint8_t>((x ^ (x >> 31)) >> 56));
  }
  const FeatureMatrix found = DataSet({picture}).features(options);
  ASSERT_EQ(found.width(), 1280);
  for (std::size_t i = 0; i < reference["features"].size(); ++i)
    EXPECT_NEAR(found.values()[16 * i], reference["features"][i].get<float>(), 1e-4) << i;
}

TEST_F(Features, DoNotDependOnThreads) {
  const DataSet data(noises(530, 32));
  const std::vector<float> one = copy_of(data.features(options(), 1));
  ASSERT_EQ(one.size(), 530U * 1280U);
  fs::remove_all(data.cache);
  EXPECT_EQ(copy_of(data.features(options(), 3)), one);
}

TEST_F(Features, GoOnWhereAKilledRunStopped) {
  const DataSet data(noises(530, 32));
  const FeatureMatrix whole = data.features(options());
  const std::vector<float> values = copy_of(whole);
  const fs::path folder = data.cache / whole.key();
  fs::remove(folder / kFeatureDescription), fs::remove(folder / kFeatureValues);
  {
    ShardFile left(folder / kFeatureValues, 530, 1280, 250);
    left.put(1, std::vector<float>(250 * 1280, 7.0f));  // marked, to be seen again
  }
  const std::vector<float> continued = copy_of(data.features(options()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool kept = i / 1280 / 250 == 1;
    ASSERT_EQ(continued[i], kept ? 7.0f : values[i]) << i;
  }
  // Killed between the values and their description: nothing is computed again.
  fs::remove(folder / kFeatureDescription);
  EXPECT_EQ(copy_of(data.features(options())), continued);
}

TEST_F(Features, AreKeptPerOptionsAndContent) {
  const DataSet data(noises(3, 40));
  const FeatureMatrix first = data.features(options());
  FeatureOptions other = options();
  other.mirrored = true;
  EXPECT_NE(data.features(other).key(), first.key());
  other = options(), other.precision = "bf16";
  EXPECT_NE(data.features(other).key(), first.key());
  for (int i = 0; i < 3; ++i) fs::remove(data.scratch / fmt::format("{}.png", i));
  const FeatureMatrix again = data.features(options());  // needs no pictures
  EXPECT_EQ(again.key(), first.key());
  EXPECT_EQ(copy_of(again), copy_of(first));
}

TEST_F(Features, MirroredAreThoseOfMirroredPictures) {
  const image::Picture picture = noise(1, 40);
  FeatureOptions mirrored = options();
  mirrored.mirrored = true;
  const FeatureMatrix found = DataSet({picture}).features(mirrored);
  const FeatureMatrix expected = DataSet({image::flip_horizontal(picture)}).features(options());
  EXPECT_EQ(copy_of(found), copy_of(expected));
  EXPECT_NE(copy_of(found), copy_of(DataSet({picture}).features(options())));
}

TEST_F(Features, AreFoundById) {
  const DataSet data(noises(3, 40));
  const FeatureMatrix matrix = data.features(options());
  EXPECT_EQ(matrix.rows_of(table::Texts{"id2", "id0"}), (std::vector<std::int64_t>{2, 0}));
  EXPECT_FALSE(std::ranges::equal(matrix.row(0), matrix.row(2)));
  EXPECT_TRUE(std::ranges::equal(matrix.row(2), matrix.values().subspan(2 * 1280)));
  EXPECT_THROW(matrix.rows_of(table::Texts{"id3"}), InputError);
}

TEST_F(Features, NameThePictureThatCannotBeUsed) {
  const DataSet data(noises(3, 40));
  const auto complaint = [&] {
    try {
      data.features(options());
    } catch (const InputError& error) {
      return describe(error.problem());
    }
    return std::string("no complaint");
  };
  std::ofstream(data.scratch / "1.png", std::ios::binary) << image::encode_png(noise(77, 40));
  EXPECT_NE(complaint().find("1.png, row id1"), std::string::npos) << complaint();
  EXPECT_NE(complaint().find("changed"), std::string::npos) << complaint();
  fs::remove(data.scratch / "1.png");
  EXPECT_NE(complaint().find("1.png"), std::string::npos) << complaint();

  const DataSet plain(noises(2, 40), false);
  std::ofstream(plain.scratch / "0.png", std::ios::binary) << "no picture";
  EXPECT_THROW(plain.features(options()), InputError);
}

TEST_F(Features, WithoutContentHashesAChangedFileIsNoticed) {
  const DataSet data(noises(2, 40), false);
  const std::string before = data.features(options()).key();
  std::ofstream(data.scratch / "1.png", std::ios::binary) << image::encode_png(noise(77, 41));
  EXPECT_NE(data.features(options()).key(), before);
}

TEST_F(Features, DamagedCachesAreRefused) {
  const DataSet data(noises(2, 40));
  const fs::path folder = data.cache / data.features(options()).key();
  fs::resize_file(folder / kFeatureValues, 100);
  EXPECT_THROW(FeatureMatrix::open(folder), InputError);
  for (const char* text : {"", "{}", R"({"key":"a","rows":-1,"width":3})", R"({"key":"a","rows":9e18,"width":9})"}) {
    write_file(folder / kFeatureDescription, text);
    EXPECT_THROW(FeatureMatrix::open(folder), InputError) << text;
  }
  EXPECT_THROW(FeatureMatrix::open(data.scratch / "absent"), InputError);
}

TEST_F(Features, RefuseWeightsOfAnotherNetwork) {
  FeatureOptions wrong = options();
  wrong.backbone = "resnet18";
  try {
    DataSet(noises(1, 40)).features(wrong);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.problem().file, weights().string());
  }
}

}  // namespace
}  // namespace evenface::infer
