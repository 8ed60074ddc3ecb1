#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace evenface::balance {

/// The class weights scaled so that their mean over the training rows is 1:
/// sum_c rows_c w_c = sum_c rows_c. Throws InputError unless weights and rows are of
/// equal length, the weights positive and finite and the rows not negative and not all 0.
std::vector<double> mean_one(std::span<const double> class_weights, std::span<const std::int64_t> training_rows);

}  // namespace evenface::balance
