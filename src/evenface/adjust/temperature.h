#pragma once
#include <span>

#include "evenface/adjust/scores.h"
#include "evenface/core/context.h"
#include "evenface/stats/calibration.h"

namespace evenface::adjust {

/// Divides all logits by one number. No prediction changes; the probabilities do.
struct TemperatureRule {
  double temperature = 1;
  bool operator==(const TemperatureRule&) const = default;
};

struct TemperatureFit {
  TemperatureRule rule;
  double nll_before, nll_after;                   ///< mean negative log-likelihood of the true class, nats
  stats::CalibrationError ece_before, ece_after;  ///< of the probability of the predicted class
};

/// The temperature with the least negative log-likelihood (Guo, Pleiss, Sun & Weinberger 2017). In 1/T it is convex:
/// Newton's method, kept within a bracket. Throws InputError when there is no such temperature: every row is right
/// (it falls to 0), or the scores favour wrong classes (it grows without end).
TemperatureFit fit_temperature(const ClassRows& rows, const Context& context);

/// Mean over rows of -log p(true class), by weight, with the logits divided by `temperature`.
double negative_log_likelihood(const ClassRows& rows, double temperature = 1);

/// The probability of the predicted class and whether it is right, over all rows as one group.
stats::ScoreCells top_class_scores(const ClassRows& rows, double temperature = 1);

}  // namespace evenface::adjust
