#pragma once
#include <cstdint>
#include <vector>

namespace evenface::stats {

/// Exact McNemar test: two-sided binomial p of `lost` against `won` at one half,
/// min(1, 2 P(X <= min(lost, won))). 1 when nothing changed.
double mcnemar_exact(std::int64_t lost, std::int64_t won);

/// Holm's step-down adjusted p values (1979), in the order given: an adjusted p below
/// alpha keeps the family-wise error at alpha.
std::vector<double> holm(const std::vector<double>& p);

}  // namespace evenface::stats
