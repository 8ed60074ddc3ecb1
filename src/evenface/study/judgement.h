#pragma once
#include <optional>
#include <string>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/before_after.h"
#include "evenface/stats/chance.h"
#include "evenface/stats/group_values.h"
#include "evenface/stats/significance.h"
#include "evenface/study/judge_options.h"
#include "evenface/study/metric_name.h"
#include "evenface/study/outcomes.h"

namespace evenface::study {

/// What stands beside a calibration error, which sampling alone keeps from 0.
struct CalibrationChance {
  double mean = 0;    ///< of the error of a perfectly calibrated model on these rows
  double excess = 0;  ///< the error less that
  double p = 1;       ///< share of the draws that reach the error
};

/// How unequal the rates of the estimable groups are: figures of a share of rows. Where one has no meaning it says why.
struct Inequality {
  std::optional<stats::ChiSquare> homogeneity;     ///< whether all rates are one; of independent rows that count alike
  stats::Estimate error_ratio;                     ///< largest error rate over the smallest
  stats::Estimate gini, theil, entropy;            ///< of the rates; generalised entropy at alpha 2
  stats::Estimate theil_of_rows, entropy_of_rows;  ///< of what the decision gives each row (Speicher et al. 2018)
};

/// One group against the rest of the rows, by one metric.
struct GroupRate {
  std::int64_t group = 0;
  std::int64_t rows = 0;      ///< of the group
  std::int64_t n = 0;         ///< of these, rows that the metric is about: of recall those of the class
  double effective = 0;       ///< of a share, effective rows of n: fewer where rows are weighted or belong to persons
  double rest_effective = 0;  ///< likewise of all other rows
  double right = 0;           ///< of a share the rows that are successes; mean over runs
  stats::Estimate rate;
  double rest = 0;                      ///< the value over all other rows
  stats::Estimate difference;           ///< rate - rest
  stats::Estimate ratio_to_rest;        ///< of shares of independent rows that count alike; else without a reason
  std::optional<double> p, p_adjusted;  ///< none where no test was made
  stats::Outcome outcome = stats::Outcome::kNone;  ///< kLost: worse than the rest, kWon: better
  double variance = 0;                             ///< of the rate's sampling error
  std::vector<stats::GroupValue> runs;             ///< of each run, where there are several and it is known
  std::optional<stats::Interval> simultaneous;     ///< holds for all estimable groups at once; none where none is known
  std::optional<CalibrationChance> chance;         ///< of a calibration error alone

  bool significant(double level) const { return p_adjusted && *p_adjusted < 1 - level; }
  /// Whether `rest` was worked out.
  bool knows_rest() const { return rest != 0 || rest_effective > 0 || difference.estimable(); }
};

/// One metric over the groups of one crossing.
struct Judgement {
  MetricName metric;
  std::size_t crossing = 0;  ///< index into Outcomes::crossings
  Better better = Better::kHigher;
  bool is_share = false, depends_on_prevalence = false;
  std::string averaged;  ///< of a mean over classes that leaves some out: which it is over, and why, in a sentence
  std::string test;      ///< how a group is held against the rest; empty where groups of different size don't compare
  stats::Estimate overall;
  std::optional<CalibrationChance> chance;  ///< of a calibration error alone
  std::vector<GroupRate> groups;            ///< all that hold rows, also those too small to judge
  /// Over the groups that are estimable; each is not estimable where there are fewer than two.
  stats::Estimate over_groups, gap, ratio, spread;
  double sd = 0;                         ///< as counted
  std::optional<Inequality> inequality;  ///< of shares, where two groups are estimable
  std::int64_t estimable_groups = 0;
  std::optional<stats::NullReference> gap_null, spread_null;  ///< group permuted over all rows

  /// Whether groups are held against the rest and each other. Of a calibration error they are not.
  bool compares_groups() const { return !test.empty(); }
  std::vector<stats::GroupValue> estimable_values() const;
};

/// The rows that metrics of a family are about: of scores those that every run has scores of, else all.
class RowsOf {
 public:
  RowsOf(MetricFamily family, const Outcomes& outcomes, int threads);
  const Outcomes& operator*() const { return some_ ? *some_ : all_; }

 private:
  const Outcomes& all_;
  std::optional<Outcomes> some_;  // where these are not all
};

/// Judges by one metric. Throws InputError when the metric needs columns that were not given.
Judgement judge(const Outcomes& outcomes, std::size_t crossing, const MetricName& metric, const JudgeOptions& options,
                const Context& context);

}  // namespace evenface::study
