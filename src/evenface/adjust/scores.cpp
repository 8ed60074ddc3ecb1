#include "evenface/adjust/scores.h"

#include <algorithm>
#include <cmath>

#include "evenface/core/error.h"

namespace evenface::adjust {

double log_of_probability(double p) {
  require(0 <= p && p <= 1, "a probability must lie in 0..1", p);
  return std::log(std::max(p, 0x1p-126));
}

double log_sum_exp(std::span<const double> logits) {
  const double top = *std::ranges::max_element(logits);
  double sum = 0;
  for (const double z : logits) sum += std::exp(z - top);
  return top + std::log(sum);
}

std::vector<double> softmax(std::span<const double> logits) {
  const double total = log_sum_exp(logits);
  std::vector<double> p;
  for (const double z : logits) p.push_back(std::exp(z - total));
  return p;
}

int largest(std::span<const double> logits) {
  return static_cast<int>(std::ranges::max_element(logits) - logits.begin());
}

void require_valid(const ClassRows& rows) {
  require(rows.rows() > 0 && rows.classes >= 2, "there must be rows, and at least two classes", rows.rows(),
          rows.classes);
  ensure(rows.logits.size() == rows.rows() * static_cast<std::size_t>(rows.classes), "one logit per row and class");
  ensure(rows.weight.empty() || rows.weight.size() == rows.rows(), "one weight per row");
  for (const double z : rows.logits) require(std::isfinite(z), "a logit must be finite", z);
  for (const int y : rows.truth) require(0 <= y && y < rows.classes, "a true class must be one of the classes", y);
  double total = rows.weight.empty() ? 1 : 0;
  for (const double w : rows.weight) {
    require(std::isfinite(w) && w >= 0, "a weight must be finite and not negative", w);
    total += w;
  }
  require(total > 0, "some row must have a weight above 0");
}

}  // namespace evenface::adjust
