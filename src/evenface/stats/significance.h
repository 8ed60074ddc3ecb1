#pragma once
#include <cstdint>
#include <vector>

namespace evenface::stats {

/// Exact McNemar test: two-sided binomial p of `lost` against `won` at one half,
/// min(1, 2 P(X <= min(lost, won))). 1 when nothing changed.
double mcnemar_exact(std::int64_t lost, std::int64_t won);

/// Fisher's exact test of x1 of n1 against x2 of n2: the two-sided p sums all tables that are
/// at most as probable as the one seen, with the margins fixed.
double fisher_exact(std::int64_t x1, std::int64_t n1, std::int64_t x2, std::int64_t n2);

/// Holm's step-down adjusted p values (1979), in the order given: an adjusted p below
/// alpha keeps the family-wise error at alpha.
std::vector<double> holm(const std::vector<double>& p);

}  // namespace evenface::stats
