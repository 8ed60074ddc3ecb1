#include "evenface/study/judged_figures.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/stats/interval.h"
#include "evenface/study/condition/names.h"
#include "evenface/study/equalised_odds.h"
#include "evenface/study/judge_share.h"

namespace evenface::study {
namespace {
using stats::Estimate;

std::vector<std::string> names_in(const FigureRequest& request) {
  std::vector<std::string> names;
  for (const GroupPart& part : request.group) names.push_back(part.attribute.name);
  for (const PlacedName& attribute : request.crossing) names.push_back(attribute.name);
  return names;
}

/// The crossing of these attributes, whatever their order; the primary one where none is named.
std::size_t crossing_of(const Outcomes& o, std::vector<std::string> names) {
  if (names.empty()) return 0;
  std::ranges::sort(names);
  for (std::size_t c = 0; c < o.crossings.size(); ++c) {
    std::vector<std::string> own = o.crossings[c].names;
    std::ranges::sort(own);
    if (own == names) return c;
  }
  throw InternalError("a crossing that a condition names was not loaded");
}

/// Of groups of a crossing, rated or changed, the one that has these levels.
template <class Group>
const Group* group_with(const Outcomes& o, std::size_t crossing, const std::vector<Group>& groups,
                        const std::vector<GroupPart>& parts) {
  const auto& names = o.crossings[crossing].names;
  for (const Group& g : groups) {
    const std::vector<std::string> levels = levels_of(o, crossing, g.group);
    const bool all = std::ranges::all_of(parts, [&](const GroupPart& part) {
      const auto at = std::ranges::find(names, part.attribute.name) - names.begin();
      return levels[static_cast<std::size_t>(at)] == part.level.name;
    });
    if (all) return &g;
  }
  return nullptr;
}

/// Groups of a crossing by number, ascending.
using Groups = std::vector<std::int64_t>;

/// The groups of a crossing that hold rows and are none of these: too small, or without a row that a metric is about.
Groups left_out_of(const Outcomes& o, std::size_t crossing, const Groups& judged) {
  const std::vector<std::int64_t> rows = rows_by_group(o.crossings[crossing].group);
  std::vector<bool> is_judged(rows.size());
  for (const std::int64_t g : judged) is_judged[static_cast<std::size_t>(g)] = true;
  Groups left_out;
  for (std::size_t g = 0; g < rows.size(); ++g)
    if (rows[g] > 0 && !is_judged[g]) left_out.push_back(static_cast<std::int64_t>(g));
  return left_out;
}

Groups either(const Groups& a, const Groups& b) {
  Groups all;
  std::ranges::set_union(a, b, std::back_inserter(all));
  return all;
}

/// A figure, and the groups that are not in it although it is over groups.
struct PlainFigure {
  Estimate estimate;
  Groups left_out = {};
};

Figure named(const Outcomes& o, const FigureRequest& request, PlainFigure plain) {
  Figure figure{std::move(plain.estimate)};
  const std::size_t crossing = crossing_of(o, names_in(request));
  for (const std::int64_t g : plain.left_out) figure.left_out.push_back(group_name(o, crossing, g));
  return figure;
}

Estimate worst_of(const Judgement& j) {
  if (!j.gap.estimable()) return j.gap;
  const bool lowest = j.better != Better::kLower;
  Estimate worst{std::nullopt, std::nullopt, j.gap.n, "simultaneous intervals", {}};
  for (const GroupRate& g : j.groups) {
    if (!g.rate.estimable()) continue;
    const auto further = [&](double a, double b) { return lowest ? std::min(a, b) : std::max(a, b); };
    if (!worst.value) worst.value = *g.rate.value, worst.interval = g.simultaneous;
    worst.value = further(*worst.value, *g.rate.value);
    if (!worst.interval || !g.simultaneous) {
      worst.interval.reset();
      continue;
    }
    worst.interval->low = further(worst.interval->low, g.simultaneous->low);
    worst.interval->high = further(worst.interval->high, g.simultaneous->high);
  }
  return worst;
}

/// Figures of one arm.
class ArmFigures {
 public:
  ArmFigures(const Outcomes& outcomes, JudgeOptions options, const Context& context)
      : outcomes_(outcomes), options_(std::move(options)), context_(context) {
    options_.permutations = 0;  // a condition is about figures, not about their chance level
  }

