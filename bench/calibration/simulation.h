#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "evenface/core/parallel.h"
#include "evenface/core/random.h"

namespace evenface::calibration {

/// How much is simulated. The full size takes about a quarter of an hour on two cores.
struct Effort {
  double scale = 1;  ///< of the number of simulated data sets
  int threads = 1;

  std::int64_t draws(std::int64_t full) const { return std::max<std::int64_t>(20, std::llround(scale * double(full))); }
};

/// A mean over simulated data sets, of 0 and 1 where a share is meant, with its Monte-Carlo standard error.
struct Mean {
  std::int64_t draws = 0;
  double sum = 0, squares = 0;

  void add(double value) { ++draws, sum += value, squares += value * value; }
  Mean& operator+=(const Mean& other) {
    draws += other.draws, sum += other.sum, squares += other.squares;
    return *this;
  }
  double value() const { return sum / static_cast<double>(draws); }
  double standard_error() const {
    const auto n = static_cast<double>(draws);
    return std::sqrt(std::max(0.0, squares / n - value() * value()) / n);
  }
  /// Where the figure is 0 or 1: at a share of 0 or 1 that of one exception, so that it is never 0.
  double error_of_share() const { return std::max(standard_error(), 1 / static_cast<double>(draws)); }
};

template <std::size_t N>
using Means = std::array<Mean, N>;

/// Means of the N figures that `body(Stream&)` returns as an array<double, N>, over `draws` calls. Data set i of a
/// setting is addressed by (question, setting, i): the result does not depend on the thread count.
template <std::size_t N, class Body>
Means<N> simulate(std::string_view question, std::uint64_t setting, std::int64_t draws, int threads, Body body) {
  return parallel_reduce(
      draws, 16, threads, Means<N>{},
      [&](std::int64_t begin, std::int64_t end) {
        Means<N> means;
        for (std::int64_t i = begin; i < end; ++i) {
          Stream stream(1, question, {setting, static_cast<std::uint64_t>(i)});
          const std::array<double, N> figures = body(stream);
          for (std::size_t f = 0; f < N; ++f) means[f].add(figures[f]);
        }
        return means;
      },
      [](Means<N> all, const Means<N>& part) {
        for (std::size_t f = 0; f < N; ++f) all[f] += part[f];
        return all;
      });
}

}  // namespace evenface::calibration
