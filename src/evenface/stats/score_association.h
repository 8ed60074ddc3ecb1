#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "evenface/core/context.h"

namespace evenface::stats {

/// The squared maximum mean discrepancy between scores of a group and of all other rows: the mean kernel between two
/// rows of the group, plus that of two others, less twice that of one of each; every row is also held against itself
/// (the biased estimate of Gretton et al. 2012, J. Mach. Learn. Res. 13:723).
struct ScoreDiscrepancy {
  double gaussian = 0;  ///< kernel exp(-d^2 / 0.01)
  double laplace = 0;   ///< kernel exp(-|d| / 0.1)
};

/// How far scores go with being of a group: what training that shall not use the group pushes towards 0. Both are
/// further from 0 by sampling alone the fewer rows there are.
struct ScoreAssociation {
  std::optional<double> correlation;            ///< Pearson's, of membership and score; none where either is constant
  std::optional<ScoreDiscrepancy> discrepancy;  ///< none where the group holds no row or all, or rows are too many
};

/// Rows beyond which the discrepancy, whose cost grows with their square, is left out.
inline constexpr std::int64_t kMostDiscrepancyRows = 2'000;

/// Of each of `count` groups; `groups` holds each row's, `weights` may be empty (all 1). Throws InputError unless these
/// are as many as the scores.
std::vector<ScoreAssociation> score_associations(std::span<const float> scores, std::span<const std::int32_t> groups,
                                                 std::int64_t count, std::span<const double> weights,
                                                 const Context& context);

}  // namespace evenface::stats
