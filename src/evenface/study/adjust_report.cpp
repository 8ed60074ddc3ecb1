#include <algorithm>

#include "evenface/stats/disparity.h"
#include "evenface/study/adjust_fit.h"

// What a rule does to the rows that it was fitted on.
namespace evenface::study {
namespace {
using adjust::RuleColumns;
using adjust::ScoreKind;

/// Sums of weights from which rates follow.
struct Tally {
  std::int64_t rows = 0;
  double mass = 0, squares = 0, positives = 0, right = 0, selected = 0, found = 0;

  void add(double weight, bool positive, double right_share, double positive_share) {
    ++rows, mass += weight, squares += weight * weight, right += weight * right_share;
    selected += weight * positive_share;
    if (positive) positives += weight, found += weight * positive_share;
  }
  AdjustRates rates(bool binary) const {
    const auto share = [](double x, double n) { return n > 0 ? std::optional(x / n) : std::nullopt; };
    if (!binary) return {share(right, mass), {}, {}, {}};
    return {share(right, mass), share(selected, mass), share(found, positives),
            share(selected - found, mass - positives)};
  }
};

std::optional<double> spread_of(const std::vector<Tally>& groups, std::int64_t min_group) {
  std::vector<stats::GroupCount> counts;
  for (const Tally& t : groups)
    if (t.rows >= min_group && t.mass * t.mass > t.squares) {
      const double n = t.mass * t.mass / t.squares;
      counts.push_back({n, n * t.right / t.mass});
    }
  if (counts.size() < 2) return std::nullopt;
  return stats::spread_of(stats::corrected_variance(counts));
}

/// What the file predicts for a row, or what its scores say; -1 where ranks alone say nothing.
int decision_before(const AdjustRows& rows, std::size_t i, const RuleColumns& c) {
  if (rows.predicted) return rows.predicted->codes[i];
  return c.kind == ScoreKind::kRank ? -1 : adjust::largest(logits_of(rows.row(i), c.kind));
}

/// One row before and after, as shares of being right and of being decided positive.
struct RowChange {
  bool positive;
  double right_before, right_after, positive_before, positive_after;
};

RowChange change_of(const AdjustRows& rows, std::size_t i, const Decider& decider, const RuleColumns& c, bool binary) {
  const auto is_positive = [&](int code) {
    return code >= 0 && c.classes[static_cast<std::size_t>(code)] == c.positive;
  };
  const int truth = rows.truth.codes[i], was = decision_before(rows, i, c);
  RowChange change{is_positive(truth), was == truth ? 1.0 : 0.0, 0, is_positive(was) ? 1.0 : 0.0, 0};
  if (binary) {
    change.positive_after = decider.positive_share(rows, i);
    change.right_after = change.positive ? change.positive_after : 1 - change.positive_after;
  } else {
    change.right_after = decider.decide(rows, i).predicted == truth ? 1 : 0;
  }
  return change;
}

/// The rows of a group before and after.
struct TallyPair {
  Tally before, after;

  void add(double weight, const RowChange& c) {
    before.add(weight, c.positive, c.right_before, c.positive_before);
    after.add(weight, c.positive, c.right_after, c.positive_after);
  }
};

}  // namespace

FitReport report_on(const AdjustRows& rows, const std::vector<std::size_t>& order, const std::vector<double>& weights,
                    const adjust::Rule& rule, std::int64_t min_group) {
  const bool binary = std::holds_alternative<adjust::ThresholdRule>(rule.method);
  const bool known_before = rows.predicted || rule.columns.kind != ScoreKind::kRank;
  std::vector<TallyPair> groups(rows.group.levels.size());
  TallyPair all;
  const Decider decider(rule, rows.group, rows.file.string());
  double random = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::size_t i = order[k];
    const double weight = weights.empty() ? 1 : weights[k];
    const RowChange change = change_of(rows, i, decider, rule.columns, binary);
    all.add(weight, change);
    if (!groups.empty()) groups[static_cast<std::size_t>(rows.group.codes[i])].add(weight, change);
    constexpr double kRounding = 1e-12;
    random += change.positive_after > kRounding && change.positive_after < 1 - kRounding ? 1 : 0;
  }
  const auto named = [&](std::string name, const TallyPair& t) {
    return AdjustChange{std::move(name), t.after.rows, known_before ? t.before.rates(binary) : AdjustRates{},
                        t.after.rates(binary)};
  };
  FitReport report{.file = rows.file.string(),
                   .rows = static_cast<std::int64_t>(order.size()),
                   .left_out = static_cast<std::int64_t>(rows.rows() - order.size()),
                   .overall = named("all rows", all)};
  for (std::size_t g = 0; g < groups.size(); ++g)
    if (groups[g].after.rows > 0) report.groups.push_back(named(rows.group.levels[g], groups[g]));
  if (!binary && known_before) {
    std::vector<Tally> before, after;
    for (const TallyPair& t : groups) before.push_back(t.before), after.push_back(t.after);
    report.spread_before = spread_of(before, min_group), report.spread_after = spread_of(after, min_group);
  }
  report.random_share = random / static_cast<double>(order.size());
  return report;
}

}  // namespace evenface::study
