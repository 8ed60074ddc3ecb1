#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "evenface/stats/moments.h"
#include "evenface/study/judgement.h"

// What every way of judging a share of rows has in common. Private to `study`.
namespace evenface::study {

/// The interval of a rate of the kind that was asked for.
stats::Interval rate_interval(const stats::GroupCount& count, const JudgeOptions& options, double level);

/// The rate with that interval; not estimable where `rows` are fewer than `min_rows`.
stats::Estimate rate_estimate(const stats::GroupCount& count, std::int64_t rows, std::int64_t min_rows,
                              const JudgeOptions& options);

/// Welch's comparison of a group's value with that of all other rows, as noisy by row. The caller fills in the rest.
void compare_with_rest(stats::GroupValue own, stats::GroupValue rest, double level, GroupRate& group);

/// A group's share against that of all other rows, both in effective rows: Newcombe's interval of the difference and
/// the p at which it ends at 0. The caller fills in rows, successes and the rate.
GroupRate group_against_rest(std::int64_t group, const stats::GroupCount& own, const stats::GroupCount& rest,
                             const JudgeOptions& options);

/// Gives estimable groups intervals that hold for all of them at once.
void hold_together(const JudgeOptions& options, Judgement& j);

/// The groups that are estimable.
std::vector<std::int64_t> judged_groups(const Judgement& j);

/// A null reference of a figure over the judged groups.
using NullOf = std::function<stats::NullReference(const stats::Figure& figure)>;

/// Holds gap and spread against chance, where two groups can be judged and draws are wanted.
void refer_to_chance(const JudgeOptions& options, Judgement& j, const NullOf& null);

/// The spread over the judged groups of several runs, as compare has it of an arm.
void measure_spread_over_runs(const Outcomes& outcomes, std::optional<std::size_t> task, const stats::Metric& metric,
                              const JudgeOptions& options, const Context& context, Judgement& j);

/// Whether rows are independent and count alike.
bool by_rows(const Outcomes& outcomes);

/// Whether this many units can be exchanged as often as asked in bearable time: it costs units x draws.
bool can_exchange(std::size_t units, const JudgeOptions& options);

/// Rows of each group of a crossing.
std::vector<std::int64_t> rows_by_group(const table::Factor& group);

/// A key of who is shown in a row, where persons are known.
stats::Person person_where_known(const Outcomes& outcomes, std::size_t row);

/// Persons in a group, or rows where nobody is known.
std::int64_t units_in(const Outcomes& outcomes, const table::Factor& group, std::int64_t level);

}  // namespace evenface::study
