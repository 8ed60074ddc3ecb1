#include "evenface/adjust/temperature.h"

#include <algorithm>
#include <cmath>

#include "evenface/core/error.h"

namespace evenface::adjust {
namespace {

/// First and second derivative of the mean negative log-likelihood by 1/T.
struct Slopes {
  double first = 0, second = 0;
};

std::vector<double> scaled(std::span<const double> logits, double factor) {
  std::vector<double> z(logits.begin(), logits.end());
  for (double& value : z) value *= factor;
  return z;
}

Slopes slopes_at(const ClassRows& rows, double inverse) {
  Slopes s;
  double total = 0;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto z = rows.row(i);
    const auto p = softmax(scaled(z, inverse));
    double mean = 0, variance = 0;
    for (std::size_t c = 0; c < z.size(); ++c) mean += p[c] * z[c];
    for (std::size_t c = 0; c < z.size(); ++c) variance += p[c] * (z[c] - mean) * (z[c] - mean);
    const double w = rows.weight_of(i);
    s.first += w * (mean - z[static_cast<std::size_t>(rows.truth[i])]), s.second += w * variance, total += w;
  }
  return {s.first / total, s.second / total};
}

void require_wrong_rows(const ClassRows& rows) {
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto z = rows.row(i);
    if (rows.weight_of(i) > 0 && z[static_cast<std::size_t>(rows.truth[i])] < std::ranges::max(z)) return;
  }
  throw InputError({.file = {},
                    .at = {},
                    .found = "every row's true class has its highest score, so that no temperature is best",
                    .expected = "some rows that are wrong",
                    .remedy = "fit on more rows, and on rows that the model was not trained on"});
}

/// The root of the first derivative, which rises: Newton's steps, halving the bracket where one leaves it.
double best_inverse(const ClassRows& rows) {
  double low = 0, high = 1;
  while (slopes_at(rows, high).first < 0) low = high, high *= 2;
  double inverse = low == 0 ? 1 : (low + high) / 2;
  constexpr int kSteps = 200;
  for (int i = 0; i < kSteps && high - low > 1e-14 * high; ++i) {
    const Slopes s = slopes_at(rows, inverse);
    (s.first < 0 ? low : high) = inverse;
    const double newton = inverse - s.first / s.second;
    const double next = low < newton && newton < high ? newton : (low + high) / 2;
    if (std::abs(next - inverse) <= 1e-15 * inverse) break;
    inverse = next;
  }
  return inverse;
}

}  // namespace

TemperatureFit fit_temperature(const ClassRows& rows, const Context& context) {
  require_valid(rows);
  require_wrong_rows(rows);
  if (slopes_at(rows, 0).first >= 0)
    throw InputError({.file = {},
                      .at = {},
                      .found = "the scores of the true classes are no higher than the others on average, so that no "
                               "temperature is best",
                      .expected = "scores that say something of the truth",
                      .remedy = "check that each score column stands for the class it is named for"});
  const TemperatureRule rule{1 / best_inverse(rows)};
  const auto error = [&](double temperature) {
    return stats::calibration_error(top_class_scores(rows, temperature).of(0), {}, 1, context);
  };
  return {rule, negative_log_likelihood(rows), negative_log_likelihood(rows, rule.temperature), error(1),
          error(rule.temperature)};
}

double negative_log_likelihood(const ClassRows& rows, double temperature) {
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto z = scaled(rows.row(i), 1 / temperature);
    sum += rows.weight_of(i) * (log_sum_exp(z) - z[static_cast<std::size_t>(rows.truth[i])]);
    total += rows.weight_of(i);
  }
  return sum / total;
}

stats::ScoreCells top_class_scores(const ClassRows& rows, double temperature) {
  stats::ScoreCells cells(1);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto p = softmax(scaled(rows.row(i), 1 / temperature));
    const int top = largest(rows.row(i));
    cells.add(0, p[static_cast<std::size_t>(top)], top == rows.truth[i], rows.weight_of(i));
  }
  return cells;
}

}  // namespace evenface::adjust
