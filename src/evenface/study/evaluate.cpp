#include "evenface/study/evaluate.h"

#include <algorithm>
#include <filesystem>

#include "evenface/core/error.h"

namespace evenface::study {

std::vector<MetricName> metrics_of(const JudgeOptions& options, const Outcomes& outcomes) {
  std::vector<MetricName> metrics;
  for (const std::string& text : options.metric)
    if (MetricName metric = parse_metric(text); std::ranges::find(metrics, metric) == metrics.end())
      metrics.push_back(std::move(metric));
  if (metrics.empty()) metrics.push_back({.measure = outcomes.true_values.empty() ? "accuracy" : "mae"});
  return metrics;
}

Evaluation evaluate(const EvaluateOptions& options, const Context& context) {
  require(!options.predictions.empty(), "an evaluation needs predictions");
  Evaluation e{.name = std::filesystem::path(options.predictions.front()).lexically_normal().stem().string(),
               .runs = runs_at(options.predictions, options.split),
               .options = options};
  e.outcomes = load_outcomes(e.runs, {}, options.columns(), context);
  const std::vector<MetricName> metrics = metrics_of(options, e.outcomes);
  for (std::size_t crossing = 0; crossing < e.outcomes.crossings.size(); ++crossing) {
    for (const MetricName& metric : metrics)
      e.judgements.push_back(judge(e.outcomes, crossing, metric, options, context));
    e.annotators.push_back(annotators_of(e.outcomes, crossing, options));
    e.score_associations.push_back(score_associations_of(e.outcomes, crossing, options, context));
  }
  e.explanation = explain(e.outcomes, e.primary(), options, context);
  return e;
}

}  // namespace evenface::study
