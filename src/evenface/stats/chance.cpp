#include "evenface/stats/chance.h"

#include "evenface/core/error.h"
#include "evenface/stats/dealer.h"
#include "evenface/stats/null_draws.h"

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

NullReference reference(const Dealer& dealer, const Figure& figure, std::int64_t draws, std::uint64_t seed,
                        const char* purpose, const Context& context) {
  const auto draw = [&](const Stream& stream) {
    std::vector<Ratio> ratios(dealer.observed().size());
    dealer.deal(stream, ratios);
    return counts_of(dealer, ratios);
  };
  return null_of_draws(counts_of(dealer, dealer.observed()), draw, figure, draws, seed, purpose, context);
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
    return null_not_applicable("no class occurs in two groups; the annotated class determines the group");
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
  Dealer dealer(static_cast<std::size_t>(groups), units.empty() ? 1 : units.front().adds.size());
  for (const Unit& unit : units) {
    ensure(0 <= unit.group && unit.group < groups, "a unit of these groups");
    dealer.add(unit.stratum, static_cast<std::size_t>(unit.group), unit.adds);
  }
  if (!dealer.can_exchange()) return null_not_applicable("no stratum holds units of two groups");
  return reference(dealer, figure, draws, seed, "permute units", context);
}

}  // namespace evenface::stats
