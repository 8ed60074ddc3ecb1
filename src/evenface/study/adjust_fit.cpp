#include "evenface/study/adjust_fit.h"

#include <algorithm>

#include <fmt/format.h>

#include "evenface/adjust/id_sketch.h"
#include "evenface/core/error.h"

namespace evenface::study {
namespace {
using adjust::Rule;
using adjust::RuleColumns;
using adjust::ScoreKind;

/// The rows that can be fitted on, by id: so the order of the file means nothing, not even in the last digit.
std::vector<std::size_t> fit_order(const AdjustRows& rows) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < rows.rows(); ++i)
    if (rows.has_scores(i) && rows.truth.codes[i] >= 0 && (rows.group.codes.empty() || rows.group.codes[i] >= 0))
      order.push_back(i);
  std::ranges::sort(order, {}, [&](std::size_t i) -> const std::string& { return rows.ids[i]; });
  if (order.empty())
    throw InputError({.file = rows.file.string(),
                      .at = {},
                      .found = fmt::format("none of {} rows has a truth, a score and its groups", rows.rows()),
                      .expected = "rows to fit on",
                      .remedy = "check the columns that --truth, --by and --score or --scores name"});
  return order;
}

/// Weights with mean 1, so that rounding them to fixed digits loses none that count.
std::vector<double> weights_of(const AdjustRows& rows, const std::vector<std::size_t>& order) {
  if (rows.weight.empty()) return {};
  double total = 0;
  for (const std::size_t i : order) total += rows.weight[i];
  require(total > 0, "the weights of the rows must not all be 0");
  std::vector<double> weights;
  for (const std::size_t i : order) weights.push_back(rows.weight[i] * static_cast<double>(order.size()) / total);
  return weights;
}

void require_option(bool holds, const char* option, std::string found, const char* expected, const char* remedy) {
  if (!holds)
    throw InputError({.file = {}, .at = option, .found = std::move(found), .expected = expected, .remedy = remedy});
}

void require_groups(const AdjustRows& rows) {
  require_option(!rows.group.codes.empty(), "--by", "no attribute to group by", "one or more columns, e.g. race,gender",
                 "name the columns whose crossing makes the groups");
}

adjust::ThresholdFit fit_thresholds(const AdjustRows& rows, const std::vector<std::size_t>& order,
                                    const std::vector<double>& weights, const RuleColumns& c, const AdjustOptions& o) {
  require_groups(rows);
  require_option(c.classes.size() == 2, "--method", fmt::format("thresholds for {} classes", c.classes.size()),
                 "two classes", "use --method shifts, which takes any number of classes");
  require_option(std::ranges::find(c.classes, c.positive) != c.classes.end(), "--positive",
                 fmt::format("\"{}\" is no class", c.positive), "the class that thresholds decide for or against",
                 "name one of the two classes");
  require_option(o.objective.empty() || o.objective == "accuracy" || o.objective == "balanced-accuracy", "--objective",
                 o.objective + " is made by shifts, not by thresholds", "accuracy or balanced-accuracy", "name one");
  std::vector<adjust::GroupRows> groups(rows.group.levels.size());
  for (std::size_t g = 0; g < groups.size(); ++g) groups[g].name = rows.group.levels[g];
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::size_t i = order[k];
    groups[static_cast<std::size_t>(rows.group.codes[i])].rows.push_back(
        {positive_score(rows.row(i), c), rows.truth.level_at(static_cast<std::int64_t>(i)) == c.positive,
         weights.empty() ? 1 : weights[k]});
  }
  std::erase_if(groups, [](const adjust::GroupRows& g) { return g.rows.empty(); });
  return adjust::fit_thresholds(
      groups, {adjust::criterion_of(o.criterion.empty() ? "odds" : o.criterion),
               o.objective == "balanced-accuracy" ? adjust::Objective::kBalancedAccuracy : adjust::Objective::kAccuracy,
               o.flip, o.grid, o.min_group});
}

adjust::ClassRows class_rows(const AdjustRows& rows, const std::vector<std::size_t>& order, std::vector<double> weights,
                             const RuleColumns& c) {
  require_option(c.kind != ScoreKind::kRank, "--score-kind", "ranks say nothing of how far scores lie apart",
                 "probability or logit", "use --method thresholds, or give probabilities or logits");
  adjust::ClassRows r{.classes = static_cast<int>(c.classes.size()), .weight = std::move(weights)};
  for (const std::size_t i : order) {
    const auto z = logits_of(rows.row(i), c.kind);
    r.logits.insert(r.logits.end(), z.begin(), z.end());
    r.truth.push_back(rows.truth.codes[i]);
  }
  return r;
}

adjust::ShiftRule fit_shifts(const AdjustRows& rows, const std::vector<std::size_t>& order,
                             const std::vector<double>& weights, const RuleColumns& c, const AdjustOptions& o) {
  require_groups(rows);
  require_option(o.objective.empty() || o.objective == "group-accuracy" || o.objective == "spread", "--objective",
                 o.objective + " is made by thresholds, not by shifts", "group-accuracy or spread", "name one");
  std::vector<std::int32_t> group;
  for (const std::size_t i : order) group.push_back(rows.group.codes[i]);
  const adjust::ShiftSettings settings{
      o.objective == "spread" ? adjust::ShiftObjective::kSpread : adjust::ShiftObjective::kGroupAccuracy, o.margin,
      o.ridge, o.shrink, o.min_group};
  return adjust::fit_shifts(class_rows(rows, order, weights, c), group, rows.group.level_count(), settings).rule;
}

}  // namespace

std::pair<Rule, FitReport> fit_rule(const AdjustRows& rows, const RuleColumns& columns, const AdjustOptions& o,
                                    const Context& context) {
  const auto order = fit_order(rows);
  const auto weights = weights_of(rows, order);
  std::vector<std::string> ids;
  for (const std::size_t i : order) ids.push_back(rows.ids[i]);
  Rule rule{.columns = columns,
            .seed = static_cast<std::uint64_t>(o.seed),
            .fit_rows = static_cast<std::int64_t>(order.size()),
            .fit_ids = adjust::id_sketch(ids),
            .method = {}};
  double common_rate = 0;
  std::optional<adjust::TemperatureFit> temperature;
  if (o.method == "thresholds") {
    auto fit = fit_thresholds(rows, order, weights, columns, o);
    rule.method = std::move(fit.rule), common_rate = fit.common_rate;
  } else if (o.method == "shifts") {
    rule.method = fit_shifts(rows, order, weights, columns, o);
  } else {
    temperature = adjust::fit_temperature(class_rows(rows, order, weights, columns), context);
    rule.method = temperature->rule;
  }
  FitReport report = report_on(rows, order, weights, rule, o.min_group);
  report.common_rate = common_rate, report.temperature = temperature;
  return {std::move(rule), std::move(report)};
}

}  // namespace evenface::study
