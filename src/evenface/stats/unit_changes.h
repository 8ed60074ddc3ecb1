#pragma once
#include <optional>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/before_after.h"
#include "evenface/stats/group_values.h"
#include "evenface/stats/paired_units.h"
#include "evenface/stats/worst_group.h"

namespace evenface::stats {

/// What an evaluation says of one arm alone.
struct ArmFigures {
  std::vector<Estimate> groups;  ///< [group]; a group is judged where it is estimable in both arms
  Estimate over_faces, gap;
};

struct Arms {
  ArmFigures before, after;
  bool higher_is_better = true;
};

/// Compares by any metric that is a mean of ratios, with weighted rows and with several rows of one person, by the
/// rules of compare_before_after with what each unit moves in place of what each row does: the influence of a unit on a
/// mean of ratios is the mean of (part - whole x ratio) / sum of wholes, and a change has the variance
///     K/(K - 1) sum (influence after - influence before)^2
/// over the K units that have part in it (linearisation; Binder 1983, Int Stat Rev 51:279), and Student's t with K - 1
/// degrees of freedom. With one run each the p is that of sign flips: what each unit adds to the change is as likely to
/// have either sign, of a share of unweighted rows by person exactly (sign_flip.h), else by `bootstrap` draws. Where
/// no unit differs from another the variance is 0, and the interval is that of independent arms. Seeds count as they do
/// there. The spread is drawn anew by units within groups.
///
/// `pooled` holds the same rows as a single group. Throws as compare_before_after.
BeforeAfter compare_units(const PairedUnits& units, const PairedUnits& pooled, const Arms& arms,
                          const BeforeAfterSettings& settings, const Context& context);

/// The change of every group that has rows, corrected over them.
std::vector<GroupChange> unit_changes(const PairedUnits& units, const Arms& arms, const BeforeAfterSettings& settings);

/// The metric of a group's units, mean over an arm's runs, with the variance of its sampling error and the units it
/// rests on. Nothing where it has no denominator.
std::optional<GroupValue> value_of(const PairedUnits& units, std::int64_t group, Arm arm);

/// The same as an estimate: of a share of rows Wilson's interval on as many independent rows as tell as much, of any
/// other metric Student's t within its bounds. Not estimable where fewer than `min_group` units have part in it.
Estimate estimate_of(const PairedUnits& units, std::int64_t group, Arm arm, std::int64_t min_group, double level);

/// The noise-corrected spread of one arm over groups that all have a value: with one run by inversion of the noncentral
/// chi-square, with several by units or seeds, whichever vary more, as that of compare_units.
Estimate arm_spread(const PairedUnits& units, Arm arm, const BeforeAfterSettings& settings, const Context& context);

/// The worst group, chosen on one half of the units and estimated on the other, both ways round (worst_group.h).
WorstGroup cross_fitted_worst(const PairedUnits& first, const PairedUnits& second, Arm arm, bool higher_is_better,
                              double level);

}  // namespace evenface::stats
