#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "evenface/core/random.h"
#include "evenface/stats/disparity.h"
#include "evenface/stats/paired_cells.h"

namespace evenface::stats {

/// Samples whose truth is known: what the proofs by simulation, short in the unit tests and
/// long in bench/calibration, draw from.

/// P(X = x) of Binomial(n, p) for x = 0..n.
std::vector<double> binomial_probabilities(std::int64_t n, double p);

/// `k` rates at equal distances whose mean and population SD are the given ones.
/// Throws InputError when a rate would leave 0..1.
std::vector<double> equally_spaced(double mean, double sd, int k);

/// Independent groups of `rows` rows, each right with its group's rate.
std::vector<GroupCount> draw_groups(std::span<const double> rates, std::int64_t rows, Stream& stream);

/// Runs of two methods on the same rows. A run is right on a row when a uniform number is below the run's
/// chance for the group: that number is the row's own with probability `by_row` (easy and hard rows are so
/// for every run), else the run's. A method's rows are as hard for it as for the other method, but for a
/// share `by_method` of rows, whose number each method draws for itself.
struct RunsModel {
  std::vector<double> before, after;  ///< true rate of each group
  std::vector<double> seed_sd;        ///< of a run's chance about the true rate, per group; empty: no variation
  std::int64_t rows = 0;              ///< per group
  int runs = 1;                       ///< per method
  double by_row = 0.75;
  double by_method = 0;
};

/// The rows of one draw of rows and seeds.
PairedCells draw_runs(const RunsModel& model, Stream& stream);

/// What the spread of an arm estimates: the root of the variance over groups of a run's chances, in the mean
/// over seeds.
double true_spread(std::span<const double> rates, std::span<const double> seed_sd = {});

}  // namespace evenface::stats
