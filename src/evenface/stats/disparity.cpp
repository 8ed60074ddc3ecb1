#include "evenface/stats/disparity.h"

#include <algorithm>
#include <cmath>

#include "evenface/core/error.h"
#include "evenface/stats/group_values.h"

namespace evenface::stats {
namespace {

void require_two(std::span<const GroupCount> groups) {
  require(groups.size() >= 2, "a disparity needs at least two estimable groups", groups.size());
}

double mean_rate(std::span<const GroupCount> groups) {
  double sum = 0;
  for (const GroupCount& g : groups) sum += g.rate();
  return sum / static_cast<double>(groups.size());
}

double squares_about_mean(std::span<const GroupCount> groups) {
  const double mean = mean_rate(groups);
  double sum = 0;
  for (const GroupCount& g : groups) sum += (g.rate() - mean) * (g.rate() - mean);
  return sum;
}

std::pair<double, double> extremes(std::span<const GroupCount> groups) {
  require_two(groups);
  const auto [low, high] = std::ranges::minmax_element(groups, {}, &GroupCount::rate);
  return {low->rate(), high->rate()};
}

}  // namespace

std::int64_t rows_of(std::span<const GroupCount> groups) {
  double n = 0;
  for (const GroupCount& g : groups) n += g.n;
  return std::llround(n);
}

double gap(std::span<const GroupCount> groups) {
  const auto [low, high] = extremes(groups);
  return high - low;
}

double min_max_ratio(std::span<const GroupCount> groups) {
  const auto [low, high] = extremes(groups);
  return high > 0 ? low / high : 1;
}

double population_sd(std::span<const GroupCount> groups) {
  require_two(groups);
  return std::sqrt(squares_about_mean(groups) / static_cast<double>(groups.size()));
}

double sampling_variance(std::span<const GroupCount> groups) {
  double sum = 0;
  for (const GroupCount& g : groups) {
    require(g.n > 1, "the sampling variance of a rate needs two rows", g.n);
    sum += g.rate() * (1 - g.rate()) / (g.n - 1);
  }
  return sum / static_cast<double>(groups.size());
}

double corrected_variance(std::span<const GroupCount> groups, int corrections) {
  require_two(groups);
  const auto k = static_cast<double>(groups.size());
  const double sample_variance = squares_about_mean(groups) / (k - 1);
  return (k - 1) / k * (sample_variance - corrections * sampling_variance(groups));
}

double spread_of(double variance) { return std::sqrt(std::max(0.0, variance)); }

Estimate corrected_spread(std::span<const GroupCount> groups, double level) {
  return corrected_spread(values_of(groups), level);
}

double simultaneous_level(double level, std::size_t k) { return 1 - (1 - level) / static_cast<double>(k); }

Interval gap_interval(std::span<const Interval> simultaneous) {
  require(simultaneous.size() >= 2, "a gap needs at least two intervals", simultaneous.size());
  const auto [min_low, max_low] = std::ranges::minmax(simultaneous, {}, &Interval::low);
  const auto [min_high, max_high] = std::ranges::minmax(simultaneous, {}, &Interval::high);
  return {std::max(0.0, max_low.low - min_high.high), max_high.high - min_low.low};
}

Estimate gap_estimate(std::span<const GroupCount> groups, double level) {
  Estimate e{gap(groups), std::nullopt, rows_of(groups), "simultaneous Wilson", {}};
  std::vector<Interval> each;
  for (const GroupCount& g : groups)
    each.push_back(wilson_interval(g.right, g.n, simultaneous_level(level, groups.size())));
  e.interval = gap_interval(each);
  return e;
}

Estimate mean_over_groups(std::span<const GroupCount> groups, double level) {
  require_two(groups);
  const auto k = static_cast<double>(groups.size());
  double mean = 0, variance = 0;
  for (const GroupCount& g : groups) {
    const double n = g.n + 4 / k, p = (g.right + 2 / k) / n;
    mean += p / k, variance += p * (1 - p) / n / (k * k);
  }
  const double half = normal_quantile(0.5 + level / 2) * std::sqrt(variance);
  return {mean_rate(groups),
          Interval{std::max(0.0, mean - half), std::min(1.0, mean + half)},
          rows_of(groups),
          "Price and Bonett",
          {}};
}

Estimate mean_of_estimates(std::span<const Estimate> groups) {
  require(groups.size() >= 2, "a figure over groups needs two groups", groups.size());
  Estimate mean{0.0, std::nullopt, 0, "MOVER of groups", {}};
  std::vector<double> values;
  std::vector<Interval> intervals;
  for (const Estimate& g : groups) {
    values.push_back(*g.value);
    *mean.value += *g.value / static_cast<double>(groups.size()), mean.n += g.n;
    if (g.interval) intervals.push_back(*g.interval);
  }
  if (intervals.size() == values.size()) mean.interval = mover_mean(values, intervals);
  return mean;
}

}  // namespace evenface::stats
