#pragma once
#include <functional>
#include <optional>
#include <utility>

#include "evenface/stats/paired_units.h"
#include "evenface/stats/ranking.h"
#include "evenface/study/outcomes.h"

// Comparison by what each row adds to a mean over rows, or to a ranking. Private to `study`.
namespace evenface::study {

/// A metric that is the mean over rows of a number that each has in each run (a Brier score, a share of votes, an error
/// of an age), or the mean of several such means (one per class). It reads the outcomes it was made of.
struct MeanMetric {
  std::size_t means = 1;
  stats::Bounds bounds{0, 1};  ///< of the numbers
  /// The number of a row; nothing where it has no part in that mean.
  std::function<std::optional<double>(std::size_t run, std::size_t row, std::size_t mean)> number;
};

/// As paired_units_of.
stats::PairedUnits paired_units_of_means(const Outcomes& outcomes, std::optional<std::size_t> crossing,
                                         const MeanMetric& metric, int half = -1);

/// The scores that a task's rows are ranked by: in each run, for each class that is asked for.
struct Rankings {
  stats::RankMeasure measure = stats::RankMeasure::kRocAuc;
  std::size_t classes = 0;
  /// A row's score, and whether it is of the class.
  std::function<std::pair<double, bool>(std::size_t run, std::size_t row, std::size_t which)> ranked;
};

/// As paired_units_of, of a rank measure in each group, mean over classes. What rows move it by (stats/ranking.h)
/// stands for them: it is the mean of two ratios, one over positives and one over negatives, to which each row adds
/// the value of its group plus twice its own move. Drawn anew, rows keep these.
stats::PairedUnits paired_units_of_rankings(const Outcomes& outcomes, std::optional<std::size_t> crossing,
                                            const Rankings& rankings, int half = -1);

}  // namespace evenface::study
