#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "evenface/stats/disparity.h"
#include "evenface/stats/estimate.h"

namespace evenface::stats {

/// What can be said of the difference between two groups, or of all groups together. An absence of evidence isn't
/// evidence of absence, so these are different answers.
enum class Equivalence {
  kNotEstimable,  ///< too few rows
  kNoEvidence,    ///< neither a difference nor equivalence is shown
  kEquivalent,    ///< the difference is smaller than the margin, whether or not it is 0
  kDifferent,     ///< there is a difference, and it may reach the margin
};

struct EquivalenceSettings {
  double margin = 0.05;       ///< a difference of rates below which it doesn't matter
  double alpha = 0.05;        ///< error of each test
  std::int64_t min_rows = 1;  ///< rows below which a group is not estimable
};

/// Two groups.
struct PairEquivalence {
  std::int64_t first = 0, second = 0;  ///< indices into the groups
  Estimate difference;                 ///< first - second, at the level 1 - 2 alpha (90 %)
  double p = 1, p_adjusted = 1;        ///< that they differ: raw, and Holm over all estimable pairs
  Equivalence answer = Equivalence::kNotEstimable;
};

struct GroupsEquivalence {
  std::vector<PairEquivalence> pairs;
  /// kDifferent if some pair is; else kNotEstimable if some pair is; kEquivalent if every pair is; else kNoEvidence.
  Equivalence all = Equivalence::kNotEstimable;
};

/// Two one-sided tests at alpha (Schuirmann 1987): equivalent where Newcombe's interval at 1 - 2 alpha lies within
/// +-margin. That all groups are equivalent needs every pair to be, which keeps alpha without a correction
/// (intersection-union test, Berger 1982). Different where Newcombe's interval, at a level that Holm's procedure over
/// the pairs asks for, leaves out 0.
/// Throws InputError unless margin > 0, 0 < alpha < 1/2, there are 2 to 1,000 groups, and 0 <= right <= n in each.
GroupsEquivalence test_equivalence(std::span<const GroupCount> groups, const EquivalenceSettings& settings);

/// 1 - the highest level at which Newcombe's interval of the difference leaves out 0, at least 1e-15; 1 where the rates
/// are the same.
double newcombe_p(const GroupCount& first, const GroupCount& second);

}  // namespace evenface::stats
