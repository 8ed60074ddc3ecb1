#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "evenface/stats/disparity.h"

namespace evenface::stats {

/// Exact McNemar test: two-sided binomial p of `lost` against `won` at one half,
/// min(1, 2 P(X <= min(lost, won))). 1 when nothing changed.
double mcnemar_exact(std::int64_t lost, std::int64_t won);

/// Fisher's exact test of x1 of n1 against x2 of n2: the two-sided p sums all tables that are
/// at most as probable as the one seen, with the margins fixed. Takes about as many steps as the standard deviation of
/// x1 under the null, so tables of millions of rows are fine. Throws InputError unless 0 <= x <= n in both.
double fisher_exact(std::int64_t x1, std::int64_t n1, std::int64_t x2, std::int64_t n2);

/// The chance that groups of so many rows, all alike within each and not between them, are dealt so (or the other way
/// round) where rows are exchanged: 2 / (n1 + n2 over n1).
double apart_by_chance(double n1, double n2);

/// Holm's step-down adjusted p values (1979), in the order given: an adjusted p below
/// alpha keeps the family-wise error at alpha.
std::vector<double> holm(const std::vector<double>& p);

/// Benjamini & Yekutieli's step-up adjusted p values (2001), in the order given: calling those below alpha keeps the
/// expected share of false discoveries at alpha, whatever the dependence between the tests.
std::vector<double> benjamini_yekutieli(const std::vector<double>& p);

/// Pearson's chi-square test.
struct ChiSquare {
  double statistic = 0;
  std::int64_t df = 0;
  double p = 1;
  double least_expected = 0;  ///< smallest expected count; below 5 the p value is rough (Cochran 1954)
};

/// Whether all groups have the same rate, k - 1 degrees of freedom. Where all rows are right, or none, p is 1.
/// Throws InputError when there are fewer than two groups or a count isn't within 0 <= right <= n, n > 0.
ChiSquare homogeneity(std::span<const GroupCount> groups);

}  // namespace evenface::stats
