#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "evenface/stats/cells.h"
#include "evenface/stats/measured.h"

namespace evenface::stats {

/// The rows that have one score, where it is known whose they are those of one person: those of the class (positives)
/// and the others.
struct ScoreCount {
  double score = 0;
  CellCount positives, negatives;
  Person person = {};
};

/// The rows of each distinct score, whosever they are; `scores` are as ScoreCells gives them.
std::vector<ScoreCount> distinct(std::span<const ScoreCount> scores);

/// Per group the distinct scores with the (weighted) positives and negatives that have them: all that
/// ranking and calibration of one class need. Cells of two shards add, bit for bit.
class ScoreCells {
 public:
  explicit ScoreCells(std::int64_t groups);

  /// Throws InputError unless the score is finite and the weight finite and not negative.
  void add(std::int64_t group, double score, bool positive, double weight = 1, Person person = {});
  ScoreCells& operator+=(const ScoreCells& other);

  std::int64_t groups() const { return static_cast<std::int64_t>(groups_.size()); }
  /// The distinct scores of a group, ascending; where persons are known, of each of them.
  std::vector<ScoreCount> of(std::int64_t group) const;
  /// The same over all groups but this one; over all groups with -1.
  std::vector<ScoreCount> all_but(std::int64_t group) const;

 private:
  struct Group {
    std::vector<ScoreCount> sorted, added;  // added: not yet merged, in any order
  };
  std::vector<Group> groups_;
};

/// Effective numbers (Kish 1965) of positives and of negatives; at most the persons who have some, where known.
struct ClassRows {
  double positives, negatives;
  std::int64_t rows;
};
ClassRows rows_of(std::span<const ScoreCount> scores);

/// The area under the ROC curve: the chance that a positive scores above a negative, ties counting one half.
/// The interval is DeLong's (1988, with midranks as Sun & Xu 2014) on the logit scale, which keeps it within
/// 0 and 1. Where DeLong's variance is 0 (no overlap, so that the area is 0 or 1, or one score for all rows)
/// it is Newcombe's (2006, method 5), which has width there. Weights count as in a weighted mean. Where persons are
/// known the variance is the larger of DeLong's and that of their sums of placements (Obuchowski 1997, Biometrics
/// 53:567), with Student's t for as many persons.
/// Not estimable unless there are `min_rows` effective positives and as many negatives.
Measured roc_auc(std::span<const ScoreCount> scores, std::int64_t min_rows);

/// Average precision, the sum over scores of (recall gained) x precision, without interpolation, as
/// scikit-learn defines it. The interval is the logit interval of Boyd, Eng & Page 2013 with the effective
/// positives as n, so that a person counts at most once; at 1 it is Wilson's. It depends on prevalence: groups in which
/// the class is more common have a higher one, even if every row is scored alike. Not estimable as roc_auc.
Measured average_precision(std::span<const ScoreCount> scores, std::int64_t min_rows);

/// Newcombe's interval for the area under the ROC curve (2006, Stat Med 25:559, method 5): Hanley & McNeil's
/// variance with both sample sizes replaced by their mean, inverted as a score interval.
Interval newcombe_auc_interval(double area, double positives, double negatives, double level);

}  // namespace evenface::stats
