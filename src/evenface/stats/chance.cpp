#include "evenface/stats/chance.h"

#include <algorithm>
#include <cmath>

#include "evenface/core/error.h"
#include "evenface/core/parallel.h"

namespace evenface::stats {

namespace {

/// Rows by how many of the arm's runs are right on them: [group][times right].
std::vector<std::vector<std::int64_t>> times_right(const PairedCells& cells, Arm arm, int runs) {
  std::vector<std::vector<std::int64_t>> table(static_cast<std::size_t>(cells.groups()),
                                               std::vector<std::int64_t>(static_cast<std::size_t>(runs + 1)));
  for (std::int64_t g = 0; g < cells.groups(); ++g)
    for (const auto& [pattern, rows] : cells.of(g))
      table[static_cast<std::size_t>(g)]
           [static_cast<std::size_t>(std::lround(share_right(cells, pattern, arm) * runs))] += rows;
  return table;
}

/// Deals the pooled rows to groups of the given sizes.
std::vector<GroupCount> dealt(std::vector<std::int64_t> pool, const std::vector<GroupCount>& sizes, Stream stream) {
  const auto runs = static_cast<double>(pool.size() - 1);
  std::vector<GroupCount> groups = sizes;
  std::int64_t left = 0;
  for (const std::int64_t rows : pool) left += rows;
  for (GroupCount& group : groups) {
    const std::int64_t rows = std::llround(group.n);
    std::int64_t wanted = rows, among = left;
    double right = 0;
    for (std::size_t times = 0; times < pool.size() && wanted > 0; ++times) {
      const std::int64_t taken = stream.hypergeometric(among, pool[times], wanted);
      among -= pool[times], wanted -= taken, pool[times] -= taken;
      right += static_cast<double>(taken) * static_cast<double>(times) / runs;
    }
    group.right = right;
    left -= rows;
  }
  return groups;
}

}  // namespace

NullReference raw_null(const PairedCells& cells, Arm arm, const Figure& figure, std::int64_t draws, std::uint64_t seed,
                       const Context& context) {
  const auto [first, last] = runs_of(cells, arm);
  const auto table = times_right(cells, arm, last - first);
  std::vector<std::int64_t> pool(static_cast<std::size_t>(last - first + 1));
  for (const auto& row : table)
    for (std::size_t i = 0; i < row.size(); ++i) pool[i] += row[i];
  const auto observed = mean_counts(cells, arm);

  NullReference null{.observed = figure(observed), .draws = std::vector<double>(static_cast<std::size_t>(draws))};
  parallel_for(draws, 64, context.threads, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      null.draws[static_cast<std::size_t>(i)] =
          figure(dealt(pool, observed, Stream(seed, "permute", {static_cast<std::uint64_t>(i)})));
  });
  std::ranges::sort(null.draws);
  constexpr double kRounding = 1e-12;
  const auto reached = null.draws.end() - std::ranges::lower_bound(null.draws, null.observed - kRounding);
  null.p = static_cast<double>(1 + reached) / static_cast<double>(draws + 1);
  for (const double d : null.draws) null.mean += d / static_cast<double>(draws);
  null.upper = null.draws[static_cast<std::size_t>(std::ceil(0.95 * static_cast<double>(draws))) - 1];
  return null;
}

}  // namespace evenface::stats
