#pragma once
#include <string>
#include <vector>

#include "evenface/study/compare.h"

namespace evenface::study {

struct EvaluateOptions : JudgeOptions {
  std::vector<std::string> predictions;
  template <class V>
  static void fields(V& v) {
    v(&EvaluateOptions::predictions, "predictions",
      {.help = "a file of predictions, a run folder or a folder of runs"});
    list<EvaluateOptions>(v);
  }
};

/// One group against the rest of the rows.
struct GroupRate {
  std::int64_t group, n;
  double right;  ///< rows; mean over runs
  stats::Estimate rate;
  double rest;             ///< the rate of all other rows
  double p, p_adjusted;    ///< Fisher's exact test (one run) or Welch's t (several); Holm
  stats::Outcome outcome;  ///< kLost: below the rest, kWon: above
};

/// All that an evaluation found.
struct Evaluation {
  std::string name;
  std::vector<RunSource> runs;
  JudgeOptions options;
  Outcomes outcomes;
  std::vector<GroupRate> groups;
  stats::Estimate over_faces, over_groups, spread, gap;
  stats::WorstGroup worst;
  stats::NullReference gap_null, spread_null;
  double detectable_gap = 0, median_group_rows = 0;
  std::int64_t estimable_groups = 0;

  const std::string& group_name(std::int64_t group) const {
    return outcomes.group().levels[static_cast<std::size_t>(group)];
  }
};

/// Loads and judges one arm. Throws InputError as load_outcomes does.
Evaluation evaluate(const EvaluateOptions& options, const Context& context);

}  // namespace evenface::study
