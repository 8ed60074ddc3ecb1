#include "evenface/stats/differentials.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "evenface/core/error.h"

namespace evenface::stats {
namespace {

double range_of(std::span<const double> rates) { return std::ranges::max(rates) - std::ranges::min(rates); }

double ratio_of(std::span<const double> rates) { return std::ranges::max(rates) / std::ranges::min(rates); }

double gini(std::span<const double> rates) {
  const auto n = static_cast<double>(rates.size());
  double apart = 0, sum = 0;
  for (const double a : rates) {
    sum += a;
    for (const double b : rates) apart += std::abs(a - b);
  }
  return n / (n - 1) * apart / (2 * n * sum);
}

/// The rates of the compared groups and their simultaneous intervals.
struct Rates {
  std::vector<double> values;
  std::vector<Interval> intervals;
};

/// How far the ends of the intervals reach.
struct Ends {
  double max_low, min_low, max_high, min_high;
};

Ends ends_of(const Rates& r) {
  const auto [min_low, max_low] = std::ranges::minmax_element(r.intervals, {}, &Interval::low);
  const auto [min_high, max_high] = std::ranges::minmax_element(r.intervals, {}, &Interval::high);
  return {max_low->low, min_low->low, max_high->high, min_high->high};
}

/// The least and greatest max - min of rates within their intervals.
Interval range_within(const Rates& r) {
  const Ends e = ends_of(r);
  return {std::max(0.0, e.max_low - e.min_high), e.max_high - e.min_low};
}

/// The same of max / min; the intervals lie above 0.
Interval ratio_within(const Rates& r) {
  const Ends e = ends_of(r);
  return {std::max(1.0, e.max_low / e.min_high), e.max_high / e.min_low};
}

/// The same of the Gini coefficient. Of rates with a given sum the most equal ones are those drawn to one
/// level as far as their intervals allow; between the ends of intervals the coefficient is monotone in that
/// level, so the least one is at an end. It is quasi-convex, so the greatest one is at a corner.
Interval gini_within(const Rates& r) {
  const std::size_t k = r.values.size();
  std::vector<double> at(k);
  Interval range{1, 0};
  for (const Interval& i : r.intervals)
    for (const double level : {i.low, i.high}) {
      for (std::size_t g = 0; g < k; ++g) at[g] = std::clamp(level, r.intervals[g].low, r.intervals[g].high);
      if (const double G = gini(at); G < range.low) range.low = G;
    }
  for (std::uint64_t corner = 0; corner < std::uint64_t{1} << k; ++corner) {
    for (std::size_t g = 0; g < k; ++g) at[g] = corner >> g & 1 ? r.intervals[g].high : r.intervals[g].low;
    if (const double G = gini(at); G > range.high) range.high = G;
  }
  return range;
}

Estimate estimate(double value, Interval interval, std::int64_t n) {
  return {
      value, Interval{std::min(interval.low, value), std::max(interval.high, value)}, n, "simultaneous intervals", {}};
}

bool some_zero(const Rates& r) { return std::ranges::min(r.values) == 0; }
bool all_zero(const Rates& r) { return std::ranges::max(r.values) == 0; }

Estimate ir_of(const Rates& fmr, const Rates& fnmr, double alpha, std::int64_t n) {
  for (const auto& [rates, name] : {std::pair(&fmr, "false match"), std::pair(&fnmr, "false non-match")})
    if (some_zero(*rates)) return not_estimable(n, fmt::format("a group's {} rate is 0, by which IR divides", name));
  const Interval a = ratio_within(fmr), b = ratio_within(fnmr);
  return estimate(
      inequity_rate(fmr.values, fnmr.values, alpha),
      {std::pow(a.low, alpha) * std::pow(b.low, 1 - alpha), std::pow(a.high, alpha) * std::pow(b.high, 1 - alpha)}, n);
}

Estimate garbe_of(const Rates& fmr, const Rates& fnmr, double alpha, std::int64_t n) {
  constexpr std::size_t kMostGroups = 16;
  for (const auto& [rates, name] : {std::pair(&fmr, "false match"), std::pair(&fnmr, "false non-match")})
    if (all_zero(*rates)) return not_estimable(n, fmt::format("every group's {} rate is 0", name));
  const double value = garbe(fmr.values, fnmr.values, alpha);
  if (fmr.values.size() > kMostGroups)
    return {value, std::nullopt, n, fmt::format("no interval for more than {} groups", kMostGroups), {}};
  const Interval a = gini_within(fmr), b = gini_within(fnmr);
  return estimate(value, {alpha * a.low + (1 - alpha) * b.low, alpha * a.high + (1 - alpha) * b.high}, n);
}

}  // namespace

double fairness_discrepancy_rate(std::span<const double> fmr, std::span<const double> fnmr, double alpha) {
  return 1 - (alpha * range_of(fmr) + (1 - alpha) * range_of(fnmr));
}

double inequity_rate(std::span<const double> fmr, std::span<const double> fnmr, double alpha) {
  return std::pow(ratio_of(fmr), alpha) * std::pow(ratio_of(fnmr), 1 - alpha);
}

double garbe(std::span<const double> fmr, std::span<const double> fnmr, double alpha) {
  return alpha * gini(fmr) + (1 - alpha) * gini(fnmr);
}

Differentials differentials(std::span<const Measured> fmr, std::span<const Measured> fnmr, double alpha, double level) {
  require(0 <= alpha && alpha <= 1, "alpha must lie between 0 and 1", alpha);
  ensure(fmr.size() == fnmr.size(), "both rates of every group");
  std::vector<std::size_t> judged;
  std::int64_t n = 0;
  for (std::size_t g = 0; g < fmr.size(); ++g)
    if (fmr[g].estimable() && fnmr[g].estimable()) judged.push_back(g), n += fmr[g].n + fnmr[g].n;
  if (judged.size() < 2) {
    const Estimate none = not_estimable(n, "fewer than two groups have both rates");
    return {none, none, none};
  }
  const double each = 1 - (1 - level) / (2 * static_cast<double>(judged.size()));
  Rates matches, non_matches;
  for (const std::size_t g : judged) {
    matches.values.push_back(*fmr[g].value), matches.intervals.push_back(fmr[g].interval(each));
    non_matches.values.push_back(*fnmr[g].value), non_matches.intervals.push_back(fnmr[g].interval(each));
  }
  const Interval a = range_within(matches), b = range_within(non_matches);
  return {estimate(fairness_discrepancy_rate(matches.values, non_matches.values, alpha),
                   {1 - (alpha * a.high + (1 - alpha) * b.high), 1 - (alpha * a.low + (1 - alpha) * b.low)}, n),
          ir_of(matches, non_matches, alpha, n), garbe_of(matches, non_matches, alpha, n)};
}

}  // namespace evenface::stats
