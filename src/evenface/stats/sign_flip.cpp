#include "evenface/stats/sign_flip.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <vector>

namespace evenface::stats {
namespace {

constexpr double kNegligible = 1e-40;

/// Probabilities of from, from + 1, ...
struct Distribution {
  std::int64_t from;
  std::vector<double> p;
};

/// Heads of `n` fair coins, without the tails that are negligible.
Distribution fair_coins(std::int64_t n) {
  const std::int64_t mode = n / 2;
  std::vector<double> up{1};  // P(mode + i) / P(mode)
  for (std::int64_t k = mode; k < n && up.back() > kNegligible; ++k)
    up.push_back(up.back() * static_cast<double>(n - k) / static_cast<double>(k + 1));
  std::vector<double> p;  // from below the mode upwards
  double ratio = 1;
  for (std::int64_t k = mode; k > 0 && ratio > kNegligible; --k)
    p.push_back(ratio *= static_cast<double>(k) / static_cast<double>(n - k + 1));
  const std::int64_t from = mode - static_cast<std::int64_t>(p.size());
  std::ranges::reverse(p);
  p.insert(p.end(), up.begin(), up.end());
  double sum = 0;
  for (const double x : p) sum += x;
  for (double& x : p) x /= sum;
  return {from, std::move(p)};
}

/// The sum of `a` and `step` times `b`.
Distribution plus(const Distribution& a, const Distribution& b, std::int64_t step) {
  Distribution sum{a.from + step * b.from,
                   std::vector<double>(a.p.size() + static_cast<std::size_t>(step) * (b.p.size() - 1))};
  for (std::size_t j = 0; j < b.p.size(); ++j)
    for (std::size_t i = 0; i < a.p.size(); ++i) sum.p[i + j * static_cast<std::size_t>(step)] += a.p[i] * b.p[j];
  const auto matters = [](double p) { return p > kNegligible; };
  const auto first = std::ranges::find_if(sum.p, matters);
  sum.from += first - sum.p.begin();
  sum.p.erase(sum.p.begin(), first);
  while (!matters(sum.p.back())) sum.p.pop_back();
  return sum;
}

}  // namespace

double sign_flip_p(std::span<const std::int64_t> changes) {
  std::map<std::int64_t, std::int64_t> persons;  // by the size of their change
  std::int64_t sum = 0, sizes = 0;
  for (const std::int64_t d : changes)
    if (d != 0) ++persons[std::abs(d)], sum += d, sizes += std::abs(d);
  Distribution upwards{0, {1}};  // the changes whose sign is positive
  for (const auto& [size, n] : persons) upwards = plus(upwards, fair_coins(n), size);
  const std::int64_t reached = (sizes + std::abs(sum)) / 2;
  double tail = 0;
  for (std::size_t i = upwards.p.size(); i-- > 0 && upwards.from + static_cast<std::int64_t>(i) >= reached;)
    tail += upwards.p[i];
  return std::clamp(2 * tail, 1e-30, 1.0);
}

}  // namespace evenface::stats
