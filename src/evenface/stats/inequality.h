#pragma once
#include <optional>
#include <span>

#include "evenface/stats/cells.h"
#include "evenface/stats/disparity.h"
#include "evenface/stats/estimate.h"

namespace evenface::stats {

/// Gini's coefficient with the small-sample factor, n/(n - 1) sum_ij |x_i - x_j| / (2 n^2 mean): 0 when all are equal,
/// 1 when one has all (the G of GARBE, Howard et al. 2022). Nothing where the mean is 0.
/// Throws InputError when there are fewer than two values or one is negative.
std::optional<double> gini(std::span<const double> values);

/// Generalised entropy, sum_i ((x_i/mean)^alpha - 1) / (n alpha (alpha - 1)) (Shorrocks 1980); its limits are Theil's T
/// at alpha = 1, the mean of x/mean ln(x/mean), and Theil's L at alpha = 0, the mean of ln(mean/x). Half the squared
/// coefficient of variation at alpha = 2. Nothing where the mean is 0, or where a value is 0 and alpha <= 0.
/// Throws InputError when there is no value or one is negative.
std::optional<double> generalized_entropy(std::span<const double> values, double alpha);

/// Over the rates of groups, each group counting alike. Biased upwards by sampling alone, as every spread of raw rates,
/// and without an interval, for near equality a bootstrap holds no coverage: read them beside their null reference
/// (chance.h). Not estimable where the mean is 0. Throws InputError when there are fewer than two groups.
Estimate gini_of_rates(std::span<const GroupCount> groups);
Estimate entropy_of_rates(std::span<const GroupCount> groups, double alpha);

/// Over rows, each with the benefit predicted - true + 1: 2 for a false positive, 1 when judged rightly, 0 for a false
/// negative (Speicher et al. 2018). A row without a prediction isn't predicted as `positive`. Interval: delta method,
/// its variance at proportions with half a row added to each benefit, so that flawless predictions keep a width.
/// Not estimable where there are no rows, or none has a benefit. Throws InputError unless alpha > 0, for the benefit 0
/// has no logarithm.
Estimate entropy_of_benefits(const Confusion& table, int positive, double alpha, double level);

}  // namespace evenface::stats
