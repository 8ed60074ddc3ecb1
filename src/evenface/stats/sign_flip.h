#pragma once
#include <cstdint>
#include <span>

namespace evenface::stats {

/// The exact sign-flip test of paired changes, one per person: for each, the sum over its rows of (right after - right
/// before), times the number of runs where there are several. If nothing changed, each person's change is as likely to
/// have either sign; the two-sided p is the share of all 2^m signs whose sum is at least as far from 0 (Fisher 1935,
/// The Design of Experiments, 21). With one row a person it is the exact McNemar test. A p below 1e-30 isn't resolved
/// and is given as 1e-30. 1 when nothing changed.
double sign_flip_p(std::span<const std::int64_t> changes);

}  // namespace evenface::stats
