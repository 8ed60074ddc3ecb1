#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace evenface::adjust {

/// Rows of a task with any number of classes: logits n x classes, row after row, and the true class.
struct ClassRows {
  int classes = 0;
  std::vector<double> logits;
  std::vector<int> truth;
  std::vector<double> weight;  ///< empty: 1 for every row

  std::size_t rows() const { return truth.size(); }
  std::span<const double> row(std::size_t i) const {
    return std::span(logits).subspan(i * static_cast<std::size_t>(classes), static_cast<std::size_t>(classes));
  }
  double weight_of(std::size_t i) const { return weight.empty() ? 1.0 : weight[i]; }
};

/// The log of a probability; a probability of 0, which has lost its digits, counts as 2^-126 (the least
/// normal number in single precision). Throws InputError unless 0 <= p <= 1.
double log_of_probability(double p);

/// exp(z) / sum exp(z).
std::vector<double> softmax(std::span<const double> logits);

/// log sum exp(z).
double log_sum_exp(std::span<const double> logits);

/// The class with the largest logit; the first of those that are equal.
int largest(std::span<const double> logits);

/// Throws InputError unless there are rows, all logits are finite, truths are classes, and weights are finite, not
/// negative and not all 0.
void require_valid(const ClassRows& rows);

}  // namespace evenface::adjust
