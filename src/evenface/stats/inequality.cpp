#include "evenface/stats/inequality.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "evenface/core/error.h"
#include "evenface/stats/interval.h"

namespace evenface::stats {
namespace {

void require_not_negative(std::span<const double> values) {
  for (const double x : values) require(x >= 0, "inequality is measured of values that aren't negative", x);
}

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double x : values) sum += x;
  return sum / static_cast<double>(values.size());
}

/// What a value adds to the entropy of values whose mean is 1.
double entropy_term(double x, double alpha) {
  if (alpha == 1) return x > 0 ? x * std::log(x) : 0;
  if (alpha == 0) return -std::log(x);
  return (std::pow(x, alpha) - 1) / (alpha * (alpha - 1));
}

/// A distribution over the three benefits 0, 1 and 2.
using Benefits = std::array<double, 3>;

double mean_benefit(const Benefits& share) { return share[1] + 2 * share[2]; }

double entropy_of(const Benefits& share, double alpha) {
  const double mean = mean_benefit(share);
  double sum = 0;
  for (std::size_t b = 0; b < 3; ++b) sum += share[b] * entropy_term(static_cast<double>(b) / mean, alpha);
  return std::max(0.0, sum);
}

/// The variance of one row's influence on the entropy: of its own term, and of its pull on the mean.
double influence_variance(const Benefits& share, double alpha) {
  const double mean = mean_benefit(share);
  double power = 0;  // the mean of x^alpha, or for alpha = 1 of x ln x
  for (std::size_t b = 0; b < 3; ++b) {
    const double x = static_cast<double>(b) / mean;
    power += share[b] * (alpha == 1 ? entropy_term(x, 1) : std::pow(x, alpha));
  }
  const double pull = alpha == 1 ? power + 1 : power / (alpha - 1);  // - d entropy / d ln mean
  double first = 0, second = 0;
  for (std::size_t b = 0; b < 3; ++b) {
    const double x = static_cast<double>(b) / mean, influence = entropy_term(x, alpha) - pull * x;
    first += share[b] * influence, second += share[b] * influence * influence;
  }
  return std::max(0.0, second - first * first);
}

std::vector<double> rates_of(std::span<const GroupCount> groups) {
  require(groups.size() >= 2, "inequality over groups needs at least two estimable groups", groups.size());
  std::vector<double> rates;
  for (const GroupCount& g : groups) rates.push_back(g.rate());
  return rates;
}

Estimate of_rates(std::span<const GroupCount> groups, std::optional<double> value) {
  if (!value) return not_estimable(rows_of(groups), "a rate of 0 leaves nothing to share");
  return {value, std::nullopt, rows_of(groups), {}, {}};
}

}  // namespace

std::optional<double> gini(std::span<const double> values) {
  require(values.size() >= 2, "Gini's coefficient needs two values", values.size());
  require_not_negative(values);
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const auto n = static_cast<double>(sorted.size());
  double differences = 0;  // sum over pairs i < j of x_j - x_i
  for (std::size_t i = 0; i < sorted.size(); ++i) differences += (2 * static_cast<double>(i) - n + 1) * sorted[i];
  const double mean = mean_of(sorted);
  if (mean <= 0) return std::nullopt;
  return std::max(0.0, differences / (n * (n - 1) * mean));
}

std::optional<double> generalized_entropy(std::span<const double> values, double alpha) {
  require(!values.empty(), "an entropy needs a value");
  require_not_negative(values);
  const double mean = mean_of(values);
  if (mean <= 0 || (alpha <= 0 && std::ranges::min(values) <= 0)) return std::nullopt;
  double sum = 0;
  for (const double x : values) sum += entropy_term(x / mean, alpha);
  return std::max(0.0, sum / static_cast<double>(values.size()));
}

Estimate gini_of_rates(std::span<const GroupCount> groups) { return of_rates(groups, gini(rates_of(groups))); }

Estimate entropy_of_rates(std::span<const GroupCount> groups, double alpha) {
  return of_rates(groups, generalized_entropy(rates_of(groups), alpha));
}

Estimate entropy_of_benefits(const Confusion& table, int positive, double alpha, double level) {
  require(alpha > 0, "the entropy of benefits needs alpha above 0, for a benefit of 0 has no logarithm", alpha);
  Benefits mass{};
  CellCount all;
  for (int y = 0; y < table.classes(); ++y)
    for (int h = 0; h <= table.classes(); ++h) {
      const int benefit = (h == positive) - (y == positive) + 1;
      mass[static_cast<std::size_t>(benefit)] += table.at(y, h).mass, all += table.at(y, h);
    }
  const double rows = all.squares > 0 ? all.mass * all.mass / all.squares : 0;
  if (rows <= 0 || mean_benefit(mass) <= 0)
    return not_estimable(all.rows, rows <= 0 ? "no rows" : "no row has a benefit");
  Benefits share{}, smoothed{};
  for (std::size_t b = 0; b < 3; ++b) {
    share[b] = mass[b] / all.mass;
    smoothed[b] = (share[b] * rows + 0.5) / (rows + 1.5);
  }
  const double value = entropy_of(share, alpha);
  const double half = normal_quantile(0.5 + level / 2) * std::sqrt(influence_variance(smoothed, alpha) / rows);
  return {value, Interval{std::max(0.0, value - half), value + half}, std::llround(rows), "delta method", {}};
}

}  // namespace evenface::stats
