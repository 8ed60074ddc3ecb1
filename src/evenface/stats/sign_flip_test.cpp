#include "evenface/stats/sign_flip.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "evenface/core/random.h"
#include "evenface/stats/significance.h"

namespace evenface::stats {
namespace {

std::vector<std::int64_t> changes(int won, int lost, std::int64_t size) {
  std::vector<std::int64_t> d(static_cast<std::size_t>(won), size);
  d.insert(d.end(), static_cast<std::size_t>(lost), -size);
  return d;
}

TEST(SignFlip, IsMcNemarsTestWithOneRowAPerson) {
  for (const auto& [won, lost] :
       {std::pair(0, 0), {1, 0}, {3, 3}, {12, 4}, {41, 50}, {104, 20}, {92, 30}, {2000, 1850}}) {
    const double p = mcnemar_exact(lost, won);
    EXPECT_NEAR(sign_flip_p(changes(won, lost, 1)), p, 1e-10 * p) << won << " " << lost;
    EXPECT_NEAR(sign_flip_p(changes(won, lost, 7)), p, 1e-10 * p) << won << " " << lost;  // runs only scale it
  }
}

TEST(SignFlip, CountsAllSigns) {
  Stream s(1, "signs");
  for (int table = 0; table < 50; ++table) {
    std::vector<std::int64_t> d(1 + s.below(12));
    for (auto& change : d) change = static_cast<std::int64_t>(s.below(11)) - 5;
    std::int64_t sum = 0;
    for (const auto change : d) sum += change;
    int reached = 0;
    for (unsigned signs = 0; signs < 1u << d.size(); ++signs) {
      std::int64_t flipped = 0;
      for (std::size_t i = 0; i < d.size(); ++i) flipped += signs >> i & 1 ? d[i] : -d[i];
      reached += std::abs(flipped) >= std::abs(sum);
    }
    EXPECT_NEAR(sign_flip_p(d), reached / std::pow(2.0, d.size()), 1e-12);
  }
}

// Against the normal approximation, where exactness takes 200,000 persons.
TEST(SignFlip, TakesManyPersons) {
  Stream s(2, "many");
  std::vector<std::int64_t> d;
  double sum = 0, squares = 0;
  for (int person = 0; person < 200000; ++person) {
    d.push_back(static_cast<std::int64_t>(s.below(9)) - 4 + (s.uniform() < 0.004));
    sum += static_cast<double>(d.back()), squares += static_cast<double>(d.back() * d.back());
  }
  const double p = std::erfc(std::abs(sum) / std::sqrt(2 * squares));
  EXPECT_NEAR(sign_flip_p(d) / p, 1, 0.02);  // a step of the sum is 1 / 1,200 of its SD
  EXPECT_EQ(sign_flip_p(changes(100000, 0, 1)), 1e-30);
}

}  // namespace
}  // namespace evenface::stats
