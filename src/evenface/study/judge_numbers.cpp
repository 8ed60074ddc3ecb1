#include <algorithm>
#include <cmath>
#include <limits>

#include "evenface/core/error.h"
#include "evenface/stats/regression.h"
#include "evenface/study/judge_family.h"
#include "evenface/study/judge_share.h"

namespace evenface::study {

MeanMetric mean_of_errors(const Outcomes& o, const MetricName& name) {
  if (o.true_values.empty())
    throw InputError(
        {.file = {},
         .at = "--metric " + name.text(),
         .found = "this metric is about numbers, and truth and prediction were read as classes",
         .expected = "columns of numbers, such as ages",
         .remedy = "ask for mae and bias alone, and name columns of numbers with --truth and --predicted"});
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const bool absolute = name.measure == "mae";
  const auto error = [&o, absolute, task = task_of(name, o.tasks).value_or(0)](std::size_t run, std::size_t row,
                                                                               std::size_t) -> std::optional<double> {
    const double e = o.predicted_values[run][task][row] - o.true_values[task][row];
    if (!std::isfinite(e)) return std::nullopt;
    return absolute ? std::abs(e) : e;
  };
  return {.bounds = {absolute ? 0 : -kInfinity, kInfinity}, .number = error};
}

void judge_numbers(const Outcomes& o, const JudgeOptions& options, const Context& context, Judgement& j) {
  const MeanMetric metric = mean_of_errors(o, j.metric);
  const std::size_t task = task_of(j.metric, o.tasks).value_or(0);
  const table::Factor& group = o.crossings[j.crossing].group;
  std::vector<stats::NumberCells> runs;
  for (const auto& predicted : o.predicted_values) {
    stats::NumberCells cells(group.level_count());
    for (std::size_t row = 0; row < group.codes.size(); ++row)
      if (std::isfinite(predicted[task][row]))  // a row without a prediction has no error; it is counted in the notes
        cells.add(group.codes[row], o.true_values[task][row], predicted[task][row],
                  o.weights.empty() ? 1 : o.weights[row], person_where_known(o, row));
    runs.push_back(std::move(cells));
  }
  const auto in_runs = [&](std::int64_t g, bool others) {
    std::vector<stats::Measured> each;
    for (const auto& cells : runs) {
      const stats::NumberErrors errors = others ? cells.all_but(g) : cells.of(g);
      each.push_back(j.metric.measure == "mae" ? stats::mean_absolute_error(errors, options.min_group)
                                               : stats::bias(errors, options.min_group));
    }
    return each;
  };
  judge_figures(group, in_runs, options, j);
  refer_means_to_chance(o, metric, options, context, j);
}

}  // namespace evenface::study
