#pragma once
#include <cstddef>
#include <vector>

namespace evenface {

/// Lets the system give the memory of `bytes` bytes from `begin` on, in large pages where it can, to `threads` threads
/// at once: an array of many megabytes that is filled once otherwise costs more in page faults than in filling. What
/// stands in the memory is lost.
void give_memory(void* begin, std::size_t bytes, int threads);

/// A vector of `n` values T(), whose memory `threads` threads fetch.
template <class T>
std::vector<T> large_array(std::size_t n, int threads) {
  std::vector<T> values;
  values.reserve(n);
  give_memory(values.data(), n * sizeof(T), threads);
  values.resize(n);
  return values;
}

}  // namespace evenface
