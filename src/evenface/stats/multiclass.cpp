#include "evenface/stats/multiclass.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "evenface/core/error.h"

namespace evenface::stats {

void require_distribution(std::span<const double> probabilities) {
  constexpr double kRounding = 0.01, kReal = 1e-6;  // of a file with two or more decimals; of 32-bit reals
  double sum = 0;
  for (const double p : probabilities) {
    sum += p;
    if (-kReal <= p && p <= 1 + kReal) continue;
    throw InputError({.file = {},
                      .at = {},
                      .found = fmt::format("a probability of {}", p),
                      .expected = "probabilities from 0 to 1, one per class",
                      .remedy = "give the model's probabilities (softmax), not its logits"});
  }
  if (std::abs(sum - 1) <= kRounding) return;
  throw InputError({.file = {},
                    .at = {},
                    .found = fmt::format("probabilities that sum to {}", sum),
                    .expected = "a sum of 1",
                    .remedy = "give one probability for every class; normalise them if they are scores"});
}

MulticlassScores::MulticlassScores(std::int64_t groups, int classes)
    : one_class_(static_cast<std::size_t>(classes), ScoreCells(groups)),
      top_label_(groups),
      brier_(static_cast<std::size_t>(groups)) {
  require(classes >= 2, "scores of classes need at least two classes", classes);
}

void MulticlassScores::add(std::int64_t group, int truth, std::span<const double> probabilities, double weight,
                           Person person) {
  ensure(probabilities.size() == one_class_.size() && 0 <= truth && truth < classes(), "a row of these classes");
  require_distribution(probabilities);
  double squares = 0;
  for (int c = 0; c < classes(); ++c) {
    const double p = std::clamp(probabilities[static_cast<std::size_t>(c)], 0.0, 1.0), y = c == truth ? 1 : 0;
    one_class_[static_cast<std::size_t>(c)].add(group, p, c == truth, weight, person);
    squares += (p - y) * (p - y);
  }
  const auto top = std::ranges::max_element(probabilities);
  top_label_.add(group, std::clamp(*top, 0.0, 1.0), top - probabilities.begin() == truth, weight, person);
  brier_[static_cast<std::size_t>(group)].add(squares, weight, person);
}

MulticlassScores& MulticlassScores::operator+=(const MulticlassScores& other) {
  ensure(other.classes() == classes() && other.groups() == groups(), "scores of the same rows' shards");
  for (std::size_t c = 0; c < one_class_.size(); ++c) one_class_[c] += other.one_class_[c];
  for (std::size_t g = 0; g < brier_.size(); ++g) brier_[g] += other.brier_[g];
  top_label_ += other.top_label_;
  return *this;
}

Moments MulticlassScores::squared_errors_of_others(std::int64_t group) const {
  Moments others;
  for (std::int64_t g = 0; g < groups(); ++g)
    if (g != group) others += squared_errors(g);
  return others;
}

std::vector<int> comparable_classes(const MulticlassScores& scores, std::span<const std::int64_t> groups,
                                    std::int64_t min_rows) {
  const auto least = static_cast<double>(std::max<std::int64_t>(2, min_rows));
  std::vector<int> classes;
  for (int c = 0; c < scores.classes(); ++c)
    if (std::ranges::all_of(groups, [&](std::int64_t g) {
          const ClassRows n = rows_of(scores.one_class(c).of(g));
          return n.positives >= least && n.negatives >= least;
        }))
      classes.push_back(c);
  return classes;
}

Measured macro_mean(const MulticlassScores& scores, std::int64_t group, std::span<const int> classes,
                    ScoreFigure figure, std::int64_t min_rows, bool others) {
  if (classes.empty()) return not_measurable(0, fmt::format("no class has {} rows in every group", min_rows));
  std::vector<Measured> figures;
  for (const int c : classes) {
    const ScoreCells& cells = scores.one_class(c);
    figures.push_back(figure(others ? cells.all_but(group) : cells.of(group), min_rows));
  }
  return mean_of(figures);
}

Measured brier_score(const MulticlassScores& scores, std::int64_t group, std::int64_t min_rows) {
  return mean_of(scores.squared_errors(group), min_rows, Bounds{0, 2});
}

}  // namespace evenface::stats
