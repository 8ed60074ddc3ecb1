#include <algorithm>
#include <limits>

#include "evenface/adjust/hull.h"
#include "evenface/adjust/thresholds.h"

// Equalised odds: the groups share one point of the ROC plane, which every group's hull must reach.
namespace evenface::adjust {
namespace {

using Hulls = std::vector<std::vector<Vertex>>;

Hulls roc_hulls(const std::vector<RocCurve>& curves) {
  Hulls hulls;
  for (const RocCurve& curve : curves) {
    std::vector<Vertex> points;
    for (std::size_t i = 0; i < curve.points.size(); ++i)
      points.push_back(
          {curve.points[i].false_positives / curve.negatives, curve.points[i].true_positives / curve.positives, i});
    hulls.push_back(upper_hull(std::move(points)));
  }
  return hulls;
}

/// The highest true positive rate that every group reaches at this false positive rate.
double lowest_hull(const Hulls& hulls, double rate) {
  double y = 1;
  for (const auto& hull : hulls) y = std::min(y, place_at(hull, rate).y);
  return y;
}

/// A hull over an interval in which none has a corner.
struct Line {
  double start, slope;
  double at(double step) const { return start + slope * step; }
};

/// Where in [low, high] the lowest line less `price` a unit of x is highest. Each step cuts off a part with
/// the line that is lowest where the present two cross (Kelley 1960); in one dimension it ends after at most one
/// step per line.
double best_within(const Hulls& hulls, double low, double high, double price) {
  const double width = high - low;
  std::vector<Line> lines;
  for (const auto& hull : hulls) {
    const double start = place_at(hull, low).y;
    lines.push_back({start, (place_at(hull, high).y - start) / width});
  }
  const auto lowest = [&](double step) {
    return *std::ranges::min_element(lines, [&](const Line& a, const Line& b) {
      return a.at(step) != b.at(step) ? a.at(step) < b.at(step) : a.slope < b.slope;
    });
  };
  Line rising = lowest(0), falling = lowest(width);
  if (rising.slope <= price) return low;
  if (falling.slope >= price) return high;
  double step = 0;
  for (std::size_t i = 0; i <= lines.size(); ++i) {
    step = std::clamp((falling.start - rising.start) / (rising.slope - falling.slope), 0.0, width);
    const Line next = lowest(step);
    constexpr double kRounding = 1e-14;
    if (next.at(step) >= std::min(rising.at(step), falling.at(step)) - kRounding) break;
    (next.slope > price ? rising : falling) = next;
  }
  return low + step;
}

/// The false positive rates where the optimum may lie: corners of the hulls, and beside the best of them
/// the best crossing.
std::vector<double> candidates(const Hulls& hulls, double worth_positive, double worth_negative) {
  std::vector<double> rates;
  for (const auto& hull : hulls)
    for (const Vertex& v : hull) rates.push_back(v.x);
  std::ranges::sort(rates);
  rates.erase(std::unique(rates.begin(), rates.end()), rates.end());
  std::vector<double> values;
  for (const double rate : rates) values.push_back(worth_positive * lowest_hull(hulls, rate) - worth_negative * rate);
  // Concave: the optimum lies in an interval that ends at the best corner.
  const auto best = static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
  const double price = worth_negative / worth_positive;
  const std::vector<double> known = rates;
  if (best > 0) rates.push_back(best_within(hulls, known[best - 1], known[best], price));
  if (best + 1 < known.size()) rates.push_back(best_within(hulls, known[best], known[best + 1], price));
  std::ranges::sort(rates);
  return rates;
}

/// Steps that take a group's hull at `rate` down to the true positive rate `target` by deciding some rows
/// without looking at their score, as many positive as the false positive rate allows (Hardt, Price & Srebro 2016).
std::vector<Step> steps_to(const RocCurve& curve, const std::vector<Vertex>& hull, double rate, double target) {
  const Place at = place_at(hull, rate);
  const double above_chance = at.y - rate;
  const double blind = above_chance > 0 ? std::clamp((at.y - target) / above_chance, 0.0, 1.0) : 0;
  std::vector<Step> steps;
  add_step(steps, (1 - blind) * (1 - at.share), curve.points[hull[at.left].source].cut);
  if (at.share > 0) add_step(steps, (1 - blind) * at.share, curve.points[hull[at.left + 1].source].cut);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  add_step(steps, blind * (1 - rate), {true, kInfinity});
  add_step(steps, blind * rate, {true, -kInfinity});
  return steps;
}

}  // namespace

Solution share_both_rates(const std::vector<RocCurve>& curves, Worth worth, std::int64_t grid) {
  double positives = 0, negatives = 0;
  for (const RocCurve& curve : curves) positives += curve.positives, negatives += curve.negatives;
  const double worth_positive = worth.per_positive * positives, worth_negative = worth.per_negative * negatives;
  const Hulls hulls = roc_hulls(curves);
  const std::vector<double> rates = grid > 0 ? multiples(grid) : candidates(hulls, worth_positive, worth_negative);
  std::vector<double> values;
  for (const double rate : rates) values.push_back(worth_positive * lowest_hull(hulls, rate) - worth_negative * rate);

  Solution solution{rates[best_of(values)], {}};
  const double target = lowest_hull(hulls, solution.common_rate);
  for (std::size_t g = 0; g < curves.size(); ++g)
    solution.steps.push_back(steps_to(curves[g], hulls[g], solution.common_rate, target));
  return solution;
}

}  // namespace evenface::adjust
