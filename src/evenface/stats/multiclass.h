#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "evenface/stats/scores.h"

namespace evenface::stats {

/// Throws InputError unless the probabilities of a row lie in 0..1 and sum to 1, give or take .01 (files round them).
void require_distribution(std::span<const double> probabilities);

/// Rows with one probability per class: each class against the others, the most probable class with its
/// probability (its "confidence"), and the multiclass Brier score. Shards add, bit for bit.
class MulticlassScores {
 public:
  MulticlassScores(std::int64_t groups, int classes);

  /// `truth` is a class. Throws as require_distribution. Of equally probable classes the first counts as predicted.
  void add(std::int64_t group, int truth, std::span<const double> probabilities, double weight = 1, Person person = {});
  MulticlassScores& operator+=(const MulticlassScores& other);

  std::int64_t groups() const { return top_label_.groups(); }
  int classes() const { return static_cast<int>(one_class_.size()); }
  /// A class against the others: positives are its rows, the score is its probability.
  const ScoreCells& one_class(int c) const { return one_class_[static_cast<std::size_t>(c)]; }
  /// Positives are the rows predicted rightly, the score is the confidence: for the calibration error.
  const ScoreCells& top_label() const { return top_label_; }
  /// sum over classes of (probability - truth)^2 per row, 0 to 2; its mean is the multiclass Brier score.
  const Moments& squared_errors(std::int64_t group) const { return brier_[static_cast<std::size_t>(group)]; }
  /// The same over all groups but this one.
  Moments squared_errors_of_others(std::int64_t group) const;

 private:
  std::vector<ScoreCells> one_class_;
  ScoreCells top_label_;
  std::vector<Moments> brier_;
};

/// The classes that have `min_rows` effective rows, and as many others, in each of the groups: the ones whose
/// mean compares. Groups too small to be compared are not to be named, or no class would be left.
std::vector<int> comparable_classes(const MulticlassScores& scores, std::span<const std::int64_t> groups,
                                    std::int64_t min_rows);

/// A figure of one class against the others, such as `roc_auc`.
using ScoreFigure = Measured (*)(std::span<const ScoreCount> scores, std::int64_t min_rows);

/// Its unweighted mean over classes, in one group or (`others`) in all but it. The interval is conservative:
/// the mean of the classes' intervals, as if their errors went together.
Measured macro_mean(const MulticlassScores& scores, std::int64_t group, std::span<const int> classes,
                    ScoreFigure figure, std::int64_t min_rows, bool others = false);

/// Multiclass Brier score of a group, 0 to 2.
Measured brier_score(const MulticlassScores& scores, std::int64_t group, std::int64_t min_rows);

}  // namespace evenface::stats
