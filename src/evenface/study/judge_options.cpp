#include "evenface/study/judge_options.h"

#include <algorithm>

#include "evenface/study/metric_name.h"

namespace evenface::study {

OutcomeColumns JudgeOptions::columns() const {
  OutcomeColumns c{.id = id, .truth = truth, .predicted = predicted, .by = crossings_of(by), .data = data};
  c.also_by = crossings_of(also_by);
  c.scores = scores, c.votes = votes, c.weight = weight, c.person = person, c.missing = missing;
  // Numbers are read as numbers only where nothing is asked about classes.
  c.numeric = !metric.empty() && std::ranges::all_of(metric, [](const std::string& text) {
    return family_of(parse_metric(text)) == MetricFamily::kNumbers;
  });
  return c;
}

}  // namespace evenface::study
