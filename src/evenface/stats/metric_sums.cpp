#include "evenface/stats/metric_sums.h"

#include "evenface/core/error.h"

namespace evenface::stats {

RatioLayout::RatioLayout(std::span<const Metric> metrics) : metrics_(metrics.begin(), metrics.end()), first_{0} {
  for (const Metric& metric : metrics_) first_.push_back(first_.back() + ratios_of(metric));
}

MetricSums::MetricSums(const RatioLayout& layout, const Confusion& table) : entries_(layout.ratios()) {
  for (int y = 0; y < table.classes(); ++y)
    for (int h = 0; h <= table.classes(); ++h) {
      if (table.at(y, h).mass <= 0) continue;
      for (std::size_t m = 0; m < layout.metrics().size(); ++m)
        for (std::size_t i = 0; i < ratios_of(layout.metrics()[m]); ++i) {
          const Ratio row = addend(layout.metrics()[m], i, table.classes(), y, h);
          if (row.whole > 0) entries_[layout.first(m) + i].push_back({cells_.size(), row});
        }
      cells_.push_back(table.at(y, h));
    }
}

std::vector<double> MetricSums::masses() const {
  std::vector<double> masses;
  for (const CellCount& cell : cells_) masses.push_back(cell.mass);
  return masses;
}

void MetricSums::add(std::span<const std::int64_t> counts, double mass_of_row, std::span<Ratio> ratios) const {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    double part = 0, whole = 0;
    for (const Entry& entry : entries_[i]) {
      const auto rows = static_cast<double>(counts[entry.cell]);
      part += entry.row.part * rows, whole += entry.row.whole * rows;
    }
    ratios[i].part += mass_of_row * part, ratios[i].whole += mass_of_row * whole;
  }
}

ObservedRatios& ObservedRatios::operator+=(const ObservedRatios& other) {
  ensure(ratios.size() == other.ratios.size(), "ratios of the same metrics");
  for (std::size_t i = 0; i < ratios.size(); ++i) {
    ratios[i].part += other.ratios[i].part, ratios[i].whole += other.ratios[i].whole;
    trials[i] += other.trials[i];
  }
  total += other.total;
  return *this;
}

ObservedRatios observed_ratios(const RatioLayout& layout, const MetricSums& sums) {
  ObservedRatios seen{std::vector<Ratio>(layout.ratios()), std::vector<CellCount>(layout.ratios()), {}};
  for (const CellCount& cell : sums.cells()) seen.total += cell;
  for (std::size_t i = 0; i < seen.ratios.size(); ++i)
    for (const auto& [cell, row] : sums.of(i)) {
      const CellCount& count = sums.cells()[cell];
      seen.ratios[i].part += row.part * count.mass, seen.ratios[i].whole += row.whole * count.mass;
      seen.trials[i] += count;
    }
  return seen;
}

namespace {

CellCount less(const CellCount& all, const CellCount& own) {
  return {all.rows - own.rows, all.mass - own.mass, all.squares - own.squares};
}

}  // namespace

Ratio rest_of(const Ratio& all, const Ratio& own) {
  const double whole = all.whole - own.whole;
  return {all.part - own.part, whole > 1e-9 * all.whole ? whole : 0};
}

ObservedRatios rest_of(const ObservedRatios& all, const ObservedRatios& own) {
  ObservedRatios rest = all;
  for (std::size_t i = 0; i < rest.ratios.size(); ++i) {
    rest.ratios[i] = rest_of(all.ratios[i], own.ratios[i]);
    rest.trials[i] = less(all.trials[i], own.trials[i]);
  }
  rest.total = less(all.total, own.total);
  return rest;
}

double effective_rows(const CellCount& count) {
  return count.squares > 0 ? count.mass * count.mass / count.squares : 0;
}

}  // namespace evenface::stats
