#pragma once
#include <optional>
#include <string>
#include <vector>

#include "evenface/study/annotators.h"
#include "evenface/study/explanation.h"
#include "evenface/study/judgement.h"
#include "evenface/study/runs.h"
#include "evenface/study/score_association.h"

namespace evenface::study {

struct EvaluateOptions : JudgeOptions {
  std::vector<std::string> predictions;
  template <class V>
  static void fields(V& v) {
    v(&EvaluateOptions::predictions, "predictions",
      {.help = "a file of predictions, a run folder or a folder of runs"});
    list<EvaluateOptions>(v);
    list_votes<EvaluateOptions>(v);
    v(&EvaluateOptions::shrinkage, "shrinkage",
      {.help =
           "how far shrunken rates are drawn to their mean: fitted by marginal likelihood, or by Kleinman's moments",
       .choices = {"marginal", "moments"}});
  }
};

/// All that an evaluation found; findings.json, the terminal and --json are views of it.
struct Evaluation {
  std::string name;
  std::string arm = "model";  ///< or "before" or "after", of a comparison
  std::vector<RunSource> runs;
  JudgeOptions options;
  Outcomes outcomes;
  /// Every metric over every crossing. The first is primary: the first metric over the first crossing, declared
  /// before looking; all others are exploratory. Metrics vary fastest.
  std::vector<Judgement> judgements;
  Explanation explanation;                            ///< of the primary judgement
  std::vector<std::optional<Annotators>> annotators;  ///< [crossing]
  /// [crossing][level of its group]; empty where the score of a positive class isn't known. Not of a comparison's arms.
  std::vector<std::vector<stats::ScoreAssociation>> score_associations = {};

  const Judgement& primary() const { return judgements.front(); }
  /// The level of the crossing that is group `group` of the judgement.
  const std::string& group_name(const Judgement& judgement, std::int64_t group) const {
    return outcomes.crossings[judgement.crossing].group.levels[static_cast<std::size_t>(group)];
  }
};

/// Loads and judges one arm. Throws InputError as load_outcomes and judge do.
Evaluation evaluate(const EvaluateOptions& options, const Context& context);

/// The metrics that were asked for, primary first and each once; accuracy (of numbers: mae) when none was.
std::vector<MetricName> metrics_of(const JudgeOptions& options, const Outcomes& outcomes);

}  // namespace evenface::study
