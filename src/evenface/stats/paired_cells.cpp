#include "evenface/stats/paired_cells.h"

#include <bit>

#include "evenface/core/error.h"

namespace evenface::stats {

PairedCells::PairedCells(std::int64_t groups, int runs_before, int runs_after)
    : runs_before_(runs_before), runs_after_(runs_after), counts_(static_cast<std::size_t>(groups)) {
  require(runs_before > 0 && runs_after >= 0 && runs_before + runs_after <= 64,
          "a comparison takes at most 64 runs, before and after together", runs_before, runs_after);
}

void PairedCells::add(std::int64_t group, Pattern pattern, std::int64_t rows) {
  ensure(0 <= group && group < groups() && rows >= 0, "a group that the cells hold");
  counts_[static_cast<std::size_t>(group)][pattern] += rows;
}

PairedCells& PairedCells::operator+=(const PairedCells& other) {
  ensure(other.groups() == groups() && other.runs_before_ == runs_before_ && other.runs_after_ == runs_after_,
         "cells of the same comparison");
  for (std::int64_t g = 0; g < groups(); ++g)
    for (const auto& [pattern, rows] : other.of(g)) add(g, pattern, rows);
  return *this;
}

const std::map<Pattern, std::int64_t>& PairedCells::of(std::int64_t group) const {
  return counts_[static_cast<std::size_t>(group)];
}

std::int64_t PairedCells::rows(std::int64_t group) const {
  std::int64_t n = 0;
  for (const auto& [pattern, rows] : of(group)) n += rows;
  return n;
}

PairedCells PairedCells::only(std::span<const std::int64_t> some) const {
  PairedCells cells(static_cast<std::int64_t>(some.size()), runs_before_, runs_after_);
  for (std::size_t i = 0; i < some.size(); ++i) cells.counts_[i] = of(some[i]);
  return cells;
}

PairedCells PairedCells::pooled(std::int64_t groups, const std::function<std::int64_t(std::int64_t)>& into) const {
  PairedCells cells(groups, runs_before_, runs_after_);
  for (std::int64_t g = 0; g < this->groups(); ++g)
    for (const auto& [pattern, rows] : of(g)) cells.add(into(g), pattern, rows);
  return cells;
}

PairedCells paired_cells(const Cells& cells, const Metric& metric, int runs_before) {
  ensure(is_share(metric) && (is_paired(metric) || cells.runs() == 1),
         "a metric whose rows the truth alone decides, or a single run");
  PairedCells paired(cells.groups(), runs_before, cells.runs() - runs_before);
  for (std::int64_t g = 0; g < cells.groups(); ++g)
    for (const Cells::Cell& cell : cells.of(g)) {
      if (!is_trial(metric, cell.truth, cell.predicted.front())) continue;
      Pattern pattern = 0;
      for (std::size_t run = 0; run < cell.predicted.size(); ++run)
        if (is_success(metric, cell.truth, cell.predicted[run])) pattern |= Pattern{1} << run;
      paired.add(g, pattern, cell.count.rows);
    }
  return paired;
}

std::pair<int, int> runs_of(const PairedCells& cells, Arm arm) {
  if (arm == Arm::kBefore) return {0, cells.runs_before()};
  return {cells.runs_before(), cells.runs()};
}

std::vector<GroupCount> counts_of_run(const PairedCells& cells, int run) {
  std::vector<GroupCount> counts(static_cast<std::size_t>(cells.groups()));
  for (std::int64_t g = 0; g < cells.groups(); ++g)
    for (const auto& [pattern, rows] : cells.of(g)) {
      GroupCount& c = counts[static_cast<std::size_t>(g)];
      c.n += rows;
      if (pattern >> run & 1) c.right += static_cast<double>(rows);
    }
  return counts;
}

double share_right(const PairedCells& cells, Pattern pattern, Arm arm) {
  const auto [first, last] = runs_of(cells, arm);
  const Pattern mask = (last == 64 ? ~Pattern{0} : (Pattern{1} << last) - 1) >> first << first;
  return std::popcount(pattern & mask) / static_cast<double>(last - first);
}

std::vector<GroupCount> mean_counts(const PairedCells& cells, Arm arm) {
  std::vector<GroupCount> counts(static_cast<std::size_t>(cells.groups()));
  for (std::int64_t g = 0; g < cells.groups(); ++g)
    for (const auto& [pattern, rows] : cells.of(g)) {
      GroupCount& c = counts[static_cast<std::size_t>(g)];
      c.n += rows;
      c.right += static_cast<double>(rows) * share_right(cells, pattern, arm);
    }
  return counts;
}

PairCounts pair_counts(const PairedCells& cells, std::int64_t group) {
  ensure(cells.runs_before() == 1 && cells.runs_after() == 1, "lost and won are counts of one run each");
  PairCounts c{0, 0, 0, 0};
  for (const auto& [pattern, rows] : cells.of(group)) {
    std::int64_t* const cell[] = {&c.neither, &c.lost, &c.won, &c.both};
    *cell[pattern & 3] += rows;
  }
  return c;
}

Flips flips_of(const PairedCells& cells, std::int64_t group) {
  Flips flips;
  for (const auto& [pattern, rows] : cells.of(group)) {
    const double before = share_right(cells, pattern, Arm::kBefore), after = share_right(cells, pattern, Arm::kAfter);
    const auto n = static_cast<double>(rows);
    flips.lost += n * before * (1 - after), flips.won += n * after * (1 - before);
  }
  return flips;
}

}  // namespace evenface::stats
