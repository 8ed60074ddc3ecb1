#pragma once
#include <optional>
#include <string>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/before_after.h"
#include "evenface/stats/chance.h"
#include "evenface/stats/worst_group.h"
#include "evenface/study/evaluate.h"
#include "evenface/study/judge_options.h"
#include "evenface/study/metric_name.h"
#include "evenface/study/outcomes.h"
#include "evenface/study/runs.h"

namespace evenface::study {

struct CompareOptions : JudgeOptions {
  std::vector<std::string> before, after;
  template <class V>
  static void fields(V& v) {
    v(&CompareOptions::before, "before", {.help = "predictions before: a file, a run folder or a folder of runs"});
    v(&CompareOptions::after, "after", {.help = "predictions after"});
    list<CompareOptions>(v);
    list_votes<CompareOptions>(v);
  }
};

/// How the verdict reads, with its qualifiers.
struct FullVerdict {
  bool comparable = true;
  std::vector<std::string> reasons;  ///< why not comparable
  stats::Verdict spread = stats::Verdict::kNoEvidence;
  bool with_losers = false;
  bool by_levelling_down = false;
};

/// How far apart the groups of one arm are, as counted, and by chance.
struct ArmDisparity {
  double gap = 0, ratio = 0, sd = 0;
  std::optional<stats::NullReference> gap_null, spread_null;  ///< raw; the spread as counted. None where none is known
};

/// One metric over the groups of one crossing, before and after on the same rows. Of an error rate, groups
/// win where it falls.
struct MetricChange {
  MetricName metric;
  std::size_t crossing = 0;
  bool by_rows = true;   ///< a share of rows that count alike: each is right or wrong in a run
  std::string averaged;  ///< as Judgement::averaged
  stats::BeforeAfter result;
};

/// All that a comparison found; findings.json, the terminal and --json are views of it.
struct Comparison {
  std::vector<std::string> names;  ///< of the two arms
  std::vector<RunSource> before, after;
  JudgeOptions options;
  Outcomes outcomes;
  MetricName metric;                ///< primary, as is the first crossing; the verdict uses these alone
  std::optional<std::size_t> task;  ///< of the primary metric; none: all tasks crossed
  /// Rows that are judged rightly, by group, and by group and true class: by the primary metric (of an error rate by
  /// what it is the error of), or as predicted as annotated where it is no share of the same rows in both arms. No rows
  /// where outcomes are numbers.
  stats::PairedCells cells{1, 1, 0}, class_cells{1, 1, 0};
  bool error_rate = false;
  stats::BeforeAfter result;  ///< of the primary metric and crossing
  ArmDisparity disparity_before, disparity_after;
  /// Each arm alone by the primary metric, as an evaluation judges it: why its groups differ. Without its rows.
  std::vector<Evaluation> arms;
  std::vector<MetricChange> exploratory;
  std::vector<stats::GroupChange> classes;  ///< over all groups, by true class instead of group; exploratory
  FullVerdict verdict;
  stats::Change worst;  ///< cross-fitted worst group
  stats::WorstGroup worst_before, worst_after;
  std::optional<DetectableGap> detectable;  ///< none where no formula is known

  const std::string& group_name(std::int64_t group) const { return study::group_name(outcomes, 0, group); }
};

/// Loads, joins and compares. Rows that count alike and belong to nobody known are compared by exact tests
/// (stats/before_after.h) where the metric is a share of the same rows in both arms; any other metric of predicted
/// classes, weighted rows and the rows of persons by what each unit moves (stats/unit_changes.h). Throws InputError as
/// load_outcomes and compare_before_after do, and when a metric is none that two runs are compared by.
Comparison compare(const CompareOptions& options, const Context& context);

/// Compares by one metric over one crossing of joined rows. Nothing where fewer than two groups can be judged.
/// Throws InputError when the metric is none that two runs are compared by.
std::optional<MetricChange> change_by(const Outcomes& outcomes, std::size_t crossing, const MetricName& metric,
                                      const JudgeOptions& options, const Context& context);

}  // namespace evenface::study
