#pragma once
#include <array>
#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

namespace evenface {

/// A stream of random numbers that is addressed, not consumed: what it yields
/// depends only on the seed, the purpose and the keys (row id, epoch, ...),
/// so it is the same whatever the thread count or the point of resume.
/// Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011), keyed by an XXH3-128 hash
/// of the address. Satisfies UniformRandomBitGenerator.
class Stream {
 public:
  using result_type = std::uint32_t;

  Stream(std::uint64_t seed, std::string_view purpose, std::initializer_list<std::uint64_t> keys = {});

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return 0xffffffffu; }
  result_type operator()();

  std::uint64_t bits64();
  /// Uniform in [0, 1), 53 bits.
  double uniform();
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform in 0..n-1 without bias; n > 0.
  std::uint64_t below(std::uint64_t n);
  /// Standard normal.
  double normal();
  /// Gamma with the given shape > 0 and scale 1 (Marsaglia & Tsang 2000).
  double gamma(double shape);
  /// Beta(a, b).
  double beta(double a, double b);
  /// Successes in `trials` draws of probability `p`; exact, in bounded time whatever the number of trials.
  std::int64_t binomial(std::int64_t trials, double p);
  /// Marked items among `drawn` taken without replacement from `total` of which `marked` are marked; exact,
  /// in bounded time whatever the numbers.
  std::int64_t hypergeometric(std::int64_t total, std::int64_t marked, std::int64_t drawn);

  /// Fisher-Yates, the same on every platform (std::shuffle is not).
  template <class T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  void refill();

  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
};

/// One block of Philox4x32-10.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// The stable 64-bit key of a text, for addressing a stream by a row's id.
std::uint64_t key_of(std::string_view text);

/// Another key of the same text. Two texts that agree in both keys, 128 bits, are taken as the same text.
std::uint64_t check_key_of(std::string_view text);

/// 0..n-1 in an order addressed by seed, purpose and keys.
std::vector<std::int64_t> permutation(std::int64_t n, Stream stream);

}  // namespace evenface
