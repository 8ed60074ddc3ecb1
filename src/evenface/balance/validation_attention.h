#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace evenface::balance {

/// Rows of one class (a cell of the label crossing) and how many of them a model got right.
struct ClassCounts {
  std::int64_t rows = 0, correct = 0;
};

/// Validation attention (Oehri, Vetterli & Jarvers 2023): the weight of class c is
/// 2^((mean - acc_c) / (2 SD)), with the mean and the population SD of the classes'
/// accuracies. The unit of the accuracies (percent or share) does not matter.
/// All weights are 1 when the accuracies are equal. A NaN is a class of unknown
/// accuracy: it takes no part in mean and SD and gets the weight of an average class, 1.
std::vector<double> validation_attention(std::span<const double> accuracies);

/// The same from counts on validation rows; a class without rows is of unknown accuracy.
/// Throws InputError unless 0 <= correct <= rows for each class.
std::vector<double> validation_attention(std::span<const ClassCounts> classes);

}  // namespace evenface::balance
