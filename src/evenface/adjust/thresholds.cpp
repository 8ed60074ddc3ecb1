#include "evenface/adjust/thresholds.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/stats/cells.h"

namespace evenface::adjust {
namespace {

void require_rows(const GroupRows& group, const ThresholdSettings& settings) {
  const auto positives = std::ranges::count(group.rows, true, &ScoredRow::positive);
  const auto rows = static_cast<std::int64_t>(group.rows.size()), negatives = rows - positives;
  const auto refuse = [&](std::int64_t found, const char* what) {
    if (found >= std::max<std::int64_t>(settings.min_group, 1)) return;
    throw InputError({.file = {},
                      .at = fmt::format("group {}", group.name),
                      .found = fmt::format("{} {} to fit its threshold on", found, what),
                      .expected = fmt::format("at least {} (--min-group)", settings.min_group),
                      .remedy = "fit on more rows, make larger groups with --by, or leave this group's rows out "
                                "of the file; a lower --min-group lets noise set the threshold"});
  };
  if (settings.criterion == Criterion::kParity) refuse(rows, "rows");
  else refuse(positives, "positive rows");
  if (settings.criterion == Criterion::kOdds) refuse(negatives, "negative rows");
}

Worth worth_of(const std::vector<RocCurve>& curves, Objective objective) {
  double positives = 0, negatives = 0;
  for (const RocCurve& c : curves) positives += c.positives, negatives += c.negatives;
  if (objective == Objective::kAccuracy) return {1 / (positives + negatives), 1 / (positives + negatives)};
  require(positives > 0 && negatives > 0, "balanced accuracy needs positive and negative rows", positives, negatives);
  return {0.5 / positives, 0.5 / negatives};
}

double objective_of(const std::vector<GroupRows>& groups, const std::vector<GroupThresholds>& rules, Worth worth) {
  double sum = 0;
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (const ScoredRow& row : groups[g].rows) {
      const double share = rules[g].positive_share(row.score);
      sum += stats::rounded_weight(row.weight) *
             (row.positive ? worth.per_positive * share : worth.per_negative * (1 - share));
    }
  return sum;
}

}  // namespace

double GroupThresholds::positive_share(double score) const {
  double share = 0;
  for (const Step& step : steps)
    if (step.cut.holds(score)) share += step.weight;
  return std::clamp(share, 0.0, 1.0);
}

void add_step(std::vector<Step>& steps, double weight, const Cut& cut) {
  constexpr double kRounding = 1e-12;
  if (weight <= kRounding) return;
  const auto same = std::ranges::find(steps, cut, &Step::cut);
  if (same != steps.end()) same->weight += weight;
  else steps.push_back({weight, cut});
}

std::size_t best_of(const std::vector<double>& values) {
  constexpr double kRounding = 1e-12;
  std::size_t best = 0;
  for (std::size_t i = 1; i < values.size(); ++i)
    if (values[i] > values[best] + kRounding) best = i;
  return best;
}

std::vector<double> multiples(std::int64_t grid) {
  std::vector<double> rates;
  for (std::int64_t i = 0; i <= grid; ++i) rates.push_back(static_cast<double>(i) / static_cast<double>(grid));
  return rates;
}

ThresholdFit fit_thresholds(const std::vector<GroupRows>& groups, const ThresholdSettings& settings) {
  require(groups.size() >= 2, "thresholds per group need at least two groups", groups.size());
  std::vector<RocCurve> curves;
  for (const GroupRows& group : groups) {
    require_rows(group, settings);
    curves.push_back(roc_curve(group.rows, settings.flip));
    const RocCurve& c = curves.back();
    const bool weighs = settings.criterion == Criterion::kParity        ? c.total() > 0
                        : settings.criterion == Criterion::kOpportunity ? c.positives > 0
                                                                        : c.positives > 0 && c.negatives > 0;
    require(weighs, "the rows of each group must have some weight, in each class that the criterion looks at",
            group.name);
  }
  const Worth worth = worth_of(curves, settings.objective);
  const Solution solution = settings.criterion == Criterion::kOdds
                                ? share_both_rates(curves, worth, settings.grid)
                                : share_one_rate(curves, settings.criterion, worth, settings.grid);
  ThresholdFit fit{{settings.criterion, {}}, solution.common_rate, 0};
  for (std::size_t g = 0; g < groups.size(); ++g) fit.rule.groups.push_back({groups[g].name, solution.steps[g]});
  fit.objective = objective_of(groups, fit.rule.groups, worth);
  return fit;
}

}  // namespace evenface::adjust
