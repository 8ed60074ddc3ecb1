#include "evenface/core/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include <sched.h>

#include "evenface/core/error.h"
#include "evenface/core/interrupt.h"

namespace evenface {

int available_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

void parallel_for(std::int64_t n, std::int64_t chunk, int threads,
                  const std::function<void(std::int64_t, std::int64_t)>& body) {
  ensure(chunk > 0, "a chunk holds at least one index");
  const std::int64_t chunks = (n + chunk - 1) / chunk;
  std::atomic<std::int64_t> next{0};
  std::mutex guard;
  std::int64_t failed = chunks;
  std::exception_ptr failure;

  const auto work = [&] {
    for (std::int64_t i = next++; i < chunks; i = next++) {
      try {
        throw_if_interrupted();
        body(i * chunk, std::min(n, (i + 1) * chunk));
      } catch (...) {
        next = chunks;
        const std::lock_guard lock(guard);
        if (i < failed) failed = i, failure = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::int64_t t = 1; t < std::min<std::int64_t>(threads, chunks); ++t) others.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace evenface
