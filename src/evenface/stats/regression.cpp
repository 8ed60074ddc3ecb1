#include "evenface/stats/regression.h"

#include <cmath>
#include <limits>

#include "evenface/core/error.h"

namespace evenface::stats {

NumberErrors& NumberErrors::operator+=(const NumberErrors& other) {
  error += other.error, absolute += other.absolute;
  return *this;
}

NumberCells::NumberCells(std::int64_t groups) : groups_(static_cast<std::size_t>(groups)) {}

void NumberCells::add(std::int64_t group, double truth, double predicted, double weight, Person person) {
  require(std::isfinite(truth) && std::isfinite(predicted), "a true and a predicted number must be finite", truth,
          predicted);
  ensure(0 <= group && group < groups(), "a group that the cells hold");
  NumberErrors& g = groups_[static_cast<std::size_t>(group)];
  g.error.add(predicted - truth, weight, person);
  g.absolute.add(std::abs(predicted - truth), weight, person);
}

NumberCells& NumberCells::operator+=(const NumberCells& other) {
  ensure(other.groups() == groups(), "cells of the same rows' shards");
  for (std::size_t g = 0; g < groups_.size(); ++g) groups_[g] += other.groups_[g];
  return *this;
}

NumberErrors NumberCells::all_but(std::int64_t group) const {
  NumberErrors all;
  for (std::int64_t g = 0; g < groups(); ++g)
    if (g != group) all += of(g);
  return all;
}

Measured mean_absolute_error(const NumberErrors& errors, std::int64_t min_rows) {
  return mean_of(errors.absolute, min_rows, Bounds{0, std::numeric_limits<double>::infinity()});
}

Measured bias(const NumberErrors& errors, std::int64_t min_rows) { return mean_of(errors.error, min_rows); }

}  // namespace evenface::stats
