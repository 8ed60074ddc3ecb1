#pragma once
#include <optional>
#include <string>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/before_after.h"
#include "evenface/stats/chance.h"
#include "evenface/stats/group_values.h"
#include "evenface/study/judge_options.h"
#include "evenface/study/metric_name.h"
#include "evenface/study/outcomes.h"

namespace evenface::study {

/// One group against the rest of the rows, by one metric.
struct GroupRate {
  std::int64_t group = 0;
  std::int64_t rows = 0;  ///< of the group
  std::int64_t n = 0;     ///< of these, rows that the metric is about: of recall those of the class
  double effective = 0;   ///< effective rows of n, where rows are weighted
  double right = 0;       ///< of a share the rows that are successes; mean over runs
  stats::Estimate rate;
  double rest = 0;             ///< the value over all other rows
  stats::Estimate difference;  ///< rate - rest
  double p = 1, p_adjusted = 1;
  stats::Outcome outcome = stats::Outcome::kNone;  ///< kLost: worse than the rest, kWon: better
  double variance = 0;                             ///< of the rate's sampling error
  std::optional<stats::Interval> simultaneous;     ///< holds for all estimable groups at once; none where none is known
};

/// One metric over the groups of one crossing.
struct Judgement {
  MetricName metric;
  std::size_t crossing = 0;  ///< index into Outcomes::crossings
  Better better = Better::kHigher;
  bool is_share = false, depends_on_prevalence = false;
  std::string test;  ///< how a group is held against the rest
  stats::Estimate overall;
  std::vector<GroupRate> groups;  ///< all that hold rows, also those too small to judge
  /// Over the groups that are estimable; each is not estimable where there are fewer than two.
  stats::Estimate over_groups, gap, ratio, spread;
  double sd = 0;  ///< as counted
  std::int64_t estimable_groups = 0;
  std::optional<stats::NullReference> gap_null, spread_null;  ///< group permuted over all rows

  std::vector<stats::GroupValue> estimable_values() const;
};

/// Judges by one metric. Throws InputError when the metric needs columns that were not given.
Judgement judge(const Outcomes& outcomes, std::size_t crossing, const MetricName& metric, const JudgeOptions& options,
                const Context& context);

}  // namespace evenface::study
