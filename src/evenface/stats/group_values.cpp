#include "evenface/stats/group_values.h"

#include <algorithm>
#include <cmath>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/stats/variance.h"

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

constexpr const char* kNothingVaries = "no interval, as nothing varies within a group";

/// Whether a group has a variance that is more than rounding.
bool varies(std::span<const GroupValue> groups) { return without_rounding(mean_variance(groups)) > 0; }

/// Each group's variance, with at least the variance per row of all rows together.
std::vector<double> floored_variances(std::span<const GroupValue> groups) {
  double rows = 0, of_all_rows = 0;
  for (const GroupValue& g : groups) rows += g.n, of_all_rows += g.n * g.n * g.variance;
  std::vector<double> variances;
  for (const GroupValue& g : groups)
    variances.push_back(g.n > 0 ? std::max(g.variance, of_all_rows / rows / g.n) : g.variance);
  return variances;
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

/// The spread of values that are drawn anew, less the noise that they then hold twice.
double drawn_spread(std::span<const std::vector<GroupValue>> runs, Stream stream) {
  std::vector<double> errors(runs.front().size());
  for (double& e : errors) e = stream.normal();
  double variance = 0;
  for (std::vector<GroupValue> run : runs) {
    for (std::size_t g = 0; g < run.size(); ++g) {
      run[g].value += std::sqrt(run[g].variance) * errors[g];
      run[g].variance *= 2;
    }
    variance += corrected_variance(run) / static_cast<double>(runs.size());
  }
  return spread_of(variance);
}

/// Each group's value and variance, mean over runs.
std::vector<GroupValue> means_of(std::span<const std::vector<GroupValue>> runs) {
  std::vector<GroupValue> means(runs.front().size());
  const auto m = static_cast<double>(runs.size());
  for (const auto& run : runs)
    for (std::size_t g = 0; g < means.size(); ++g)
      means[g].value += run[g].value / m, means[g].variance += run[g].variance / m, means[g].n += run[g].n / m;
  return means;
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

void as_noisy_by_row(GroupValue& a, GroupValue& b) {
  const double of_a = a.variance;
  a.variance = std::max(a.variance, b.variance * b.n / a.n), b.variance = std::max(b.variance, of_a * a.n / b.n);
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
  Estimate e{spread_of(corrected_variance(groups)), std::nullopt, rows_in(groups), kNothingVaries, {}};
  if (!varies(groups)) return e;
  e.interval = spread_interval(squares_about_mean(groups), floored_variances(groups), level);
  e.method = "noncentral chi-square";
  return e;
}

Estimate corrected_spread(std::span<const std::vector<GroupValue>> runs, double level, std::int64_t draws,
                          std::uint64_t seed) {
  require(runs.size() >= 2 && draws >= 2, "a spread over runs needs two of them, and two draws", runs.size(), draws);
  const auto m = static_cast<double>(runs.size());
  double variance = 0;
  std::vector<double> each, drawn;
  for (const auto& run : runs) {
    variance += corrected_variance(run) / m;
    each.push_back(spread_of(corrected_variance(run)));
  }
  for (std::int64_t i = 0; i < draws; ++i)
    drawn.push_back(drawn_spread(runs, Stream(seed, "spread of values", {static_cast<std::uint64_t>(i)})));
  const double value = spread_of(variance), se = std::sqrt(std::max(sample_variance(drawn), sample_variance(each) / m));
  const double half = t_quantile(0.5 + level / 2, m - 1) * se;
  Estimate e{
      value, Interval{value - half, value + half}, rows_in(runs.front()), "rows or seeds, whichever vary more, t", {}};
  bound_from_below(e, corrected_spread(means_of(runs), level));
  drop_without_width(e);
  return e;
}

void bound_from_below(Estimate& spread, const Estimate& of_means) {
  double& low = spread.interval->low;
  low = std::max(0.0, of_means.interval ? std::min(low, of_means.interval->low) : low);
}

Estimate mean_over_groups(std::span<const GroupValue> groups, const Bounds& bounds, double level) {
  require_two(groups);
  const double mean = mean_of(groups);
  Estimate e{mean, std::nullopt, rows_in(groups), kNothingVaries, {}};
  if (!varies(groups)) return e;
  double variance = 0;
  for (const double v : floored_variances(groups)) variance += v;
  const double half = normal_quantile(0.5 + level / 2) * std::sqrt(variance) / static_cast<double>(groups.size());
  e.interval = Interval{std::max(bounds.low, mean - half), std::min(bounds.high, mean + half)};
  e.method = "stratified normal";
  return e;
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
