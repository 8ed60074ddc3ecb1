#include "evenface/stats/paired_units.h"

#include <cmath>

#include "evenface/core/error.h"
#include "evenface/stats/metric_sums.h"

namespace evenface::stats {

MetricKind kind_of(const Metric& metric) { return {ratios_of(metric), is_share(metric), {0, 1}, true}; }

std::vector<Ratio> addends(const Metric& metric, int classes, int truth, std::span<const int> predicted) {
  std::vector<Ratio> adds;
  for (const int h : predicted)
    for (std::size_t i = 0; i < ratios_of(metric); ++i) adds.push_back(addend(metric, i, classes, truth, h));
  return adds;
}

PairedUnits::PairedUnits(MetricKind kind, std::int64_t groups, int runs_before, int runs_after, bool by_person)
    : kind_(kind),
      runs_before_(runs_before),
      runs_after_(runs_after),
      by_person_(by_person),
      groups_(static_cast<std::size_t>(groups)) {
  require(runs_before > 0 && runs_after >= 0, "runs before and after", runs_before, runs_after);
}

PairedUnits::PairedUnits(const Cells& cells, const Metric& metric, int runs_before)
    : PairedUnits(kind_of(metric), cells.groups(), runs_before, cells.runs() - runs_before, false) {
  for (std::int64_t g = 0; g < cells.groups(); ++g) {
    std::uint64_t number = 0;
    for (const Cells::Cell& cell : cells.of(g)) {
      if (cell.count.mass <= 0) continue;
      const double copies = effective_rows(cell.count);
      add(g, number, addends(metric, cells.classes(), cell.truth, cell.predicted), cell.count.mass / copies);
      PairedUnit& unit = groups_[static_cast<std::size_t>(g)].at(number++);
      unit.person = 0, unit.copies = copies;
    }
  }
}

void PairedUnits::add(std::int64_t group, std::uint64_t key, std::span<const Ratio> adds, double weight) {
  ensure(adds.size() == static_cast<std::size_t>(runs()) * ratios(), "what is added in each run");
  PairedUnit& unit = groups_[static_cast<std::size_t>(group)][key];
  unit.person = key;
  unit.adds.resize(adds.size());
  const double mass = rounded_weight(weight);
  for (std::size_t i = 0; i < adds.size(); ++i)
    unit.adds[i].part += mass * adds[i].part, unit.adds[i].whole += mass * adds[i].whole;
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
  PairedUnits some(kind_, std::ssize(groups), runs_before_, runs_after_, by_person_);
  for (std::size_t i = 0; i < groups.size(); ++i) some.groups_[i] = groups_[static_cast<std::size_t>(groups[i])];
  return some;
}

PairedUnits PairedUnits::rest_of(std::int64_t group) const {
  PairedUnits rest(kind_, 1, runs_before_, runs_after_, by_person_);
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
