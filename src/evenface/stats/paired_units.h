#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "evenface/stats/cells.h"
#include "evenface/stats/measured.h"
#include "evenface/stats/metric.h"
#include "evenface/stats/paired_cells.h"

namespace evenface::stats {

/// What is drawn as a whole: a row, or all rows of one person in one group.
struct PairedUnit {
  std::uint64_t person = 0;  ///< whose rows it is, where units are persons
  double copies = 1;         ///< how many units are like it
  std::vector<Ratio> adds;   ///< to the metric's ratios in each run, [run x ratios + ratio]
};

/// What a metric is, to those who compare its values.
struct MetricKind {
  std::size_t ratios = 1;  ///< it is the mean of that many
  bool is_share = false;   ///< of rows: Wilson's interval applies
  Bounds bounds{0, 1};
  bool decides = false;  ///< counts of right and wrong make it, so that few units may change
};
MetricKind kind_of(const Metric& metric);

/// What each unit adds to the ratios of a metric, by group: all that is needed to compare runs by any metric that is a
/// mean of ratios, with weighted rows and with several rows of one person. The runs before come first.
class PairedUnits {
 public:
  /// Units are persons, or rows. Throws InputError unless there is a run before.
  PairedUnits(MetricKind kind, std::int64_t groups, int runs_before, int runs_after, bool by_person);
  /// Units are rows. Weighted rows that are alike are as many units of one weight as are effective (Kish 1965), which
  /// keeps their sums of weights and of squares, and so the variance.
  PairedUnits(const Cells& cells, const Metric& metric, int runs_before);

  /// Adds a row to those of the same unit in the same group; `adds` to each ratio in each run, [run x ratios + ratio].
  void add(std::int64_t group, std::uint64_t unit, std::span<const Ratio> adds, double weight = 1);

  const MetricKind& kind() const { return kind_; }
  bool by_person() const { return by_person_; }
  std::int64_t groups() const { return static_cast<std::int64_t>(groups_.size()); }
  int runs_before() const { return runs_before_; }
  int runs_after() const { return runs_after_; }
  int runs() const { return runs_before_ + runs_after_; }
  std::size_t ratios() const { return kind_.ratios; }
  /// The runs of an arm, [first, last).
  std::pair<int, int> runs_of(Arm arm) const;

  /// The units of a group, in an order that does not depend on that of the rows.
  std::vector<PairedUnit> of(std::int64_t group) const;
  PairedUnits only(std::span<const std::int64_t> groups) const;
  /// All groups but one, as a single group.
  PairedUnits rest_of(std::int64_t group) const;

 private:
  MetricKind kind_;
  int runs_before_, runs_after_;
  bool by_person_;
  std::vector<std::map<std::uint64_t, PairedUnit>> groups_;  // by person, or by number of the row or cell
};

/// What a row adds to each ratio of a metric of predicted classes in each run; `predicted` holds a class, or `classes`
/// for none, per run.
std::vector<Ratio> addends(const Metric& metric, int classes, int truth, std::span<const int> predicted);

}  // namespace evenface::stats