  PlainFigure figure(const FigureRequest& request) const {
    JudgeOptions options = options_;
    if (request.level) options.level = *request.level;
    const std::size_t crossing = crossing_of(outcomes_, names_in(request));
    const Judgement j = judge(outcomes_, crossing, request.metric, options, context_);
    if (request.kind == FigureKind::kRate) return {rate(request, j)};
    if (request.kind == FigureKind::kOddsDifference || request.kind == FigureKind::kOddsRatio)
      return odds(request, j, options);
    return {over_groups(request.kind, j), left_out(j)};
  }

 private:
  Groups left_out(const Judgement& j) const { return left_out_of(outcomes_, j.crossing, judged_groups(j)); }

  Estimate rate(const FigureRequest& request, const Judgement& j) const {
    if (request.group.empty()) return j.overall;
    const GroupRate* group = group_with(outcomes_, j.crossing, j.groups, request.group);
    return group ? group->rate : stats::not_estimable(0, "the group has no rows");
  }

  static Estimate over_groups(FigureKind kind, const Judgement& j) {
    switch (kind) {
      case FigureKind::kGap:
        return j.gap;
      case FigureKind::kRatio:
        return j.ratio;
      case FigureKind::kSd:
        if (!j.gap.estimable()) return j.gap;
        return {j.sd, std::nullopt, j.gap.n, "population SD, as counted", {}};
      case FigureKind::kSdCorrected:
        return j.spread;
      case FigureKind::kMean:
        return j.over_groups;
      case FigureKind::kWorst:
        return worst_of(j);
      case FigureKind::kRate:
      case FigureKind::kOddsDifference:
      case FigureKind::kOddsRatio:
        break;
    }
    throw InternalError("not a figure of one metric over groups");
  }

  /// A group can have enough rows for one of the two rates alone: it is left out as well.
  PlainFigure odds(const FigureRequest& request, const Judgement& recall, const JudgeOptions& options) const {
    MetricName name = request.metric;
    name.measure = "false_positive_rate";
    const Judgement other = judge(outcomes_, recall.crossing, name, options, context_);
    EqualisedOdds both = equalised_odds(recall, other);
    return {std::move(request.kind == FigureKind::kOddsDifference ? both.difference : both.ratio),
            either(left_out(recall), left_out(other))};
  }

  const Outcomes& outcomes_;
  JudgeOptions options_;
  const Context& context_;
};

class EvaluationSource : public FigureSource {
 public:
  EvaluationSource(const Evaluation& e, const Context& context)
      : outcomes_(e.outcomes), figures_(e.outcomes, e.options, context) {}
  Figure figure(const FigureRequest& request) const override {
    return named(outcomes_, request, figures_.figure(request));
  }
  VerdictWord verdict() const override { throw InternalError("an evaluation has no verdict"); }

 private:
  const Outcomes& outcomes_;
  ArmFigures figures_;
};

KnownNames known_names(const Outcomes& o, const JudgeOptions& options, bool comparison) {
  KnownNames known{.positive = options.positive.empty() ? std::nullopt : std::optional(options.positive),
                   .comparison = comparison};
  for (std::size_t t = 0; t < o.tasks.size(); ++t)
    known.tasks.push_back({o.tasks[t], o.truth.empty() ? std::vector<std::string>{} : o.truth[t].levels,
                           !o.scores.empty(), o.votes.known()});
  for (const table::Factor& attribute : o.attributes) known.attributes.push_back({attribute.name, attribute.levels});
  return known;
}

std::vector<ConditionResult> judged(const std::vector<Condition>& conditions, const KnownNames& known,
                                    const FigureSource& source) {
  for (const Condition& condition : conditions) check_names(condition, known);
  std::vector<ConditionResult> results;
  for (const Condition& condition : conditions) results.push_back(evaluate_condition(condition, source));
  return results;
}

/// Figures of the arm after, and changes from the arm before.
class ComparisonSource : public FigureSource {
 public:
  ComparisonSource(const Comparison& c, const Context& context)
      : comparison_(c),
        arms_{arm_of(c.outcomes, stats::Arm::kBefore), arm_of(c.outcomes, stats::Arm::kAfter)},
        before_(arms_[0], c.options, context),
        after_(arms_[1], c.options, context),
        context_(context) {}

