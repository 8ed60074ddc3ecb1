#include <cmath>
#include <functional>
#include <numeric>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"

namespace evenface {
namespace {

double log_choose(double n, double k) { return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1); }

double binomial_probability(double n, double p, double k) {
  return std::exp(log_choose(n, k) + k * std::log(p) + (n - k) * std::log1p(-p));
}

double hypergeometric_probability(double total, double marked, double drawn, double k) {
  if (k > marked || drawn - k > total - marked) return 0;
  return std::exp(log_choose(marked, k) + log_choose(total - marked, drawn - k) - log_choose(total, drawn));
}

/// Chi-square of draws of counts in 0..most against their exact probabilities, neighbouring counts taken
/// together until 10 are expected, as the number of normal standard deviations that its p stands for
/// (Wilson & Hilferty 1931).
double chi_square_z(int draws, std::int64_t most, const std::function<std::int64_t()>& draw,
                    const std::function<double(double)>& probability) {
  std::vector<int> seen(static_cast<std::size_t>(most + 1));
  for (int i = 0; i < draws; ++i) ++seen.at(static_cast<std::size_t>(draw()));
  double chi2 = 0, df = -1, left = draws;
  double together = 0, expected = 0;
  for (std::size_t k = 0; k < seen.size(); ++k) {
    together += seen[k], expected += draws * probability(static_cast<double>(k));
    const bool last = k + 1 == seen.size();
    if (!last && (expected < 10 || left - expected < 10)) continue;
    if (expected > 0) chi2 += (together - expected) * (together - expected) / expected, ++df;
    left -= expected, together = 0, expected = 0;
  }
  if (df == 0) return 0;
  return (std::cbrt(chi2 / df) - 1 + 2 / (9 * df)) / std::sqrt(2 / (9 * df));
}

// Both ways of drawing, both sides of one half, and either side of the border between the ways.
TEST(Binomial, HasTheExactProbabilities) {
  struct Case {
    std::int64_t n;
    double p;
  };
  for (const auto& [n, p] : {Case{1, 0.3},
                             {5, 0.5},
                             {20, 0.3},
                             {19, 0.5},
                             {20, 0.5},
                             {25, 0.41},
                             {40, 0.95},
                             {200, 0.051},
                             {200, 0.5},
                             {1000, 0.0099},
                             {1000, 0.0101},
                             {1000, 0.7},
                             {30000, 0.02}}) {
    Stream s(1, "binomial", {static_cast<std::uint64_t>(n), static_cast<std::uint64_t>(p * 1e4)});
    const double z = chi_square_z(
        200000, n, [&] { return s.binomial(n, p); },
        [&](double k) { return binomial_probability(static_cast<double>(n), p, k); });
    EXPECT_LT(z, 4) << n << " " << p;
  }
}

// Where the exact probabilities are too many to count: mean and variance within five standard errors.
TEST(Binomial, HasTheMomentsOfLargeCounts) {
  for (const auto& [n, p] : {std::pair(1e9, 1e-9), std::pair(1e9, 0.3), std::pair(1e12, 0.999), std::pair(4e6, 1e-5)}) {
    Stream s(2, "large", {static_cast<std::uint64_t>(n)});
    constexpr int draws = 100000;
    const double mean = n * p, variance = mean * (1 - p);
    double sum = 0, squares = 0;
    for (int i = 0; i < draws; ++i) {
      const double x = static_cast<double>(s.binomial(static_cast<std::int64_t>(n), p)) - mean;
      sum += x, squares += x * x;
    }
    const double kurtosis = 3 + (1 - 6 * p * (1 - p)) / variance;
    EXPECT_NEAR(sum / draws, 0, 5 * std::sqrt(variance / draws)) << n;
    EXPECT_NEAR(squares / draws / variance, 1, 5 * std::sqrt((kurtosis - 1) / draws)) << n;
  }
}

TEST(Binomial, KnowsItsEdges) {
  Stream s(3, "edges");
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(s.binomial(0, 0.5), 0);
    EXPECT_EQ(s.binomial(-1, 0.5), 0);
    EXPECT_EQ(s.binomial(10, 0), 0);
    EXPECT_EQ(s.binomial(10, 1), 10);
    EXPECT_EQ(s.binomial(1000000, 1e-300), 0);
    EXPECT_EQ(s.binomial(1000000, 1 - 1e-16), 1000000);
  }
}

