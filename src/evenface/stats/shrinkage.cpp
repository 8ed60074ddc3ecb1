#include "evenface/stats/shrinkage.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/tools/minima.hpp>
#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/stats/interval.h"

namespace evenface::stats {
namespace {

using Groups = std::span<const GroupCount>;

// The range of rho looked at, as logits: from a spread that no test set shows to groups that are all right or all
// wrong.
constexpr double kLeast = -14, kMost = 6, kStep = 0.5;
constexpr int kBits = 26;  // of Brent's minimum, half of a double's: beyond them the function is flat

double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double logit(double p) { return std::log(p / (1 - p)); }

GroupCount pooled(Groups groups) {
  GroupCount all;
  for (const GroupCount& g : groups) all.n += g.n, all.right += g.right;
  return all;
}

/// Of the beta-binomial, but for a constant.
double log_likelihood(Groups groups, double rate, double rho) {
  const double strength = (1 - rho) / rho, a = rate * strength, b = (1 - rate) * strength;
  double sum = 0;
  for (const GroupCount& g : groups)
    sum += std::lgamma(g.right + a) + std::lgamma(g.n - g.right + b) - std::lgamma(g.n + strength);
  return sum + static_cast<double>(groups.size()) * (std::lgamma(strength) - std::lgamma(a) - std::lgamma(b));
}

/// The mean that is likeliest at this rho, and how likely.
std::pair<double, double> best_mean(Groups groups, double rho) {
  constexpr double kWidest = 25;
  const auto [at, cost] = boost::math::tools::brent_find_minima(
      [&](double x) { return -log_likelihood(groups, logistic(x), rho); }, -kWidest, kWidest, kBits);
  return {logistic(at), -cost};
}

RatePrior by_likelihood(Groups groups) {
  const auto cost = [&](double x) { return -best_mean(groups, logistic(x)).second; };
  double best = kLeast, least = cost(kLeast);
  for (double x = kLeast + kStep; x <= kMost; x += kStep)
    if (const double c = cost(x); c < least) best = x, least = c;
  const GroupCount all = pooled(groups);
  if (best == kLeast) return {all.rate(), 0};
  const double at = boost::math::tools::brent_find_minima(cost, best - kStep, best + kStep, kBits).first;
  return {best_mean(groups, logistic(at)).first, logistic(at)};
}

RatePrior by_moments(Groups groups) {
  const GroupCount all = pooled(groups);
  const double p = all.rate(), sampling = p * (1 - p);
  double spread = 0, within = 0, between = 0;
  for (const GroupCount& g : groups) {
    spread += g.n * (g.rate() - p) * (g.rate() - p);
    within += 1 - g.n / all.n, between += g.n * (1 - g.n / all.n);
  }
  const double rho = (spread - sampling * within) / (sampling * (between - within));
  // Rows of one each leave nothing between groups and sampling to tell apart.
  return {p, between > within ? std::clamp(rho, 0.0, 1.0) : 0};
}

/// A point of the prior's two parameters, and its posterior probability.
struct Node {
  double rate, strength, weight;
};

/// The posterior of the prior's parameters: logit rho evenly, and around the mean that pools the rates at that rho.
std::vector<Node> posterior(Groups groups) {
  constexpr double kReach = 5, kMeanStep = 1;
  const GroupCount all = pooled(groups);
  const double centre = (all.right + 0.5) / (all.n + 1);
  std::vector<Node> nodes;
  double highest = -std::numeric_limits<double>::infinity();
  for (double x = kLeast; x <= kMost; x += kStep) {
    const double rho = logistic(x);
    double information = 0;
    for (const GroupCount& g : groups) information += g.n / (1 + std::max(0.0, g.n - 1) * rho);
    const double width = 1 / std::sqrt(information * centre * (1 - centre));
    for (double z = -kReach; z <= kReach; z += kMeanStep) {
      const double rate = logistic(logit(centre) + z * width);
      // The prior is uniform in rate and rho, the grid in their logits.
      const double density = std::log(rate * (1 - rate) * width * rho * (1 - rho));
      // A rate that rounds to 0 or 1 has no likelihood that is a number; it weighs nothing.
      const double weight = log_likelihood(groups, rate, rho) + density;
      nodes.push_back({rate, (1 - rho) / rho, std::isnan(weight) ? -std::numeric_limits<double>::infinity() : weight});
      highest = std::max(highest, nodes.back().weight);
    }
  }
  double sum = 0;
  for (Node& node : nodes) sum += node.weight = std::exp(node.weight - highest);
  for (Node& node : nodes) node.weight /= sum;
  return nodes;
}

/// The beta distribution with the two moments of the group's rate over all nodes.
Interval posterior_interval(const GroupCount& group, const std::vector<Node>& nodes, double level) {
  const auto mean_at = [&](const Node& node) {
    return (group.right + node.rate * node.strength) / (group.n + node.strength);
  };
  double mean = 0, variance = 0;
  for (const Node& node : nodes) mean += node.weight * mean_at(node);
  for (const Node& node : nodes) {
    const double m = mean_at(node);
    variance += node.weight * ((m - mean) * (m - mean) + m * (1 - m) / (group.n + node.strength + 1));
  }
  const double rows = mean * (1 - mean) / variance - 1;
  const boost::math::beta_distribution<> rate(mean * rows, (1 - mean) * rows);
  return {boost::math::quantile(rate, (1 - level) / 2), boost::math::quantile(rate, 0.5 + level / 2)};
}

}  // namespace

double RatePrior::strength() const { return rho > 0 ? (1 - rho) / rho : std::numeric_limits<double>::infinity(); }

RatePrior fit_prior(std::span<const GroupCount> groups, PriorFit fit) {
  require(groups.size() >= 2, "how far rates spread needs two groups", groups.size());
  for (const GroupCount& g : groups)
    require(0 <= g.right && g.right <= g.n && g.n > 0, "right rows must lie in 0..n, with n above 0", g.right, g.n);
  const GroupCount all = pooled(groups);
  if (all.right <= 0 || all.right >= all.n) return {all.rate(), 0};
  return fit == PriorFit::kMoments ? by_moments(groups) : by_likelihood(groups);
}

Shrinkage shrink(std::span<const GroupCount> groups, double level, PriorFit fit) {
  constexpr std::size_t kLeastGroups = 5;
  require(0 < level && level < 1, "the level must lie between 0 and 1", level);
  Shrinkage shrinkage{.prior = fit_prior(groups, fit)};
  if (groups.size() < kLeastGroups) {
    for (const GroupCount& g : groups)
      shrinkage.rates.push_back(
          not_estimable(std::llround(g.n),
                        fmt::format("{} groups, fewer than the {} that shrinkage needs", groups.size(), kLeastGroups)));
    return shrinkage;
  }
  const auto& [rate, rho] = shrinkage.prior;
  const bool undivided = rate <= 0 || rate >= 1;
  const std::vector<Node> nodes = undivided ? std::vector<Node>{} : posterior(groups);
  for (const GroupCount& g : groups) {
    // right + M rate over n + M, both times rho, so that neither end of rho divides by 0.
    const double value = (rho * g.right + (1 - rho) * rate) / (rho * g.n + 1 - rho);
    const Interval i = undivided ? wilson_interval(g.right, g.n, level) : posterior_interval(g, nodes, level);
    const char* const method = undivided ? "Wilson" : "beta-binomial posterior";
    shrinkage.rates.push_back(
        {value, Interval{std::min(i.low, value), std::max(i.high, value)}, std::llround(g.n), method, {}});
  }
  return shrinkage;
}

}  // namespace evenface::stats
