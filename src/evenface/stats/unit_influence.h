#pragma once
#include <span>
#include <utility>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/before_after.h"
#include "evenface/stats/group_values.h"
#include "evenface/stats/paired_units.h"

// What each unit moves, by linearisation. Private to `stats`.
namespace evenface::stats {

/// The units of one group with what each moves.
struct Linear {
  std::vector<PairedUnit> units;
  std::vector<double> values;                  ///< [run]; empty where a run has no value
  std::vector<std::vector<double>> influence;  ///< [run][unit]
  double drawn = 0;                            ///< units that have part in the metric

  bool known() const { return !values.empty(); }
};

Linear linear(const PairedUnits& all, std::int64_t group);
std::vector<Linear> linear_groups(const PairedUnits& all);

/// How many units are like each.
std::vector<double> copies_of(const std::vector<PairedUnit>& units);
/// The sums of each ratio over units that are there `copies[u]` times, [run x ratios + ratio].
std::vector<Ratio> sums_of(const PairedUnits& all, const std::vector<PairedUnit>& units,
                           std::span<const double> copies);
/// The value of each run, or none at all where one has none.
std::vector<double> values_of(const PairedUnits& all, std::span<const Ratio> sums);

/// The mean over a range of runs, [first, last).
double mean_over(std::span<const double> values, std::pair<int, int> runs);
/// The variance of the sum of the units' influences; what only rounding keeps above 0 is 0.
double variance(const Linear& l, const std::vector<double>& influences);
/// The groups' values in one run, with the variance of their sampling error.
std::vector<GroupValue> values_in(const std::vector<Linear>& groups, int run);
/// The mean over an arm's runs, with the variance of the rows: of one group, and of all.
GroupValue value_in(const PairedUnits& all, const Linear& group, Arm arm);
std::vector<GroupValue> values_in(const PairedUnits& all, const std::vector<Linear>& groups, Arm arm);

double change_of(const PairedUnits& all, const Linear& l);
double influence_on_change(const PairedUnits& all, const Linear& l, std::size_t unit);
/// The variance of the sum of what `units` units move, from the sums of its squares and fourth powers: of decisions
/// with two more units that change (with_two_more). 0 where none does.
double variance_of_moves(const MetricKind& kind, double squares, double fourths, double units);
/// Of the rows, as variance_of_moves.
double variance_of_change(const PairedUnits& all, const Linear& l);

/// Variance of the mean of each arm's runs that the choice of seeds causes, added up over the arms.
double seed_variance(const PairedUnits& all, const std::vector<double>& values);

inline bool one_run_each(const PairedUnits& all) { return all.runs() == 2; }
inline double seeds_df(const PairedUnits& all) { return all.runs() - 2; }
/// The name of the rule by which a change has its interval.
const char* method_of_change(const PairedUnits& all);

/// The p of sign flips of the units of one group, one run each: exact for a share of unweighted rows by person.
/// `key` names the group.
double sign_flip_p(const PairedUnits& all, const Linear& l, std::uint64_t key, const BeforeAfterSettings& settings);

/// The noise-corrected spread of groups that all have a value.
Change change_of_spread(const PairedUnits& all, const std::vector<Linear>& groups, const BeforeAfterSettings& settings,
                        const Context& context);

}  // namespace evenface::stats
