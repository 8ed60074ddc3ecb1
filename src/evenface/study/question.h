#pragma once
#include <optional>
#include <vector>

#include "evenface/stats/before_after.h"
#include "evenface/study/judge_family.h"
#include "evenface/study/metric_name.h"
#include "evenface/study/outcomes.h"

// What a comparison asks of two arms. Private to `study`.
namespace evenface::study {

/// A metric that two runs are compared by.
struct Question {
  MetricName name;
  std::size_t crossing = 0;
  std::optional<std::size_t> task;
  stats::Metric metric;                   ///< of predicted classes; else accuracy, for the rows that flipped
  std::optional<MeanMetric> mean = {};    ///< of scores, votes or errors of numbers
  std::optional<Rankings> rankings = {};  ///< by scores
  bool by_rows = false;                   ///< by exact tests; else by units
  /// Whether less is better. By rows an error rate is then judged as the share of rows that are judged rightly, by what
  /// it is the error of, so that "won" is always for the better.
  bool error_rate = false;
};

/// Throws InputError when runs are not compared by the metric, or when no class has enough rows for it.
Question question(const MetricName& name, std::size_t crossing, const Outcomes& outcomes, const JudgeOptions& options);

/// By what rows are right: as the metric has it, of an error rate what it is the error of, else as annotated.
stats::Metric right_rows(const Question& question);

/// The rows of each group, and which flipped: rows are counted as they are, whatever they weigh and whose they are.
void count_flips(const stats::PairedCells& rows, std::vector<stats::GroupChange>& changes);

/// The same where outcomes are numbers: the rows of each group that have one in every run, and those whose error grew
/// and shrank.
void count_moves(const Outcomes& outcomes, const Question& question, std::vector<stats::GroupChange>& changes);

}  // namespace evenface::study
