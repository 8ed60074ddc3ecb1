#include <fmt/format.h>

#include "evenface/adjust/decide.h"
#include "evenface/core/error.h"
#include "evenface/study/adjust_fit.h"

// A rule applied to rows.
namespace evenface::study {
using adjust::Rule;
using adjust::RuleColumns;

Decider::Decider(const Rule& rule, const table::Factor& group, const std::string& file) : rule_(rule) {
  const auto* thresholds = std::get_if<adjust::ThresholdRule>(&rule.method);
  if (!thresholds) return;
  of_group_.resize(group.levels.size());
  for (std::size_t g = 0; g < of_group_.size(); ++g)
    for (const auto& own : thresholds->groups)
      if (own.group == group.levels[g]) of_group_[g] = &own;
  std::vector<std::string> known;
  for (const auto& own : thresholds->groups) known.push_back(own.group);
  for (const std::int32_t code : group.codes)
    if (code >= 0 && !of_group_[static_cast<std::size_t>(code)])
      throw InputError({.file = file,
                        .at = {},
                        .found = fmt::format("the rule has no threshold for the group \"{}\"",
                                             group.levels[static_cast<std::size_t>(code)]),
                        .expected = fmt::format("one of {}", fmt::join(known, ", ")),
                        .remedy = "fit a rule on rows of this group too, or leave its rows out of the file"});
}

double Decider::positive_share(const AdjustRows& rows, std::size_t row) const {
  const auto group = static_cast<std::size_t>(rows.group.codes[row]);
  return of_group_[group]->positive_share(positive_score(rows.row(row), rule_.columns));
}

Decision Decider::decide(const AdjustRows& rows, std::size_t row) const {
  const RuleColumns& c = rule_.columns;
  if (std::holds_alternative<adjust::ThresholdRule>(rule_.method)) {
    const int positive = c.classes[0] == c.positive ? 0 : 1;
    return {adjust::drawn_positive(positive_share(rows, row), rule_.seed, rows.ids[row]) ? positive : 1 - positive, {}};
  }
  const auto logits = logits_of(rows.row(row), c.kind);
  const auto* shifts = std::get_if<adjust::ShiftRule>(&rule_.method);
  const auto z = shifts ? adjust::adjusted(*shifts, logits)
                        : adjust::adjusted(std::get<adjust::TemperatureRule>(rule_.method), logits);
  return {adjust::largest(z), scores_of(z, rows.width, c.kind)};
}

}  // namespace evenface::study
