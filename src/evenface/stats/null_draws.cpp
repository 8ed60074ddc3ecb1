#include "evenface/stats/null_draws.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/parallel.h"

namespace evenface::stats {

NullReference null_not_applicable(std::string reason) {
  NullReference null;
  null.reason = "not applicable: " + std::move(reason);
  return null;
}

NullReference null_of_draws(const std::vector<GroupCount>& seen, const Draw& draw, const Figure& figure,
                            std::int64_t draws, std::uint64_t seed, const char* purpose, const Context& context) {
  require(draws >= 1, "a null reference needs draws", draws);
  if (seen.size() < 2) return null_not_applicable("fewer than two groups have a value");
  NullReference null{.observed = figure(seen), .draws = std::vector<double>(static_cast<std::size_t>(draws))};
  parallel_for(draws, 64, context.threads, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const auto counts = draw(Stream(seed, purpose, {static_cast<std::uint64_t>(i)}));
      null.draws[static_cast<std::size_t>(i)] =
          counts.size() < 2 ? std::numeric_limits<double>::quiet_NaN() : figure(counts);
    }
  });
  std::erase_if(null.draws, [](double d) { return std::isnan(d); });
  const auto kept = static_cast<double>(null.draws.size());
  constexpr double kMostWithoutValue = 0.01;
  if (const double without = 1 - kept / static_cast<double>(draws); without > kMostWithoutValue)
    return null_not_applicable(
        fmt::format("in {:.0f} % of the draws fewer than two groups have a value", 100 * without));
  std::ranges::sort(null.draws);
  constexpr double kRounding = 1e-12;
  const auto reached = null.draws.end() - std::ranges::lower_bound(null.draws, null.observed - kRounding);
  null.p = static_cast<double>(1 + reached) / (kept + 1);
  for (const double d : null.draws) null.mean += d / kept;
  null.upper = null.draws[static_cast<std::size_t>(std::ceil(0.95 * kept)) - 1];
  return null;
}

}  // namespace evenface::stats