// Fixed once: the draws are the same for every compiler and standard library.
TEST(Binomial, IsTheSameOnEveryPlatform) {
  Stream s(4, "platform");
  std::vector<std::int64_t> drawn;
  for (const auto& [n, p] : {std::pair(10, 0.2), std::pair(100, 0.5), std::pair(1000000, 0.75)})
    for (int i = 0; i < 3; ++i) drawn.push_back(s.binomial(n, p));
  EXPECT_EQ(drawn, (std::vector<std::int64_t>{2, 1, 4, 56, 50, 52, 750103, 750372, 750417}));
}

TEST(Hypergeometric, HasTheExactProbabilities) {
  struct Case {
    std::int64_t total, marked, drawn;
  };
  for (const auto& [N, K, n] : {Case{10, 4, 3},
                                {20, 9, 9},
                                {20, 11, 9},
                                {40, 31, 33},
                                {60, 20, 30},
                                {1000, 12, 400},
                                {1000, 900, 300},
                                {5000, 100, 100},
                                {100000, 30000, 1700},
                                {1000000, 12, 70000}}) {
    Stream s(1, "hypergeometric", {static_cast<std::uint64_t>(N), static_cast<std::uint64_t>(K)});
    const double z = chi_square_z(
        200000, std::min(K, n), [&] { return s.hypergeometric(N, K, n); },
        [&](double k) {
          return hypergeometric_probability(static_cast<double>(N), static_cast<double>(K), static_cast<double>(n), k);
        });
    EXPECT_LT(z, 4) << N << " " << K << " " << n;
  }
}

TEST(Hypergeometric, HasTheMomentsOfLargeCounts) {
  for (const auto& [N, K, n] : {std::tuple(1e6, 4e5, 7e4), std::tuple(1e10, 3e9, 4e9), std::tuple(1e10, 9e9, 100.0)}) {
    Stream s(2, "large", {static_cast<std::uint64_t>(N), static_cast<std::uint64_t>(n)});
    constexpr int draws = 100000;
    const double share = K / N, mean = n * share, variance = mean * (1 - share) * (N - n) / (N - 1);
    double sum = 0, squares = 0;
    for (int i = 0; i < draws; ++i) {
      const double x = static_cast<double>(s.hypergeometric(static_cast<std::int64_t>(N), static_cast<std::int64_t>(K),
                                                            static_cast<std::int64_t>(n))) -
                       mean;
      sum += x, squares += x * x;
    }
    EXPECT_NEAR(sum / draws, 0, 5 * std::sqrt(variance / draws)) << N;
    EXPECT_NEAR(squares / draws / variance, 1, 5 * std::sqrt(2.1 / draws)) << N;  // nearly normal: kurtosis about 3
  }
}

TEST(Hypergeometric, KnowsItsEdges) {
  Stream s(3, "edges");
  EXPECT_EQ(s.hypergeometric(10, 10, 4), 4);
  EXPECT_EQ(s.hypergeometric(10, 0, 4), 0);
  EXPECT_EQ(s.hypergeometric(10, 4, 0), 0);
  EXPECT_EQ(s.hypergeometric(10, 4, 10), 4);
  EXPECT_EQ(s.hypergeometric(0, 0, 0), 0);
  for (int i = 0; i < 1000; ++i) {
    const auto x = s.hypergeometric(10, 9, 9);
    EXPECT_TRUE(x == 8 || x == 9);
  }
  EXPECT_THROW(s.hypergeometric(10, 11, 1), InternalError);
  EXPECT_THROW(s.hypergeometric(10, 5, 11), InternalError);
}

}  // namespace
}  // namespace evenface
