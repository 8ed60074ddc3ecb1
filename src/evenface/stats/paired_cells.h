#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "evenface/stats/disparity.h"
#include "evenface/stats/interval.h"
#include "evenface/stats/metric.h"

namespace evenface::stats {

/// Which of the runs were right on a row: bit i for run i, the runs before first.
using Pattern = std::uint64_t;

/// How often each pattern of right and wrong occurs in each group. All that a
/// before/after comparison needs, whatever the number of rows; cells of two
/// shards add. An evaluation has runs before only.
class PairedCells {
 public:
  /// At least one run before and at most 64 runs in all. Throws InputError otherwise.
  PairedCells(std::int64_t groups, int runs_before, int runs_after);

  void add(std::int64_t group, Pattern pattern, std::int64_t rows = 1);
  PairedCells& operator+=(const PairedCells& other);

  std::int64_t groups() const { return static_cast<std::int64_t>(counts_.size()); }
  int runs_before() const { return runs_before_; }
  int runs_after() const { return runs_after_; }
  int runs() const { return runs_before_ + runs_after_; }
  const std::map<Pattern, std::int64_t>& of(std::int64_t group) const;
  std::int64_t rows(std::int64_t group) const;

  /// The same counts for some of the groups only.
  PairedCells only(std::span<const std::int64_t> groups) const;
  /// The groups added up into `groups` others: group g into group `into(g)`.
  PairedCells pooled(std::int64_t groups, const std::function<std::int64_t(std::int64_t g)>& into) const;

 private:
  int runs_before_, runs_after_;
  std::vector<std::map<Pattern, std::int64_t>> counts_;
};

/// Which runs were a success on each row that the metric is about, a share; with several runs it must be
/// paired (metric.h). The first `runs_before` runs of the cells are those before. Weights are left out.
PairedCells paired_cells(const Cells& cells, const Metric& metric, int runs_before);

/// The two sides of a comparison.
enum class Arm { kBefore, kAfter };

/// Runs of an arm, as a range of bit numbers [first, last).
std::pair<int, int> runs_of(const PairedCells& cells, Arm arm);

/// Rows and right rows of each group in one run.
std::vector<GroupCount> counts_of_run(const PairedCells& cells, int run);

/// Rows and right rows of each group, averaged over the arm's runs.
std::vector<GroupCount> mean_counts(const PairedCells& cells, Arm arm);

/// Lost and won of a group, when each arm has one run.
PairCounts pair_counts(const PairedCells& cells, std::int64_t group);

/// The share of an arm's runs that are right on rows of this pattern.
double share_right(const PairedCells& cells, Pattern pattern, Arm arm);

/// Rows of a group that were right before and wrong after, and the reverse; with several runs means over pairs of runs.
struct Flips {
  double lost = 0, won = 0;
};
Flips flips_of(const PairedCells& cells, std::int64_t group);

}  // namespace evenface::stats
