#include "evenface/core/large_array.h"

#include <cstdint>

#include <sys/mman.h>

#include "evenface/core/parallel.h"

namespace evenface {
namespace {

constexpr std::uintptr_t kLargePage = std::uintptr_t{1} << 21, kPage = std::uintptr_t{1} << 12;

}  // namespace

void give_memory(void* begin, std::size_t bytes, int threads) {
  const auto from = (reinterpret_cast<std::uintptr_t>(begin) + kLargePage - 1) / kLargePage * kLargePage;
  const auto to = (reinterpret_cast<std::uintptr_t>(begin) + bytes) / kLargePage * kLargePage;
  if (from >= to) return;
#ifdef MADV_HUGEPAGE
  (void)madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE);  // a wish, not a need
#endif
  if (threads == 1) return;  // who fills it fetches it
  parallel_for(static_cast<std::int64_t>(to - from), kLargePage, threads,
               [from](std::int64_t first, std::int64_t last) {
                 for (std::int64_t at = first; at < last; at += kPage)
                   *reinterpret_cast<volatile char*>(from + static_cast<std::uintptr_t>(at)) = 0;
               });
}

}  // namespace evenface
