#include "evenface/stats/group_values.h"

#include <algorithm>
#include <cmath>

#include "evenface/core/error.h"

namespace evenface::stats {
namespace {

void require_two(std::span<const GroupValue> groups) {
  require(groups.size() >= 2, "a disparity needs at least two estimable groups", groups.size());
}

double mean_of(std::span<const GroupValue> groups) {
  double sum = 0;
  for (const GroupValue& g : groups) sum += g.value;
  return sum / static_cast<double>(groups.size());
}

double squares_about_mean(std::span<const GroupValue> groups) {
  const double mean = mean_of(groups);
  double sum = 0;
  for (const GroupValue& g : groups) sum += (g.value - mean) * (g.value - mean);
  return sum;
}

double mean_variance(std::span<const GroupValue> groups) {
  double sum = 0;
  for (const GroupValue& g : groups) sum += g.variance;
  return sum / static_cast<double>(groups.size());
}

std::pair<double, double> extremes(std::span<const GroupValue> groups) {
  require_two(groups);
  const auto [low, high] = std::ranges::minmax_element(groups, {}, &GroupValue::value);
  return {low->value, high->value};
}

std::int64_t rows_in(std::span<const GroupValue> groups) {
  double n = 0;
  for (const GroupValue& g : groups) n += g.n;
  return std::llround(n);
}

/// The highest and lowest ends of intervals.
struct Ends {
  double max_low, min_low, max_high, min_high;
};

Ends ends_of(std::span<const Interval> intervals) {
  const auto [min_low, max_low] = std::ranges::minmax_element(intervals, {}, &Interval::low);
  const auto [min_high, max_high] = std::ranges::minmax_element(intervals, {}, &Interval::high);
  return {max_low->low, min_low->low, max_high->high, min_high->high};
}

}  // namespace

GroupValue value_of(const GroupCount& group) {
  require(group.n > 1, "the sampling variance of a rate needs two rows", group.n);
  return {group.rate(), group.rate() * (1 - group.rate()) / (group.n - 1), group.n};
}

std::vector<GroupValue> values_of(std::span<const GroupCount> groups) {
  std::vector<GroupValue> values;
  for (const GroupCount& g : groups) values.push_back(value_of(g));
  return values;
}

double gap(std::span<const GroupValue> groups) {
  const auto [low, high] = extremes(groups);
  return high - low;
}

double min_max_ratio(std::span<const GroupValue> groups) {
  const auto [low, high] = extremes(groups);
  return high != 0 ? low / high : 1;
}

double population_sd(std::span<const GroupValue> groups) {
  require_two(groups);
  return std::sqrt(squares_about_mean(groups) / static_cast<double>(groups.size()));
}

double corrected_variance(std::span<const GroupValue> groups) {
  require_two(groups);
  const auto k = static_cast<double>(groups.size());
  return (k - 1) / k * (squares_about_mean(groups) / (k - 1) - mean_variance(groups));
}

Estimate corrected_spread(std::span<const GroupValue> groups, double level) {
  Estimate e{spread_of(corrected_variance(groups)), std::nullopt, rows_in(groups), {}, {}};
  if (const double v = mean_variance(groups); v > 0) {
    e.interval = spread_interval(squares_about_mean(groups) / v, static_cast<std::int64_t>(groups.size()), v, level);
    e.method = "noncentral chi-square";
  }
  return e;
}

Estimate mean_over_groups(std::span<const GroupValue> groups, double level) {
  require_two(groups);
  const double half =
      normal_quantile(0.5 + level / 2) * std::sqrt(mean_variance(groups) / static_cast<double>(groups.size()));
  const double mean = mean_of(groups);
  return {mean, Interval{mean - half, mean + half}, rows_in(groups), "stratified normal", {}};
}

Estimate gap_within(std::span<const GroupValue> groups, std::span<const Interval> simultaneous) {
  Estimate e{gap(groups), std::nullopt, rows_in(groups), "simultaneous intervals", {}};
  if (simultaneous.size() < groups.size()) return e;
  e.interval = gap_interval(simultaneous);
  return e;
}

Estimate ratio_within(std::span<const GroupValue> groups, std::span<const Interval> simultaneous) {
  Estimate e{min_max_ratio(groups), std::nullopt, rows_in(groups), "simultaneous intervals", {}};
  if (simultaneous.size() < groups.size()) return e;
  const Ends ends = ends_of(simultaneous);
  if (ends.max_high > 0 && ends.min_low >= 0)
    e.interval =
        Interval{ends.min_low / ends.max_high, ends.max_low > 0 ? std::min(1.0, ends.min_high / ends.max_low) : 1.0};
  return e;
}

}  // namespace evenface::stats
