#include "evenface/study/judged_figures.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/stats/interval.h"
#include "evenface/study/condition/names.h"

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

/// Equalised odds from the gaps, or the ratios, of true and false positive rates.
Estimate odds_of(const Estimate& a, const Estimate& b, bool difference) {
  if (!a.estimable()) return a;
  if (!b.estimable()) return b;
  const auto further = [&](double x, double y) { return difference ? std::max(x, y) : std::min(x, y); };
  Estimate odds{further(*a.value, *b.value), std::nullopt, std::max(a.n, b.n), a.method, {}};
  if (a.interval && b.interval)
    odds.interval =
        stats::Interval{further(a.interval->low, b.interval->low), further(a.interval->high, b.interval->high)};
  return odds;
}

/// Figures of one arm.
class ArmFigures {
 public:
  ArmFigures(const Outcomes& outcomes, JudgeOptions options, const Context& context)
      : outcomes_(outcomes), options_(std::move(options)), context_(context) {
    options_.permutations = 0;  // a condition is about figures, not about their chance level
  }

  Figure figure(const FigureRequest& request) const {
    JudgeOptions options = options_;
    if (request.level) options.level = *request.level;
    const std::size_t crossing = crossing_of(outcomes_, names_in(request));
    const Judgement j = judge(outcomes_, crossing, request.metric, options, context_);
    Figure figure;
    if (!request.crossing.empty())
      for (const GroupRate& g : j.groups)
        if (!g.rate.estimable()) figure.left_out.push_back(group_name(outcomes_, crossing, g.group));
    figure.estimate = estimate(request, j, options);
    return figure;
  }

 private:
  Estimate estimate(const FigureRequest& request, const Judgement& j, const JudgeOptions& options) const {
    switch (request.kind) {
      case FigureKind::kRate: {
        if (request.group.empty()) return j.overall;
        const GroupRate* group = group_with(outcomes_, j.crossing, j.groups, request.group);
        return group ? group->rate : stats::not_estimable(0, "the group has no rows");
      }
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
      case FigureKind::kOddsDifference:
      case FigureKind::kOddsRatio: {
        MetricName false_positives = request.metric;
        false_positives.measure = "false_positive_rate";
        const Judgement other = judge(outcomes_, j.crossing, false_positives, options, context_);
        const bool difference = request.kind == FigureKind::kOddsDifference;
        return difference ? odds_of(j.gap, other.gap, true) : odds_of(j.ratio, other.ratio, false);
      }
    }
    throw InternalError("a figure that no condition can ask for");
  }

  const Outcomes& outcomes_;
  JudgeOptions options_;
  const Context& context_;
};

class EvaluationSource : public FigureSource {
 public:
  EvaluationSource(const Evaluation& e, const Context& context) : figures_(e.outcomes, e.options, context) {}
  Figure figure(const FigureRequest& request) const override { return figures_.figure(request); }
  VerdictWord verdict() const override { throw InternalError("an evaluation has no verdict"); }

 private:
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
    if (request.change)
      if (auto paired = paired_change(request)) return *paired;
    Figure after = after_.figure(request);
    if (!request.change) return after;
    const Figure before = before_.figure(request);
    after.estimate = change_of(before.estimate, after.estimate);
    return after;
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
  /// The change on the same rows, of the figures for which the comparison knows one.
  std::optional<Figure> paired_change(const FigureRequest& request) const {
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
      if (request.group.empty()) return Figure{r.over_faces.change};
      const auto* group = group_with(o, by->crossing, r.groups, request.group);
      return Figure{group ? group->accuracy.change : stats::not_estimable(0, "the group has no rows")};
    }
    Figure figure{request.kind == kMean ? r.over_groups.change : r.spread.change};
    for (const stats::GroupChange& g : r.groups)
      if (!g.accuracy.change.estimable()) figure.left_out.push_back(group_name(o, by->crossing, g.group));
    return figure;
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
