#include "evenface/stats/chance.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/parallel.h"
#include "evenface/stats/dealer.h"

namespace evenface::stats {
namespace {

/// A metric's ratios as a count whose rate is its value; n = 0 where it has none.
GroupCount count_of(std::span<const Ratio> ratios) {
  if (ratios.size() == 1) return {ratios[0].whole, ratios[0].part};
  const auto value = mean_of(ratios);
  if (!value) return {};
  const auto k = static_cast<double>(ratios.size());
  double inverse = 0;
  for (const Ratio& r : ratios) inverse += 1 / r.whole;
  return {k * k / inverse, *value * k * k / inverse};
}

/// The groups that have a value.
std::vector<GroupCount> counts_of(const Dealer& dealer, std::span<const Ratio> ratios) {
  std::vector<GroupCount> counts;
  for (std::size_t g = 0; g < dealer.groups(); ++g)
    if (const GroupCount c = count_of(ratios.subspan(g * dealer.ratios(), dealer.ratios())); c.n > 0)
      counts.push_back(c);
  return counts;
}

NullReference not_applicable(std::string reason) {
  NullReference null;
  null.reason = "not applicable: " + std::move(reason);
  return null;
}

NullReference reference(const Dealer& dealer, const Figure& figure, std::int64_t draws, std::uint64_t seed,
                        const char* purpose, const Context& context) {
  require(draws >= 1, "a null reference needs draws", draws);
  const auto seen = counts_of(dealer, dealer.observed());
  if (seen.size() < 2) return not_applicable("fewer than two groups have a value");
  NullReference null{.observed = figure(seen), .draws = std::vector<double>(static_cast<std::size_t>(draws))};
  parallel_for(draws, 64, context.threads, [&](std::int64_t begin, std::int64_t end) {
    std::vector<Ratio> ratios(dealer.observed().size());
    for (std::int64_t i = begin; i < end; ++i) {
      std::ranges::fill(ratios, Ratio{});
      dealer.deal(Stream(seed, purpose, {static_cast<std::uint64_t>(i)}), ratios);
      const auto counts = counts_of(dealer, ratios);
      null.draws[static_cast<std::size_t>(i)] =
          counts.size() < 2 ? std::numeric_limits<double>::quiet_NaN() : figure(counts);
    }
  });
  std::erase_if(null.draws, [](double d) { return std::isnan(d); });
  const auto kept = static_cast<double>(null.draws.size());
  constexpr double kMostWithoutValue = 0.01;
  if (const double without = 1 - kept / static_cast<double>(draws); without > kMostWithoutValue)
    return not_applicable(fmt::format("in {:.0f} % of the draws fewer than two groups have a value", 100 * without));
  std::ranges::sort(null.draws);
  constexpr double kRounding = 1e-12;
  const auto reached = null.draws.end() - std::ranges::lower_bound(null.draws, null.observed - kRounding);
  null.p = static_cast<double>(1 + reached) / (kept + 1);
  for (const double d : null.draws) null.mean += d / kept;
  null.upper = null.draws[static_cast<std::size_t>(std::ceil(0.95 * kept)) - 1];
  return null;
}

/// What a row of the cell adds to each ratio, averaged over the runs.
std::vector<Ratio> addends_of(const Metric& metric, int classes, const Cells::Cell& cell, std::span<const int> runs) {
  std::vector<Ratio> mean(ratios_of(metric));
  const auto m = static_cast<double>(runs.size());
  for (std::size_t i = 0; i < mean.size(); ++i) {
    for (const int run : runs) {
      const Ratio row = addend(metric, i, classes, cell.truth, cell.predicted[static_cast<std::size_t>(run)]);
      mean[i].part += row.part, mean[i].whole += row.whole;
    }
    mean[i].part /= m, mean[i].whole /= m;
  }
  return mean;
}

}  // namespace

NullReference metric_null(const Cells& cells, std::span<const int> runs, const Metric& metric, NullKind kind,
                          const Figure& figure, std::int64_t draws, std::uint64_t seed, const Context& context) {
  ensure(!runs.empty(), "a run to judge");
  const bool within = kind == NullKind::kWithinClass;
  Dealer dealer(static_cast<std::size_t>(cells.groups()), ratios_of(metric));
  for (std::int64_t g = 0; g < cells.groups(); ++g)
    for (const Cells::Cell& cell : cells.of(g)) {
      ensure(cell.count.mass == static_cast<double>(cell.count.rows), "weighted rows are permuted as units");
      dealer.add(within ? cell.truth : 0, static_cast<std::size_t>(g), addends_of(metric, cells.classes(), cell, runs),
                 cell.count.rows);
    }
  if (within && !dealer.can_exchange())
    return not_applicable("no class occurs in two groups; the annotated class determines the group");
  return reference(dealer, figure, draws, seed, within ? "permute within class" : "permute", context);
}

NullReference raw_null(const PairedCells& cells, Arm arm, const Figure& figure, std::int64_t draws, std::uint64_t seed,
                       const Context& context) {
  Dealer dealer(static_cast<std::size_t>(cells.groups()), 1);
  for (std::int64_t g = 0; g < cells.groups(); ++g)
    for (const auto& [pattern, rows] : cells.of(g))
      dealer.add(0, static_cast<std::size_t>(g), {{share_right(cells, pattern, arm), 1}}, rows);
  return reference(dealer, figure, draws, seed, "permute", context);
}

NullReference unit_null(std::span<const Unit> units, std::int64_t groups, const Figure& figure, std::int64_t draws,
                        std::uint64_t seed, const Context& context) {
  Dealer dealer(static_cast<std::size_t>(groups), 1);
  for (const Unit& unit : units) {
    ensure(0 <= unit.group && unit.group < groups && unit.n >= 0, "a unit of these groups");
    dealer.add(unit.stratum, static_cast<std::size_t>(unit.group), {{unit.right, unit.n}});
  }
  if (!dealer.can_exchange()) return not_applicable("no stratum holds units of two groups");
  return reference(dealer, figure, draws, seed, "permute units", context);
}

}  // namespace evenface::stats
