#include "evenface/infer/shard_file.h"

#include <cstring>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/scratch.h"

namespace evenface::infer {
namespace {

std::vector<float> floats_in(const std::filesystem::path& file) {
  const std::string bytes = read_file(file);
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

TEST(ShardFile, GoesOnWhereItWas) {
  const Scratch scratch;
  const auto path = scratch / "f";
  {
    ShardFile file(path, 5, 2, 2);
    ASSERT_EQ(file.shards(), 3);
    EXPECT_EQ(file.end(2), 5);
    file.put(2, std::vector<float>{9, 10});
    file.put(0, std::vector<float>{1, 2, 3, 4});
    EXPECT_THROW(file.commit(), InternalError);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  {
    ShardFile file(path, 5, 2, 2);
    EXPECT_TRUE(file.has(0) && !file.has(1) && file.has(2));
    EXPECT_THROW(file.put(1, std::vector<float>{5, 6}), InternalError);
    file.put(1, std::vector<float>{5, 6, 7, 8});
    file.commit();
  }
  EXPECT_EQ(floats_in(path), (std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  for (const char* leftover : {"f.partial", "f.done"}) EXPECT_FALSE(std::filesystem::exists(scratch / leftover));
}

TEST(ShardFile, StartsAnewWhenTheLeftoversAreOfAnotherSize) {
  const Scratch scratch;
  {
    ShardFile(scratch / "f", 4, 2, 2).put(0, std::vector<float>{1, 2, 3, 4});
  }
  EXPECT_FALSE(ShardFile(scratch / "f", 4, 3, 2).has(0));
  {
    ShardFile(scratch / "f", 4, 3, 2).put(0, std::vector<float>(6, 1.0f));
  }
  std::filesystem::resize_file(scratch / "f.partial", 7);
  EXPECT_FALSE(ShardFile(scratch / "f", 4, 3, 2).has(0));
  EXPECT_THROW(ShardFile("/nonexistent/f", 4, 3, 2), InputError);
}

}  // namespace
}  // namespace evenface::infer
