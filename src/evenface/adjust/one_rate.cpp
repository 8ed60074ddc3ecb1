#include <algorithm>

#include "evenface/adjust/hull.h"
#include "evenface/adjust/thresholds.h"

// Demographic parity and equal opportunity: the groups share one rate.
namespace evenface::adjust {
namespace {

/// Over the common rate: the most that the group's decisions can be worth.
std::vector<Vertex> worth_hull(const RocCurve& curve, Criterion criterion, Worth worth) {
  std::vector<Vertex> points;
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const auto& [false_positives, true_positives, cut] = curve.points[i];
    const double rate = criterion == Criterion::kParity ? (false_positives + true_positives) / curve.total()
                                                        : true_positives / curve.positives;
    points.push_back(
        {rate, worth.per_positive * true_positives + worth.per_negative * (curve.negatives - false_positives), i});
  }
  return upper_hull(std::move(points));
}

std::vector<double> corners(const std::vector<std::vector<Vertex>>& hulls) {
  std::vector<double> rates;
  for (const auto& hull : hulls)
    for (const Vertex& v : hull) rates.push_back(v.x);
  std::ranges::sort(rates);
  rates.erase(std::unique(rates.begin(), rates.end()), rates.end());
  return rates;
}

}  // namespace

Solution share_one_rate(const std::vector<RocCurve>& curves, Criterion criterion, Worth worth, std::int64_t grid) {
  std::vector<std::vector<Vertex>> hulls;
  for (const RocCurve& curve : curves) hulls.push_back(worth_hull(curve, criterion, worth));
  const std::vector<double> rates = grid > 0 ? multiples(grid) : corners(hulls);
  std::vector<double> values;
  for (const double rate : rates) {
    double sum = 0;
    for (const auto& hull : hulls) sum += place_at(hull, rate).y;
    values.push_back(sum);
  }

  Solution solution{rates[best_of(values)], {}};
  for (std::size_t g = 0; g < curves.size(); ++g) {
    const auto& hull = hulls[g];
    const Place at = place_at(hull, solution.common_rate);
    std::vector<Step> steps;
    add_step(steps, 1 - at.share, curves[g].points[hull[at.left].source].cut);
    if (at.share > 0) add_step(steps, at.share, curves[g].points[hull[at.left + 1].source].cut);
    solution.steps.push_back(std::move(steps));
  }
  return solution;
}

}  // namespace evenface::adjust
