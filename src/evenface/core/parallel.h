#pragma once
#include <cstdint>
#include <functional>
#include <vector>

namespace evenface {

/// Threads to use when the user asked for none in particular: the processors this process may run on.
int available_threads();

/// Calls `body(begin, end)` for consecutive chunks of `chunk` indices that cover
/// 0..n-1, on at most `threads` threads. Chunk borders do not depend on the
/// thread count. Stops early and rethrows the exception of the lowest chunk that
/// threw; a pending Ctrl-C is raised as Interrupted.
void parallel_for(std::int64_t n, std::int64_t chunk, int threads,
                  const std::function<void(std::int64_t begin, std::int64_t end)>& body);

/// Maps each chunk to a value and folds the values in chunk order, so that the
/// result is the same for every thread count, bit for bit.
template <class T, class Map, class Fold>
T parallel_reduce(std::int64_t n, std::int64_t chunk, int threads, T start, Map map, Fold fold) {
  const std::int64_t chunks = (n + chunk - 1) / chunk;
  std::vector<T> parts(static_cast<std::size_t>(chunks), start);
  parallel_for(n, chunk, threads, [&](std::int64_t begin, std::int64_t end) {
    parts[static_cast<std::size_t>(begin / chunk)] = map(begin, end);
  });
  for (T& part : parts) start = fold(std::move(start), std::move(part));
  return start;
}

}  // namespace evenface
