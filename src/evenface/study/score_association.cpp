#include "evenface/study/score_association.h"

#include "evenface/study/judgement.h"
#include "evenface/study/metric_name.h"

namespace evenface::study {
namespace {

/// The column that holds the scores of the positive class, where it is clear which that is.
std::optional<std::size_t> column_of(const Outcomes& o, const std::string& positive) {
  if (o.scores.empty() || o.tasks.size() != 1) return std::nullopt;
  if (o.scores.front().front().width == 1) return 0;
  const std::vector<std::string>& levels = o.truth.front().levels;
  if (levels.size() != 2) return std::nullopt;
  for (std::size_t i = 0; i < levels.size(); ++i)
    if (levels[i] == positive) return i;
  const auto yes = class_that_reads_as_yes(levels);
  return yes && positive.empty() ? std::optional(static_cast<std::size_t>(*yes)) : std::nullopt;
}

void add(const stats::ScoreAssociation& run, double share, stats::ScoreAssociation& mean) {
  if (run.correlation) mean.correlation = mean.correlation.value_or(0) + share * *run.correlation;
  if (!run.discrepancy) return;
  if (!mean.discrepancy) mean.discrepancy.emplace();
  mean.discrepancy->gaussian += share * run.discrepancy->gaussian;
  mean.discrepancy->laplace += share * run.discrepancy->laplace;
}

}  // namespace

std::vector<stats::ScoreAssociation> score_associations_of(const Outcomes& all, std::size_t crossing,
                                                           const JudgeOptions& options, const Context& context) {
  const RowsOf rows(MetricFamily::kScores, all, context.threads);
  const Outcomes& o = *rows;
  const auto column = column_of(o, options.positive);
  if (!column) return {};
  const table::Factor& group = o.crossings[crossing].group;
  std::vector<stats::ScoreAssociation> mean(static_cast<std::size_t>(group.level_count()));
  for (const auto& of_tasks : o.scores) {
    const Scores& scores = of_tasks.front();
    std::vector<float> own(group.codes.size());
    for (std::size_t row = 0; row < own.size(); ++row)
      own[row] = static_cast<float>(scores.values[row * static_cast<std::size_t>(scores.width) + *column]);
    const auto run = stats::score_associations(own, group.codes, group.level_count(), o.weights, context);
    for (std::size_t g = 0; g < mean.size(); ++g) add(run[g], 1.0 / static_cast<double>(o.scores.size()), mean[g]);
  }
  return mean;
}

}  // namespace evenface::study
