#pragma once
#include <array>

#include "document.h"
#include "simulation.h"

#include "evenface/stats/before_after.h"
#include "evenface/stats/known_truth.h"

namespace evenface::calibration {

/// What a comparison said of a simulated pair, held against the truth. 0 or 1 each.
struct Judged {
  double covered, fairer, less_fair, any_flag, any_lost;
  double price_covered;  ///< the change of accuracy over faces
};

/// Compares and judges. `change` is the true change of the spread; a group counts as flagged, or lost, in error
/// when the truth did not move it.
Judged judge(const stats::RunsModel& model, double change, std::int64_t replicates, Stream& stream);

/// The true rates after the groups below the mean were raised to it; those above keep theirs.
std::vector<double> raised_to_mean(std::vector<double> rates);

}  // namespace evenface::calibration
