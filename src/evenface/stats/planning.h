#pragma once

namespace evenface::stats {

/// The two-sided test of two independent rates that is planned for.
enum class PlannedTest {
  kNormal,  ///< the z test with the pooled rate under the null
  kFisher,  ///< Fisher's exact test, by the continuity correction (1/n1 + 1/n2)/2 (Casagrande, Pike & Smith 1978); near
            ///< a rate of 0 or 1 a few points of power less than there are
};

// All by the normal approximation (Fleiss, Levin & Paik 2003, chapter 4). `alpha` is that of one test: after Holm's
// correction over k groups the first test runs at alpha/k. Each throws InputError unless rates lie in 0..1, rows above
// 0, 0 < alpha < 1 and 0 < power < 1. Rows are effective rows; where several belong to one person, multiply what is
// needed by the design effect (cluster.h).

/// The chance that the test finds a difference between groups whose true rates are p1 and p2.
double power_of_test(double p1, double n1, double p2, double n2, double alpha, PlannedTest test = PlannedTest::kNormal);

/// The smallest gap between two groups of `n` rows around the rate `p` that the test finds with this power. Infinite
/// when no gap within 0..1 would be found.
double detectable_gap(double p, double n, double alpha, double power = 0.8, PlannedTest test = PlannedTest::kNormal);

/// The smallest number of rows in each of two groups with which a gap around the rate `p` is found with this power.
/// Throws InputError unless 0 < gap <= 1.
double rows_needed(double p, double gap, double alpha, double power = 0.8, PlannedTest test = PlannedTest::kNormal);

/// The same for one group of rate p1 that is held against `others` rows of rate p2, such as the rest of the test set.
/// Infinite when the others are too few, however many rows the group has. Throws InputError unless the rates differ.
double rows_needed_beside(double p1, double p2, double others, double alpha, double power = 0.8,
                          PlannedTest test = PlannedTest::kNormal);

/// The same where the others grow along, as when a whole test set does: r = `others_per_row` rows of rate p2 stand
/// beside each row of the group. Rounded up, and but for the other tail of the test, which is next to nothing,
///   n = (z sqrt((r+1) p (1-p)) + y sqrt(r p1 (1-p1) + p2 (1-p2)))^2 / (r (p1-p2)^2),   p = (p1 + r p2) / (r+1),
/// with the normal quantiles z at 1 - alpha/2 and y at the power, and for Fisher's test
///   n/4 (1 + sqrt(1 + 2 (r+1) / (n r |p1-p2|)))^2
/// (Fleiss, Levin & Paik 2003, chapter 4, unequal sample sizes). Infinite above 10^12 rows. Throws InputError unless
/// the rates differ and r > 0.
double rows_needed_in_proportion(double p1, double p2, double others_per_row, double alpha, double power = 0.8,
                                 PlannedTest test = PlannedTest::kNormal);

}  // namespace evenface::stats
