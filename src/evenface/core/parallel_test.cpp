#include "evenface/core/parallel.h"

#include <atomic>
#include <numeric>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"

namespace evenface {
namespace {

TEST(ParallelFor, VisitsEachIndexOnce) {
  std::vector<std::atomic<int>> seen(1001);
  parallel_for(1001, 10, 4, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) ++seen[static_cast<std::size_t>(i)];
  });
  for (const auto& s : seen) EXPECT_EQ(s.load(), 1);
}

TEST(ParallelFor, DoesNothingForNoRows) {
  parallel_for(0, 10, 4, [](std::int64_t, std::int64_t) { FAIL(); });
}

TEST(ParallelFor, RethrowsWhatAChunkThrew) {
  EXPECT_THROW(parallel_for(100, 1, 4, [](std::int64_t i, std::int64_t) { require(i != 50, "fifty"); }), InputError);
}

TEST(ParallelReduce, GivesTheSameBitsForEveryThreadCount) {
  std::vector<double> x(100003);
  Stream s(1, "values");
  for (double& v : x) v = s.normal();
  const auto sum = [&](int threads) {
    return parallel_reduce(
        static_cast<std::int64_t>(x.size()), 1000, threads, 0.0,
        [&](std::int64_t b, std::int64_t e) { return std::accumulate(x.begin() + b, x.begin() + e, 0.0); },
        [](double a, double b) { return a + b; });
  };
  EXPECT_EQ(sum(1), sum(2));
  EXPECT_EQ(sum(1), sum(7));
}

}  // namespace
}  // namespace evenface
