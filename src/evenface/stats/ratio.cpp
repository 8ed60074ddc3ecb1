#include "evenface/stats/ratio.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "evenface/core/error.h"

namespace evenface::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The ends between which each end of the groups' simultaneous intervals lies.
struct Box {
  double max_low = 0, min_low = 1, max_high = 0, min_high = 1;
};

Box simultaneous(std::span<const GroupCount> groups, double level) {
  require(groups.size() >= 2, "a ratio over groups needs at least two estimable groups", groups.size());
  const double each = 1 - (1 - level) / static_cast<double>(groups.size());
  Box box;
  for (const GroupCount& g : groups) {
    const Interval i = wilson_interval(g.right, g.n, each);
    box.max_low = std::max(box.max_low, i.low), box.min_low = std::min(box.min_low, i.low);
    box.max_high = std::max(box.max_high, i.high), box.min_high = std::min(box.min_high, i.high);
  }
  return box;
}

}  // namespace

Interval mover_ratio(double a, Interval of_a, double b, Interval of_b) {
  require(0 <= of_a.low && of_a.low <= a && a <= of_a.high, "an estimate must lie in its interval, above 0", a);
  require(0 <= of_b.low && of_b.low <= b && b <= of_b.high && b > 0, "a divisor must lie in its interval, above 0", b);
  const double ab = a * b;
  const double low_part = of_a.low * (2 * a - of_a.low), high_part = of_b.low * (2 * b - of_b.low);
  // Multiplied out by the other root, so that nothing cancels where 2b is near the upper end of b.
  const double root = std::sqrt(std::max(0.0, ab * ab - low_part * of_b.high * (2 * b - of_b.high)));
  const double low = low_part == 0 ? 0 : low_part / (ab + root);
  const double other = std::sqrt(std::max(0.0, ab * ab - of_a.high * (2 * a - of_a.high) * high_part));
  return {low, high_part == 0 ? kInfinity : (ab + other) / high_part};
}

Interval katz_interval(double x1, double n1, double x2, double n2, double level) {
  require(0 < x1 && x1 <= n1 && 0 < x2 && x2 <= n2, "Katz's interval needs a success in both groups", x1, n1, x2, n2);
  require(0 < level && level < 1, "the level must lie between 0 and 1", level);
  const double ratio = x1 / n1 / (x2 / n2);
  const double factor =
      std::exp(normal_quantile(0.5 + level / 2) * std::sqrt(std::max(0.0, 1 / x1 - 1 / n1 + 1 / x2 - 1 / n2)));
  return {ratio / factor, ratio * factor};
}

Estimate rate_ratio(const GroupCount& first, const GroupCount& second, double level, RatioMethod method) {
  const std::int64_t rows = std::llround(first.n + second.n);
  const Interval a = wilson_interval(first.right, first.n, level);
  const Interval b = wilson_interval(second.right, second.n, level);
  if (second.right <= 0)
    return not_estimable(rows, fmt::format("none of {:.0f} rows to divide by; a ratio has no upper end", second.n));
  const double ratio = first.rate() / second.rate();
  if (method == RatioMethod::kMoverR)
    return {ratio, mover_ratio(first.rate(), a, second.rate(), b), rows, "MOVER-R, Wilson", {}};
  if (first.right <= 0)
    return not_estimable(rows, fmt::format("none of {:.0f} rows, where Katz has no interval; use MOVER-R", first.n));
  // A rate of 1 has no variance here: beside it every other rate would differ.
  for (const GroupCount& g : {first, second})
    if (g.right >= g.n)
      return not_estimable(rows, fmt::format("every one of {:.0f} rows, where Katz has no interval; use MOVER-R", g.n));
  return {ratio, katz_interval(first.right, first.n, second.right, second.n, level), rows, "Katz", {}};
}

Estimate min_max_ratio_estimate(std::span<const GroupCount> groups, double level) {
  const Box box = simultaneous(groups, level);
  if (std::ranges::all_of(groups, [](const GroupCount& g) { return g.right <= 0; }))
    return not_estimable(rows_of(groups), "the rate is 0 in every group");
  return {min_max_ratio(groups),
          Interval{box.min_low / box.max_high, std::min(1.0, box.min_high / box.max_low)},
          rows_of(groups),
          "simultaneous Wilson",
          {}};
}

Estimate error_ratio(std::span<const GroupCount> groups, double level) {
  std::vector<GroupCount> errors(groups.begin(), groups.end());
  for (GroupCount& g : errors) g.right = g.n - g.right;
  const Box box = simultaneous(errors, level);
  const auto [least, most] = std::ranges::minmax_element(errors, {}, &GroupCount::rate);
  if (least->right <= 0)
    return not_estimable(rows_of(groups), fmt::format("a group shows no error among its {:.0f} rows", least->n));
  return {most->rate() / least->rate(),
          Interval{std::max(1.0, box.max_low / box.min_high), box.max_high / box.min_low},
          rows_of(groups),
          "simultaneous Wilson",
          {}};
}

}  // namespace evenface::stats
