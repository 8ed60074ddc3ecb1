#pragma once
#include <string>
#include <vector>

#include "evenface/stats/before_after.h"
#include "evenface/stats/variance.h"

// What comparisons by rows and by units have in common. Private to `stats`.
namespace evenface::stats {

/// How much the choice of seeds moves a group, (s_b^2 + s_a^2)/m, averaged over groups by their rows: what rows add to
/// it in a small group is no sign of how seeds move a large one.
class SeedVariance {
 public:
  void add(double variance, double rows);
  double mean() const;
  /// As many groups of equal size as tell as much.
  double groups() const;

 private:
  double sum_ = 0, rows_ = 0, squares_ = 0;
};

inline constexpr const char* kRowsOrSeeds = "rows or seeds, whichever vary more, t";

/// value +- quantile x se.
Estimate around(double value, double se, double quantile, std::int64_t n, std::string method);

/// The first estimate with an interval that holds the second's too, and then of its method.
Estimate wider(Estimate estimate, const Estimate& other);

/// The variance whose normal interval is as wide as this estimate's on its wider side; 0 without an interval.
double variance_within(const Estimate& estimate, double level);

/// Two-sided p of a change with this standard error, by Student's t; where neither units nor seeds vary, by the signs
/// of as many units, of which half would have gone the other way.
double p_of_change(double change, double se, double df, double units);

/// Throws InputError unless there is one run an arm, or at least three.
void require_runs(int before, int after);
/// Throws InputError when fewer than two groups are estimable.
void require_groups(std::size_t estimable, std::int64_t min_group);

/// Corrects for many groups and says which won and which lost.
void decide(std::vector<GroupChange>& changes, const BeforeAfterSettings& settings, bool higher_is_better);

/// Verdict, losers and price, once all figures are there.
void conclude(BeforeAfter& result, const BeforeAfterSettings& settings, bool higher_is_better);

}  // namespace evenface::stats
