#pragma once
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "evenface/stats/measured.h"
#include "evenface/stats/metric.h"
#include "evenface/stats/ranking_null.h"
#include "evenface/study/judgement.h"
#include "evenface/study/row_units.h"

// One way of measuring each: they fill in `overall`, `groups` (but for correction and outcome), `test`
// and the null references of a judgement. Private to `study`.
namespace evenface::study {

/// Metrics of predicted classes: shares by exact methods, others by the bootstrap on cells.
void judge_classes(const Outcomes& outcomes, const JudgeOptions& options, const Context& context, Judgement& j);

/// A share of rows, mean over runs, where it is known who is in the pictures: rows of one person are not independent.
/// Intervals and tests rest on effective rows (stats/cluster.h), the chance level exchanges persons.
void judge_clustered(const Outcomes& outcomes, std::optional<std::size_t> task, const stats::Metric& metric,
                     const JudgeOptions& options, const Context& context, Judgement& j);

/// Any other metric of predicted classes by person, linearised (stats/unit_changes.h).
void judge_composite_by_person(const Outcomes& outcomes, std::optional<std::size_t> task, const stats::Metric& metric,
                               const JudgeOptions& options, const Context& context, Judgement& j);

/// The metric over those of its classes that have `min_group` rows in every group of as many, for a macro average;
/// where these are fewer than two, over those that have any row in each.
stats::Metric with_comparable_classes(stats::Metric metric, const stats::Cells& cells, std::int64_t min_group);

/// Which classes a mean is over, where it is not over all: "recall(macro) is the mean over a, b: c has too few rows in
/// some group."
std::string averaged_words(const MetricName& metric, const std::vector<int>& classes,
                           const std::vector<std::string>& levels);

/// A metric of predicted classes that is no share of rows, by the bootstrap on cells. `keys` name the groups.
void judge_composite(const stats::Cells& cells, const stats::Metric& metric, const std::vector<std::uint64_t>& keys,
                     const JudgeOptions& options, const Context& context, Judgement& j);

/// Metrics of scores (ROC-AUC, calibration). Throws InputError when no scores were given.
void judge_scores(const Outcomes& outcomes, const JudgeOptions& options, const Context& context, Judgement& j);

/// The metric of scores, numbers or votes as a mean over rows, which only ranking and calibration errors are not.
/// Throws InputError as the judges of these families.
std::optional<MeanMetric> mean_metric(const Outcomes& outcomes, const MetricName& name, std::size_t crossing,
                                      const JudgeOptions& options);
std::optional<MeanMetric> mean_of_scores(const Outcomes& outcomes, const MetricName& name, std::size_t crossing,
                                         const JudgeOptions& options);
MeanMetric mean_of_errors(const Outcomes& outcomes, const MetricName& name);
MeanMetric mean_of_votes(const Outcomes& outcomes, const MetricName& name);

/// The rankings that a metric of them is about; of no class where none has enough rows in every group. Throws
/// InputError as judge_scores.
Rankings rankings_of(const Outcomes& outcomes, const MetricName& name, std::size_t crossing,
                     const JudgeOptions& options);

/// Mean errors of a predicted number. Throws InputError unless truth and prediction are numbers.
void judge_numbers(const Outcomes& outcomes, const JudgeOptions& options, const Context& context, Judgement& j);

/// The share of votes for what was predicted. Throws InputError when no votes were given.
void judge_votes(const Outcomes& outcomes, const JudgeOptions& options, const Context& context, Judgement& j);

// Each of the following holds gap and spread of the judged groups against chance: rows are exchanged, or the rows of
// one person in one group. Without a chance level where that are more units than can be exchanged in bearable time.

/// What a row adds to each ratio of a metric (stats/metric.h), averaged over runs: sets them, which are 0 before.
using AddsOf = std::function<void(std::size_t row, std::span<stats::Ratio> adds)>;
void refer_units_to_chance(const Outcomes& outcomes, std::size_t ratios, const AddsOf& adds,
                           const JudgeOptions& options, const Context& context, Judgement& j);

/// A metric that is a mean of numbers.
void refer_means_to_chance(const Outcomes& outcomes, const MeanMetric& metric, const JudgeOptions& options,
                           const Context& context, Judgement& j);

/// Any metric of predicted classes; it must have a value in every judged group.
void refer_classes_to_chance(const Outcomes& outcomes, std::optional<std::size_t> task, const stats::Metric& metric,
                             const JudgeOptions& options, const Context& context, Judgement& j);

void refer_rankings_to_chance(const Outcomes& outcomes, const Rankings& rankings, const JudgeOptions& options,
                              const Context& context, Judgement& j);

/// Ratios to the rest and further figures of inequality of a share whose rates and disparity are known.
void measure_inequality(const Outcomes& outcomes, const JudgeOptions& options, const Context& context, Judgement& j);

/// A figure of a group and the same of all other rows, in each run.
struct GroupFigures {
  std::int64_t group, rows;
  std::vector<stats::Measured> own, rest;
};

/// The figure over runs.
stats::Measured over_runs(const std::vector<stats::Measured>& runs);

/// Fills `groups` from figures whose intervals are known at every level: the difference to the rest and its p
/// by stats::difference_of, the variance from the interval of one standard error.
void take_figures(std::span<const GroupFigures> figures, const JudgeOptions& options, Judgement& j);

/// A figure in each run of a group, or of all rows but it; group -1 is no group, so that its "others" are all rows.
using FiguresOf = std::function<std::vector<stats::Measured>(std::int64_t group, bool others)>;

/// Judges all rows and every group by figures whose intervals are known at every level, as take_figures does.
void judge_figures(const table::Factor& group, const FiguresOf& in_runs, const JudgeOptions& options, Judgement& j);

}  // namespace evenface::study
