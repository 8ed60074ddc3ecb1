#include "evenface/adjust/roc.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "evenface/core/error.h"
#include "evenface/stats/cells.h"

namespace evenface::adjust {
namespace {

/// Below `high` and not below `low`, so that a score at either end falls on its own side.
double between(double low, double high) {
  const double middle = low + (high - low) / 2;
  return middle < high ? middle : low;
}

}  // namespace

RocCurve roc_curve(std::span<const ScoredRow> rows, bool flip) {
  std::vector<ScoredRow> sorted(rows.begin(), rows.end());
  for (ScoredRow& row : sorted) {
    require(std::isfinite(row.score), "a score must be finite", row.score);
    require(std::isfinite(row.weight) && row.weight >= 0, "a weight must be finite and not negative", row.weight);
    row.weight = stats::rounded_weight(row.weight);
  }
  std::ranges::sort(sorted, std::greater(), &ScoredRow::score);

  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  RocCurve curve;
  curve.points.push_back({0, 0, {true, kInfinity}});
  std::vector<RocPoint> above;  // those that have a flipped form
  for (std::size_t i = 0; i < sorted.size();) {
    const double score = sorted[i].score;
    for (; i < sorted.size() && sorted[i].score == score; ++i)
      (sorted[i].positive ? curve.positives : curve.negatives) += sorted[i].weight;
    const bool last = i == sorted.size();
    curve.points.push_back(
        {curve.negatives, curve.positives, {true, last ? -kInfinity : between(sorted[i].score, score)}});
    // A threshold that is the lower score itself has no flipped form: "below" would miss that score.
    if (flip && !last && curve.points.back().cut.threshold > sorted[i].score) above.push_back(curve.points.back());
  }
  for (const RocPoint& p : above)
    curve.points.push_back(
        {curve.negatives - p.false_positives, curve.positives - p.true_positives, {false, p.cut.threshold}});
  return curve;
}

}  // namespace evenface::adjust
