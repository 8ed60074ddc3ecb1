#pragma once
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "evenface/stats/cells.h"
#include "evenface/stats/metric.h"

namespace evenface::stats {

/// The ratios of several metrics one after the other, as every resampled table is summed up.
class RatioLayout {
 public:
  explicit RatioLayout(std::span<const Metric> metrics);

  std::span<const Metric> metrics() const { return metrics_; }
  std::size_t ratios() const { return first_.back(); }
  /// Where the ratios of a metric begin.
  std::size_t first(std::size_t metric) const { return first_[metric]; }
  /// The ratios of one metric among those of all.
  template <class T>
  std::span<const T> of(std::size_t metric, std::span<const T> all) const {
    return all.subspan(first_[metric], first_[metric + 1] - first_[metric]);
  }

 private:
  std::vector<Metric> metrics_;
  std::vector<std::size_t> first_;  // metrics + 1
};

/// What the rows of each cell of one table add to each ratio. Only cells that hold rows are kept.
class MetricSums {
 public:
  MetricSums(const RatioLayout& layout, const Confusion& table);

  struct Entry {
    std::size_t cell;
    Ratio row;  ///< what one row adds
  };
  /// The cells that add to a ratio.
  std::span<const Entry> of(std::size_t ratio) const { return entries_[ratio]; }
  const std::vector<CellCount>& cells() const { return cells_; }
  std::vector<double> masses() const;

  /// Adds `mass_of_row` times the counts of the cells to the ratios.
  void add(std::span<const std::int64_t> counts, double mass_of_row, std::span<Ratio> ratios) const;

 private:
  std::vector<CellCount> cells_;
  std::vector<std::vector<Entry>> entries_;  // by ratio
};

/// The ratios of a set of rows, and the rows that each rests on.
struct ObservedRatios {
  std::vector<Ratio> ratios;
  std::vector<CellCount> trials;  ///< rows that add to the denominator
  CellCount total;

  ObservedRatios& operator+=(const ObservedRatios& other);
};

ObservedRatios observed_ratios(const RatioLayout& layout, const MetricSums& sums);
/// The rows of `all` that are not among `own`.
ObservedRatios rest_of(const ObservedRatios& all, const ObservedRatios& own);
/// The same of one ratio. A denominator that only rounding keeps above 0 is 0.
Ratio rest_of(const Ratio& all, const Ratio& own);

/// Effective number of rows, (sum of weights)^2 / sum of squares (Kish 1965). Without weights the rows.
double effective_rows(const CellCount& count);

}  // namespace evenface::stats