  Figure figure(const FigureRequest& request) const override {
    return named(comparison_.outcomes, request, request.change ? change(request) : after_.figure(request));
  }

  VerdictWord verdict() const override {
    if (!comparison_.verdict.comparable) return VerdictWord::kNotComparable;
    switch (comparison_.verdict.spread) {
      case stats::Verdict::kFairer:
        return VerdictWord::kFairer;
      case stats::Verdict::kLessFair:
        return VerdictWord::kLessFair;
      case stats::Verdict::kNoEvidence:
        break;
    }
    return VerdictWord::kNoEvidence;
  }

 private:
  PlainFigure change(const FigureRequest& request) const {
    if (auto paired = paired_change(request)) return *paired;
    const PlainFigure before = before_.figure(request), after = after_.figure(request);
    return {change_of(before.estimate, after.estimate), either(before.left_out, after.left_out)};
  }

  /// The change on the same rows, of the figures for which the comparison knows one.
  std::optional<PlainFigure> paired_change(const FigureRequest& request) const {
    using enum FigureKind;
    if (!is_compared(request.metric)) return std::nullopt;
    if (request.kind != kRate && request.kind != kMean && request.kind != kSdCorrected) return std::nullopt;
    JudgeOptions options = comparison_.options;
    options.permutations = 0;
    if (request.level) options.level = *request.level;
    const Outcomes& o = comparison_.outcomes;
    const auto by = change_by(o, crossing_of(o, names_in(request)), request.metric, options, context_);
    if (!by) return std::nullopt;
    const stats::BeforeAfter& r = by->result;
    if (request.kind == kRate) {
      if (request.group.empty()) return PlainFigure{r.over_faces.change};
      const auto* group = group_with(o, by->crossing, r.groups, request.group);
      return PlainFigure{group ? group->accuracy.change : stats::not_estimable(0, "the group has no rows")};
    }
    Groups judged;
    for (const stats::GroupChange& g : r.groups)
      if (g.accuracy.change.estimable()) judged.push_back(g.group);
    return PlainFigure{request.kind == kMean ? r.over_groups.change : r.spread.change,
                       left_out_of(o, by->crossing, judged)};
  }

  /// The arms judge the same rows, which mostly go the same way: taking them as independent widens the interval.
  static Estimate change_of(const Estimate& before, const Estimate& after) {
    if (!before.estimable()) return before;
    if (!after.estimable()) return after;
    Estimate change{*after.value - *before.value, std::nullopt, after.n, "MOVER, as if independent", {}};
    if (before.interval && after.interval)
      change.interval = stats::mover_difference(*after.value, *after.interval, *before.value, *before.interval);
    return change;
  }

  const Comparison& comparison_;
  std::array<Outcomes, 2> arms_;
  ArmFigures before_, after_;
  const Context& context_;
};

}  // namespace

std::vector<std::string> crossings_in(const std::vector<Condition>& conditions) {
  std::vector<std::string> crossings;
  for (const Condition& condition : conditions)
    for (const ConditionTest& test : condition.tests)
      if (const auto* figure = std::get_if<FigureTest>(&test.what))
        if (const auto names = names_in(figure->request); !names.empty())
          crossings.push_back(fmt::format("{}", fmt::join(names, "*")));
  return crossings;
}

std::vector<ConditionResult> judge_conditions(const std::vector<Condition>& conditions, const Evaluation& e,
                                              const Context& context) {
  return judged(conditions, known_names(e.outcomes, e.options, false), EvaluationSource(e, context));
}

std::vector<ConditionResult> judge_conditions(const std::vector<Condition>& conditions, const Comparison& c,
                                              const Context& context) {
  if (conditions.empty()) return {};
  return judged(conditions, known_names(c.outcomes, c.options, true), ComparisonSource(c, context));
}

}  // namespace evenface::study
