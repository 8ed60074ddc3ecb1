#include "evenface/study/ids.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include <gtest/gtest.h>

#include "evenface/core/random.h"

namespace evenface::study {
namespace {

/// Hashes that agree in many bits, as those of texts hardly ever do: in the first 40 bits of the key, in all of the
/// key but not the check, or in both.
table::Keys alike(std::size_t rows, std::uint64_t seed) {
  Stream stream(seed, "ids");
  table::Keys ids;
  for (std::size_t row = 0; row < rows; ++row) {
    ids.keys.push_back(stream.below(4) << 62 | stream.below(8) << 24 | stream.below(8));
    ids.checks.push_back(stream.below(4));
  }
  return ids;
}

auto place_of(const table::Keys& ids, std::uint32_t row) { return std::tuple(ids.keys[row], ids.checks[row], row); }

TEST(Ids, AreOrderedByTheirWholeHashesThenByRow) {
  for (const std::size_t rows : {0UL, 1UL, 7UL, 5000UL})
    for (const int threads : {1, 3}) {
      const table::Keys ids = alike(rows, rows);
      std::vector<std::uint32_t> expected(rows);
      std::iota(expected.begin(), expected.end(), 0U);
      std::ranges::sort(expected, {}, [&](std::uint32_t row) { return place_of(ids, row); });

      const OrderedIds order = ordered(ids, threads);
      EXPECT_EQ(order.rows, expected);
      for (std::size_t at = 0; at < rows; ++at) {
        EXPECT_EQ(order.ids.keys[at], ids.keys[expected[at]]);
        EXPECT_EQ(order.ids.checks[at], ids.checks[expected[at]]);
      }
    }
}

TEST(Ids, ThatDifferInTheirLastBitsAloneAreUnique) {
  table::Keys ids = {{5, 5, 6, 5ULL | 1ULL << 63}, {1, 2, 1, 1}};
  EXPECT_NO_THROW(require_unique(ids, {"no such file", "id"}, 2));
}

}  // namespace
}  // namespace evenface::study
