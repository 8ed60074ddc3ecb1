#include "evenface/core/large_array.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

namespace evenface {
namespace {

TEST(LargeArray, HoldsZerosWhateverStoodInTheMemory) {
  for (const std::size_t n : {0UL, 1UL, 100'000UL, 262'144UL, 3'000'000UL})
    for (const int threads : {1, 2, 3})
      for (int again = 0; again < 2; ++again) {
        auto values = large_array<std::uint64_t>(n, threads);
        ASSERT_EQ(values.size(), n);
        ASSERT_EQ(std::ranges::count(values, 0U), std::ssize(values));
        std::ranges::fill(values, ~std::uint64_t{0});
      }
}

TEST(LargeArray, HoldsTexts) {
  const auto texts = large_array<std::string>(200'000, 2);
  EXPECT_EQ(std::ranges::count(texts, ""), 200'000);
}

}  // namespace
}  // namespace evenface
