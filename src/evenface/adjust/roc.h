#pragma once
#include <span>
#include <vector>

namespace evenface::adjust {

/// A row of a task with two classes: its score, whether it is of the positive class, and its weight.
struct ScoredRow {
  double score;
  bool positive;
  double weight = 1;
};

/// Which scores are decided positive: those above the threshold, or those below it. Above +infinity
/// is nobody, above -infinity everybody.
struct Cut {
  bool above = true;
  double threshold = 0;

  bool holds(double score) const { return above ? score > threshold : score < threshold; }
  bool operator==(const Cut&) const = default;
};

/// What a cut decides positive, in sums of weights.
struct RocPoint {
  double false_positives, true_positives;
  Cut cut;
};

/// All that cuts can do for one group of rows.
struct RocCurve {
  double negatives = 0, positives = 0;  ///< sums of weights
  std::vector<RocPoint> points;         ///< from nobody to everybody, then the flipped cuts

  double total() const { return negatives + positives; }
};

/// One point per distinct score and one for nobody; with `flip` the cuts that decide low scores positive
/// too. A threshold stands midway between neighbouring scores. Weights are rounded as stats::rounded_weight
/// does, so the order of the rows means nothing. Throws InputError when a score is not finite, or a weight is
/// not finite or negative.
RocCurve roc_curve(std::span<const ScoredRow> rows, bool flip);

}  // namespace evenface::adjust
