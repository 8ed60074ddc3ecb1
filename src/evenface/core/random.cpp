#include "evenface/core/random.h"

#include <cmath>
#include <numbers>

#include <xxhash.h>

#include "evenface/core/error.h"

namespace evenface {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> k) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53u} * c[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57u} * c[2];
    c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(b),
         static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(a)};
    k[0] += 0x9E3779B9u;
    k[1] += 0xBB67AE85u;
  }
  return c;
}

std::uint64_t key_of(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

std::uint64_t check_key_of(std::string_view text) { return XXH3_128bits(text.data(), text.size()).high64; }

Stream::Stream(std::uint64_t seed, std::string_view purpose, std::initializer_list<std::uint64_t> keys) {
  std::vector<std::uint64_t> address{seed, key_of(purpose)};
  address.insert(address.end(), keys);
  const XXH128_hash_t h = XXH3_128bits(address.data(), address.size() * sizeof(std::uint64_t));
  key_ = {static_cast<std::uint32_t>(h.low64), static_cast<std::uint32_t>(h.low64 >> 32)};
  counter_ = {0, 0, static_cast<std::uint32_t>(h.high64), static_cast<std::uint32_t>(h.high64 >> 32)};
}

void Stream::refill() {
  block_ = philox4x32(counter_, key_);
  if (++counter_[0] == 0) ++counter_[1];
  used_ = 0;
}

std::uint32_t Stream::operator()() {
  if (used_ == 4) refill();
  return block_[static_cast<std::size_t>(used_++)];
}

std::uint64_t Stream::bits64() {
  const std::uint64_t high = (*this)();
  return high << 32 | (*this)();
}

double Stream::uniform() { return static_cast<double>(bits64() >> 11) * 0x1p-53; }

std::uint64_t Stream::below(std::uint64_t n) {
  ensure(n > 0, "below(0)");
  const std::uint64_t limit = ~std::uint64_t{0} - (~std::uint64_t{0} % n + 1) % n;
  std::uint64_t draw = bits64();
  while (draw > limit) draw = bits64();
  return draw % n;
}

double Stream::normal() {
  const double radius = std::sqrt(-2 * std::log1p(-uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

double Stream::gamma(double shape) {
  if (shape < 1) return gamma(shape + 1) * std::pow(1 - uniform(), 1 / shape);
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal(), v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(1 - uniform()) < x * x / 2 + d - d * v + d * std::log(v)) return d * v;
  }
}

double Stream::beta(double a, double b) {
  const double x = gamma(a), y = gamma(b);
  return x / (x + y);
}

std::vector<std::int64_t> permutation(std::int64_t n, Stream stream) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  stream.shuffle(order);
  return order;
}

}  // namespace evenface
