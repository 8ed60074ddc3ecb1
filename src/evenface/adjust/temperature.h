#pragma once
#include <span>

#include "evenface/adjust/scores.h"

namespace evenface::adjust {

/// Divides all logits by one number. No prediction changes; the probabilities do.
struct TemperatureRule {
  double temperature = 1;
  bool operator==(const TemperatureRule&) const = default;
};

struct TemperatureFit {
  TemperatureRule rule;
  double nll_before, nll_after;  ///< mean negative log-likelihood of the true class, nats
  double ece_before, ece_after;  ///< expected calibration error of the top class
};

/// The temperature with the least negative log-likelihood (Guo, Pleiss, Sun & Weinberger 2017). In 1/T it is convex:
/// Newton's method, kept within a bracket. Throws InputError when there is no such temperature: every row is right
/// (it falls to 0), or the scores favour wrong classes (it grows without end).
TemperatureFit fit_temperature(const ClassRows& rows);

/// Mean over rows of -log p(true class), by weight, with the logits divided by `temperature`.
double negative_log_likelihood(const ClassRows& rows, double temperature = 1);

/// Expected calibration error (Naeini, Cooper & Hauskrecht 2015) of the probability of the predicted class: over
/// bins of equal weight, the mean of |share right - mean probability|. Rows with the same probability share a bin. It
/// is biased upwards: a calibrated model has one above 0 too.
double calibration_error(const ClassRows& rows, double temperature = 1, int bins = 15);

}  // namespace evenface::adjust
