#include "evenface/study/wording.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace evenface::study {
using stats::Outcome;
using stats::Verdict;

std::string points(double fraction, bool with_sign) {
  const double value = std::round(fraction * 1000) / 10 + 0.0;  // + 0.0 turns -0.0 into 0.0
  return with_sign ? fmt::format("{:+.1f}", value) : fmt::format("{:.1f}", value);
}

Unit unit_of(const MetricName& metric) { return is_number(metric) ? Unit::kPlain : Unit::kPoints; }

std::string in_unit(double value, Unit unit, bool with_sign) {
  if (unit == Unit::kPoints) return points(value, with_sign);
  return with_sign ? fmt::format("{:+.2f}", value) : fmt::format("{:.2f}", value);
}

std::string interval_words(const stats::Estimate& e, Unit unit, bool with_sign) {
  if (!e.interval) return {};
  return fmt::format("{} to {}", in_unit(e.interval->low, unit, with_sign), in_unit(e.interval->high, unit, with_sign));
}

std::string amount(double value, Unit unit) { return in_unit(value, unit) + (unit == Unit::kPoints ? " points" : ""); }

std::string subject_words(const Comparison& c) { return c.result.several_seeds ? "The method" : "These two models"; }

std::vector<std::string> groups_with(const Comparison& c, Outcome outcome) {
  std::vector<const stats::GroupChange*> found;
  for (const auto& g : c.result.groups)
    if (g.outcome == outcome) found.push_back(&g);
  std::ranges::sort(found, [](auto* a, auto* b) { return a->accuracy.change.value < b->accuracy.change.value; });
  std::vector<std::string> names;
  for (const auto* g : found) names.push_back(c.group_name(g->group));
  return names;
}

std::string verdict_headline(const Comparison& c) {
  const FullVerdict& v = c.verdict;
  if (!v.comparable) return fmt::format("Not comparable: {}.", fmt::join(v.reasons, "; "));
  std::string text = c.result.several_seeds ? "" : "These two models: ";
  const auto start = text.size();
  switch (v.spread) {
    case Verdict::kFairer:
      text += "fairer";
      break;
    case Verdict::kLessFair:
      text += "less fair";
      break;
    case Verdict::kNoEvidence:
      text += "no evidence of a change in fairness";
      break;
  }
  if (start == 0) text[0] = static_cast<char>(std::toupper(text[0]));
  if (v.by_levelling_down) text += ", by levelling down";
  const auto losers = groups_with(c, Outcome::kLost).size();
  if (losers > 0) text += fmt::format(", with losers: {} of {} groups", losers, c.result.groups.size());
  return text + ".";
}

std::string verdict_sentence(const Comparison& c) {
  if (!c.verdict.comparable)
    return fmt::format("{} can't be compared: {}.", subject_words(c), fmt::join(c.verdict.reasons, "; "));
  const stats::Change& s = c.result.spread;
  const Unit unit = unit_of(c.metric);
  const std::string figures =
      fmt::format("the spread of {} over {} groups from {} to {} (change {}, {:.0f}% interval {})", c.metric.text(),
                  c.result.estimable_groups, in_unit(*s.before.value, unit), amount(*s.after.value, unit),
                  in_unit(*s.change.value, unit, true), 100 * c.options.level, interval_words(s.change, unit, true));
  const std::string who = subject_words(c);
  const bool several = c.result.several_seeds;
  switch (c.verdict.spread) {
    case Verdict::kFairer:
      return fmt::format("{} {} {}.", who, several ? "narrows" : "narrow", figures);
    case Verdict::kLessFair:
      return fmt::format("{} {} {}.", who, several ? "widens" : "widen", figures);
    case Verdict::kNoEvidence:
      break;
  }
  return fmt::format("{} {} no evidence of a change: {}.", who, several ? "gives" : "give", figures);
}

std::string price_sentence(stats::Price price, const stats::Estimate& change, double margin, Unit unit) {
  switch (price) {
    case stats::Price::kLost:
      return fmt::format("Price paid: a loss of {} ({}).", amount(-*change.value, unit),
                         interval_words(change, unit, true));
    case stats::Price::kWithinMargin:
      return fmt::format("Price within the margin: a loss of {} or more is excluded.", amount(margin, unit));
    case stats::Price::kOpen:
      break;
  }
  return fmt::format("Price open: a loss of up to {} is not excluded.", amount(-change.interval->low, unit));
}

std::string price_sentence(const Comparison& c) {
  return price_sentence(c.result.price_over_faces, as_loss(c, c.result.over_faces.change), c.options.margin,
                        unit_of(c.metric));
}

stats::Estimate as_loss(const Comparison& c, const stats::Estimate& change) {
  if (!c.error_rate) return change;
  stats::Estimate loss = change;
  if (loss.value) loss.value = -*loss.value;
  if (loss.interval) loss.interval = stats::Interval{-loss.interval->high, -loss.interval->low};
  return loss;
}

std::string planning_sentence(const DetectableGap& d, double power) {
  const std::string rows = fmt::format("{:.0f} {}", d.rows_per_group, d.effective_rows ? "effective rows" : "faces");
  if (!std::isfinite(d.gap))
    return fmt::format("With about {} a group no gap between two of {} groups would have been shown reliably.", rows,
                       d.groups);
  return fmt::format(
      "With about {} a group, this test set would have shown a gap of {} points between two groups {:.3g} times out of "
      "100, after correction for {} groups.",
      rows, points(d.gap), 100 * power, d.groups);
}

}  // namespace evenface::study
