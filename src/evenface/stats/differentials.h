#pragma once
#include <span>

#include "evenface/stats/measured.h"

namespace evenface::stats {

/// Summaries of how far the false match rates (FMR) and the false non-match rates (FNMR) of groups lie apart
/// at one threshold. `alpha` weighs the FMR, 1 - alpha the FNMR.

/// Fairness discrepancy rate (Pereira & Marcel 2021): 1 - (alpha A + (1 - alpha) B), A and B the gaps max - min.
/// 1 is best. The FNMR, being far larger than the FMR, decides it.
double fairness_discrepancy_rate(std::span<const double> fmr, std::span<const double> fnmr, double alpha);

/// Inequity rate (Grother 2021, NIST): (max/min FMR)^alpha (max/min FNMR)^(1 - alpha). 1 is best. Infinite
/// where a rate is 0 in one group and not in another, not a number where it is 0 in all.
double inequity_rate(std::span<const double> fmr, std::span<const double> fnmr, double alpha);

/// GARBE (Howard, Laird, Rubin, Sirotin, Tipton & Vemury 2022): alpha G(FMR) + (1 - alpha) G(FNMR), G the Gini
/// coefficient n/(n-1) sum |x_i - x_j| / (2 n^2 mean). 0 is best. Not a number where a rate is 0 in all groups.
double garbe(std::span<const double> fmr, std::span<const double> fnmr, double alpha);

struct Differentials {
  Estimate fdr, ir, garbe;
};

/// The three over the groups in which both rates are estimable. Their intervals are the range over all rates
/// within simultaneous intervals of both, at 1 - (1 - level)/(2k), which is conservative; sampling alone
/// drives all three away from their best value, so that the end next to it says more than the value.
/// Of GARBE with more than 16 groups no interval is made (2^k corners). Not estimable: with fewer than two
/// such groups; IR where some group has a rate of 0; GARBE where all have.
/// Throws InputError unless 0 <= alpha <= 1.
Differentials differentials(std::span<const Measured> fmr, std::span<const Measured> fnmr, double alpha, double level);

}  // namespace evenface::stats
