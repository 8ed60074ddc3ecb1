#include "evenface/stats/paired_units.h"

#include <cmath>
#include <utility>

#include "evenface/core/error.h"
#include "evenface/stats/metric_sums.h"

namespace evenface::stats {

PairedUnits::PairedUnits(Metric metric, int classes, std::int64_t groups, int runs_before, int runs_after)
    : metric_(std::move(metric)),
      classes_(classes),
      runs_before_(runs_before),
      runs_after_(runs_after),
      ratios_(ratios_of(metric_)),
      by_person_(true),
      groups_(static_cast<std::size_t>(groups)) {
  require(runs_before > 0 && runs_after >= 0, "runs before and after", runs_before, runs_after);
}

PairedUnits::PairedUnits(const Cells& cells, const Metric& metric, int runs_before)
    : PairedUnits(metric, cells.classes(), cells.groups(), runs_before, cells.runs() - runs_before) {
  by_person_ = false;
  for (std::int64_t g = 0; g < cells.groups(); ++g) {
    const CellCount total = cells.total(g);
    const double effective = std::round(effective_rows(total));
    if (effective < 1) continue;
    const double mass_of_row = total.mass / effective;
    std::uint64_t number = 0;
    for (const Cells::Cell& cell : cells.of(g)) {
      if (cell.count.mass <= 0) continue;
      add(g, number, cell.truth, cell.predicted, mass_of_row);
      PairedUnit& unit = groups_[static_cast<std::size_t>(g)].at(number++);
      unit.person = 0, unit.copies = cell.count.mass / mass_of_row;
    }
  }
}

void PairedUnits::add(std::int64_t group, std::uint64_t person, int truth, std::span<const int> predicted,
                      double weight) {
  ensure(std::ssize(predicted) == runs(), "a prediction of each run");
  PairedUnit& unit = groups_[static_cast<std::size_t>(group)][person];
  unit.person = person;
  unit.adds.resize(static_cast<std::size_t>(runs()) * ratios_);
  const double mass = rounded_weight(weight);
  for (std::size_t run = 0; run < predicted.size(); ++run)
    for (std::size_t i = 0; i < ratios_; ++i) {
      const Ratio row = addend(metric_, i, classes_, truth, predicted[run]);
      Ratio& sum = unit.adds[run * ratios_ + i];
      sum.part += mass * row.part, sum.whole += mass * row.whole;
    }
}

std::pair<int, int> PairedUnits::runs_of(Arm arm) const {
  return arm == Arm::kBefore ? std::pair(0, runs_before_) : std::pair(runs_before_, runs());
}

std::vector<PairedUnit> PairedUnits::of(std::int64_t group) const {
  std::vector<PairedUnit> units;
  for (const auto& [key, unit] : groups_[static_cast<std::size_t>(group)]) units.push_back(unit);
  return units;
}

PairedUnits PairedUnits::only(std::span<const std::int64_t> groups) const {
  PairedUnits some(metric_, classes_, std::ssize(groups), runs_before_, runs_after_);
  some.by_person_ = by_person_;
  for (std::size_t i = 0; i < groups.size(); ++i) some.groups_[i] = groups_[static_cast<std::size_t>(groups[i])];
  return some;
}

PairedUnits PairedUnits::rest_of(std::int64_t group) const {
  PairedUnits rest(metric_, classes_, 1, runs_before_, runs_after_);
  rest.by_person_ = by_person_;
  std::uint64_t number = 0;
  for (std::int64_t g = 0; g < groups(); ++g) {
    if (g == group) continue;
    for (const auto& [key, unit] : groups_[static_cast<std::size_t>(g)]) {
      PairedUnit& sum = rest.groups_[0][by_person_ ? key : number++];
      sum.person = unit.person, sum.copies = unit.copies;
      sum.adds.resize(unit.adds.size());
      for (std::size_t i = 0; i < unit.adds.size(); ++i)
        sum.adds[i].part += unit.adds[i].part, sum.adds[i].whole += unit.adds[i].whole;
    }
  }
  return rest;
}

}  // namespace evenface::stats
