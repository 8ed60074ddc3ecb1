#include "evenface/core/random.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace evenface {
namespace {

// Known answers published with Random123 (philox4x32, 10 rounds).
TEST(Philox, MatchesPublishedAnswers) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}),
            (std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Stream, DependsOnlyOnItsAddress) {
  Stream a(1, "augment", {7, 3}), b(1, "augment", {7, 3});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a(), b());
}

TEST(Stream, DiffersInEveryPartOfTheAddress) {
  std::set<std::uint64_t> first;
  for (const std::uint64_t seed : {1, 2})
    for (const char* purpose : {"augment", "order"})
      for (const std::uint64_t key : {0, 1, 2}) first.insert(Stream(seed, purpose, {key}).bits64());
  EXPECT_EQ(first.size(), 12u);
}

// Tolerances are five standard errors of the moment at n draws.
TEST(Stream, HasTheMomentsOfItsDistributions) {
  constexpr int n = 200000;
  Stream s(11, "moments");
  double u = 0, z = 0, z2 = 0, g = 0, be = 0, bi = 0;
  for (int i = 0; i < n; ++i) {
    u += s.uniform();
    const double x = s.normal();
    z += x, z2 += x * x;
    g += s.gamma(0.5);
    be += s.beta(0.2, 0.2);
    bi += static_cast<double>(s.binomial(20, 0.3));
  }
  const double root = std::sqrt(n);
  EXPECT_NEAR(u / n, 0.5, 5 * std::sqrt(1.0 / 12) / root);
  EXPECT_NEAR(z / n, 0.0, 5 / root);
  EXPECT_NEAR(z2 / n, 1.0, 5 * std::sqrt(2.0) / root);
  EXPECT_NEAR(g / n, 0.5, 5 * std::sqrt(0.5) / root);
  EXPECT_NEAR(be / n, 0.5, 5 * 0.5 / root);
  EXPECT_NEAR(bi / n, 6.0, 5 * std::sqrt(4.2) / root);
}

TEST(Stream, BelowIsUniform) {
  Stream s(3, "below");
  std::array<int, 7> count{};
  for (int i = 0; i < 70000; ++i) ++count[s.below(7)];
  double chi2 = 0;
  for (const int c : count) chi2 += (c - 10000.0) * (c - 10000.0) / 10000.0;
  EXPECT_LT(chi2, 22.46);  // 0.999 quantile of chi-square with 6 degrees of freedom
}

TEST(Permutation, HoldsEachIndexOnce) {
  const auto order = permutation(1000, Stream(5, "order", {1}));
  EXPECT_EQ(std::set<std::int64_t>(order.begin(), order.end()).size(), 1000u);
  EXPECT_NE(order, permutation(1000, Stream(5, "order", {2})));
}

}  // namespace
}  // namespace evenface
