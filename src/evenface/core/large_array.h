#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sys/mman.h>

namespace evenface {

/// A vector of `n` zeros whose memory the system is asked to give in large pages where it can: an array of many
/// megabytes that is filled once otherwise costs as much in page faults as in filling.
template <class T>
std::vector<T> large_array(std::size_t n) {
  constexpr std::uintptr_t kPage = std::uintptr_t{1} << 21;
  std::vector<T> values;
  values.reserve(n);
  const auto begin = (reinterpret_cast<std::uintptr_t>(values.data()) + kPage - 1) / kPage * kPage;
  const auto end = reinterpret_cast<std::uintptr_t>(values.data() + n) / kPage * kPage;
#ifdef MADV_HUGEPAGE
  if (begin < end) (void)madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);  // a wish, not a need
#endif
  values.resize(n);
  return values;
}

}  // namespace evenface
