#pragma once
#include <compare>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "evenface/core/error.h"
#include "evenface/stats/cells.h"
#include "evenface/stats/disparity.h"
#include "evenface/stats/estimate.h"

namespace evenface::stats {

/// What is measured of predicted classes (methods: Rates and intervals).
enum class Measure {
  kAccuracy,           ///< predicted as annotated
  kRecall,             ///< of a class: its rows that are found (true positive rate)
  kFalseNegativeRate,  ///< of a class: its rows that are missed
  kSpecificity,        ///< of a class: the other rows that are not taken for it (true negative rate)
  kFalsePositiveRate,  ///< of a class: the other rows that are taken for it
  kPrecision,          ///< of a class: the rows taken for it that are of it
  kSelectionRate,      ///< of a class: all rows that are taken for it
  kF1,                 ///< of a class: harmonic mean of precision and recall
};

/// Over what a measure of classes is taken.
enum class Average {
  kOneClass,  ///< `Metric::positive`
  kMacro,     ///< the mean over `Metric::classes`; of recall this is balanced accuracy
  kMicro,     ///< the classes' counts added up
};

struct Metric {
  Measure measure = Measure::kAccuracy;
  Average average = Average::kOneClass;
  int positive = 0;               ///< the class, for kOneClass
  std::vector<int> classes = {};  ///< for kMacro; only classes that every compared group has
};

/// Whether more is better: accuracy, recall, specificity, precision and F1; less is better for false
/// positive and negative rates; a selection rate is neither, and is treated as the former.
bool higher_is_better(Measure measure);

/// Whether it moves with how common the class is in a group, even if every row is judged alike.
bool depends_on_prevalence(Measure measure);

/// A share of rows, successes / trials, in sums of weights.
struct Share {
  CellCount successes, trials;

  std::optional<double> value() const;
  /// As many rows of equal weight as tell as much, p (1 - p) / (sum w^2 (x - p)^2 / (sum w)^2), where that is less than
  /// (sum w)^2 / sum w^2 (Kish 1965), which is right where weights say nothing of successes; without weights the rows.
  double effective_trials() const;
  /// As a count for figures over groups: effective trials, and as many of them as are successes.
  GroupCount count() const;
};

/// Whether the metric is a share of rows, so that exact intervals and tests apply.
bool is_share(const Metric& metric);
/// Whether which rows it is a share of depends on the truth alone, so that two runs are compared row by row.
bool is_paired(const Metric& metric);

/// For a share: whether a row of this true and predicted class is counted, and whether it is a success. Asked of every
/// row, so to be inlined.
inline bool is_trial(const Metric& metric, int truth, int predicted) {
  switch (metric.measure) {
    case Measure::kAccuracy:
    case Measure::kSelectionRate:
      return true;
    case Measure::kRecall:
    case Measure::kFalseNegativeRate:
      return truth == metric.positive;
    case Measure::kSpecificity:
    case Measure::kFalsePositiveRate:
      return truth != metric.positive;
    case Measure::kPrecision:
      return predicted == metric.positive;
    case Measure::kF1:
      break;
  }
  ensure(false, "F1 is no share of rows");
  return false;
}
inline bool is_success(const Metric& metric, int truth, int predicted) {
  if (!is_trial(metric, truth, predicted)) return false;
  switch (metric.measure) {
    case Measure::kAccuracy:
      return predicted == truth;
    case Measure::kFalseNegativeRate:
    case Measure::kSpecificity:
      return predicted != metric.positive;
    case Measure::kPrecision:
      return truth == metric.positive;
    default:
      return predicted == metric.positive;
  }
}

/// Throws InternalError unless the metric is a share.
Share share_of(const Metric& metric, const Confusion& table);

/// A numerator and its denominator, or what one row adds to them.
struct Ratio {
  double part = 0, whole = 0;
  auto operator<=>(const Ratio&) const = default;
};

/// Every metric is a mean of ratios of sums over rows. How many: one per class for a macro average, else one.
std::size_t ratios_of(const Metric& metric);
/// What a row of this true and predicted class, out of `classes`, adds to one of the ratios.
Ratio addend(const Metric& metric, std::size_t ratio, int classes, int truth, int predicted);
/// Nothing where there is no ratio, or one has no denominator.
std::optional<double> mean_of(std::span<const Ratio> ratios);

/// The metric, or nothing where it has no denominator: a class without rows, or never predicted. F1 of a
/// class that has rows and is never found is 0.
std::optional<double> value_of(const Metric& metric, const Confusion& table);

}  // namespace evenface::stats
