#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "evenface/adjust/scores.h"
#include "evenface/core/error.h"
#include "evenface/study/adjust_rows.h"

// What the numbers in score columns mean.
namespace evenface::study {
using adjust::RuleColumns;
using adjust::ScoreKind;

bool AdjustRows::has_scores(std::size_t i) const {
  return std::ranges::none_of(row(i), [](double s) { return std::isnan(s); });
}

std::vector<double> logits_of(std::span<const double> scores, ScoreKind kind) {
  ensure(kind != ScoreKind::kRank, "ranks are no logits");
  std::vector<double> z;
  if (scores.size() == 1 && kind == ScoreKind::kLogit) return {0, scores[0]};
  if (scores.size() == 1) return {adjust::log_of_probability(1 - scores[0]), adjust::log_of_probability(scores[0])};
  for (const double s : scores) z.push_back(kind == ScoreKind::kLogit ? s : adjust::log_of_probability(s));
  return z;
}

std::vector<double> scores_of(std::span<const double> logits, std::size_t width, ScoreKind kind) {
  if (kind == ScoreKind::kLogit)
    return width == 1 ? std::vector{logits[1] - logits[0]} : std::vector<double>(logits.begin(), logits.end());
  const auto p = adjust::softmax(logits);
  return width == 1 ? std::vector{p[1]} : p;
}

double positive_score(std::span<const double> scores, const RuleColumns& columns) {
  if (scores.size() == 1) return scores[0];
  const std::size_t positive = columns.classes[0] == columns.positive ? 0 : 1;
  return columns.kind == ScoreKind::kProbability ? scores[positive] : scores[positive] - scores[1 - positive];
}

}  // namespace evenface::study
