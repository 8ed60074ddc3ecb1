#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "evenface/core/context.h"
#include "evenface/stats/chance.h"
#include "evenface/stats/estimate.h"
#include "evenface/stats/scores.h"

namespace evenface::stats {

/// Throws InputError unless a score is a probability, 0 to 1; rounding of 32-bit reals is allowed for.
void require_probability(double score);

/// Of scores that are probabilities of the class: (score - truth)^2 per row, truth being 1 or 0. Its mean is
/// the Brier score; compare groups by `difference_of`. Throws InputError when a score lies outside 0..1.
Moments squared_errors(std::span<const ScoreCount> scores);

/// score - truth per row. Its mean says by how much the scores are too high (calibration in the large).
/// Unlike the calibration error it is unbiased, so that groups of any size compare. Throws as squared_errors.
Moments signed_errors(std::span<const ScoreCount> scores);

/// Brier score of one class, 0 to 1.
Measured brier_score(std::span<const ScoreCount> scores, std::int64_t min_rows);

/// Calibration in the large, the mean of signed_errors, -1 to 1.
Measured calibration_bias(std::span<const ScoreCount> scores, std::int64_t min_rows);

/// Mean score of the rows of the class, and of the others: recall and false positive rate of a decision drawn with the
/// score as its chance. Equal over groups they are the balance for either class of Kleinberg, Mullainathan & Raghavan
/// (2017). Not estimable below `min_rows` effective rows of the class, or of the others. Throw as squared_errors.
Measured soft_recall(std::span<const ScoreCount> scores, std::int64_t min_rows);
Measured soft_false_positive_rate(std::span<const ScoreCount> scores, std::int64_t min_rows);

struct CalibrationSettings {
  int bins = 15;
  std::int64_t draws = 1000;  ///< of the null
  std::uint64_t seed = 1;
};

/// The expected calibration error beside what chance alone makes of it.
struct CalibrationError {
  Estimate ece;        ///< without an interval: it can't tell an error of 0 from one of its null mean
  NullReference null;  ///< truth drawn from the scores, i.e. of a perfectly calibrated model
  double excess = 0;   ///< ece - null.mean: about 0 if calibrated, and below the true error if not
  int bins = 0;        ///< that hold rows
};

/// ECE with bins of equal mass: the mean over bins, by mass, of |share of the class - mean score|. A row is
/// in the bin in which the midrank of its score lies, so that equal scores stay together and row order does
/// not matter; bins may then differ in mass or be empty. Beside it the null: truth drawn from the scores
/// again and again. The sum of a bin of variance above 1,000 is drawn from the normal distribution
/// (Berry-Esseen: off by at most .02 in probability). Draw i is addressed by (seed, i).
/// ECE grows with the number of bins and shrinks with the number of rows: groups of different size are
/// compared by `signed_errors`, not by it. Not estimable below `min_rows` effective rows.
/// Throws as squared_errors.
CalibrationError calibration_error(std::span<const ScoreCount> scores, const CalibrationSettings& settings,
                                   std::int64_t min_rows, const Context& context);

/// The mean over runs that scored the same rows; not estimable where one isn't. Truth being common to the runs, their
/// draws are averaged by size, as if all went together: p is conservative. Throws InputError when there is no run or
/// their draws differ in number.
CalibrationError mean_of(std::span<const CalibrationError> runs);

}  // namespace evenface::stats
