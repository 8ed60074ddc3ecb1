#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "evenface/core/error.h"
#include "evenface/core/random.h"

namespace evenface {
namespace {

/// log k! - [(k + 1/2) log(k + 1) - (k + 1) + log(2 pi)/2]: what Stirling's formula about k + 1 leaves out.
double stirling_remainder(double k) {
  constexpr std::array kSmall{0.08106146679532726,  0.04134069595540929,  0.02767792568499834, 0.02079067210376509,
                              0.01664469118982119,  0.01387612882307075,  0.01189670994589177, 0.01041126526197210,
                              0.009255462182712733, 0.008330563433362871, 0.007573675487951841};
  if (k < kSmall.size()) return kSmall[static_cast<std::size_t>(k)];
  const double x = k + 1, square = x * x;
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / square) / square) / square) / x;
}

/// log(a! / b!), to about 1e-12 whatever their size as long as |a - b| is small: the difference of two
/// log factorials would lose what they have in common.
double log_factorial_ratio(double a, double b) {
  return (a - b) * (std::log(b + 1) - 1) + (a + 0.5) * std::log1p((a - b) / (b + 1)) + stirling_remainder(a) -
         stirling_remainder(b);
}

/// Adds up the probabilities of 0..most from that of 0 and the ratios P(x + 1) / P(x), for means under 10.
template <class Ratio>
std::int64_t invert(Stream& stream, double none, double most, Ratio ratio) {
  // P(X > 110) < 1e-75. What lies beyond is reached by rounding alone, and is drawn again.
  const double last = std::min(most, 110.0);
  for (;;) {
    double left = stream.uniform(), probability = none;
    for (double x = 0; x <= last; ++x) {
      if (left < probability) return static_cast<std::int64_t>(x);
      left -= probability;
      probability *= ratio(x);
    }
  }
}

/// trials * p < 10, p <= 1/2.
std::int64_t binomial_by_inversion(Stream& stream, std::int64_t trials, double p) {
  const auto n = static_cast<double>(trials);
  const double odds = p / (1 - p);
  return invert(stream, std::exp(n * std::log1p(-p)), n, [&](double x) { return (n - x) * odds / (x + 1); });
}

/// BTRS, transformed rejection with squeeze (Hoermann 1993, J Stat Comput Simul 46:101). trials * p >= 10, p <= 1/2.
std::int64_t binomial_by_rejection(Stream& stream, std::int64_t trials, double p) {
  const auto n = static_cast<double>(trials);
  const double sd = std::sqrt(n * p * (1 - p));
  const double b = 1.15 + 2.53 * sd, a = -0.0873 + 0.0248 * b + 0.01 * p, centre = n * p + 0.5;
  const double squeeze = 0.92 - 4.2 / b;
  for (;;) {
    const double u = stream.uniform() - 0.5, v = stream.uniform();
    const double distance = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / distance + b) * u + centre);
    if (distance >= 0.07 && v <= squeeze) return static_cast<std::int64_t>(k);
    if (!(0 <= k && k <= n)) continue;  // distance 0 makes k infinite or no number
    const double alpha = (2.83 + 5.1 / b) * sd, mode = std::floor((n + 1) * p);
    const double relative = log_factorial_ratio(mode, k) + log_factorial_ratio(n - mode, n - k) +
                            (k - mode) * std::log(p / (1 - p));  // log of P(k) / P(mode)
    if (std::log(v * alpha / (a / (distance * distance) + b)) <= relative) return static_cast<std::int64_t>(k);
  }
}

/// HRUA, ratio of uniforms (Stadlober 1990, J Comput Appl Math 31:181). marked and drawn <= total / 2.
std::int64_t hypergeometric_by_ratio(Stream& stream, double total, double marked, double drawn) {
  const double share = marked / total, mean = drawn * share;
  const double variance = mean * (1 - share) * (total - drawn) / (total - 1);
  const double width =
      2 * std::sqrt(2 / std::numbers::e) * std::sqrt(variance + 0.5) + 3 - 2 * std::sqrt(3 / std::numbers::e);
  const double mode = std::floor((drawn + 1) * (marked + 1) / (total + 2));
  const double most = std::min(marked, drawn), others = total - marked - drawn;
  for (;;) {
    const double u = 1 - stream.uniform();
    const double k = std::floor(mean + 0.5 + width * (stream.uniform() - 0.5) / u);
    if (!(0 <= k && k <= most)) continue;
    const double relative = log_factorial_ratio(mode, k) + log_factorial_ratio(marked - mode, marked - k) +
                            log_factorial_ratio(drawn - mode, drawn - k) +
                            log_factorial_ratio(others + mode, others + k);
    if (2 * std::log(u) <= relative) return static_cast<std::int64_t>(k);
  }
}

/// Adds up the probabilities from 0. few * many / total <= 10, few <= many <= total / 2.
std::int64_t hypergeometric_by_inversion(Stream& stream, double total, double many, double few) {
  const double none =
      std::exp(log_factorial_ratio(total - many, total - many - few) - log_factorial_ratio(total, total - few));
  const double others = total - many - few;
  return invert(stream, none, few, [&](double x) { return (many - x) * (few - x) / ((x + 1) * (others + x + 1)); });
}

}  // namespace

std::int64_t Stream::binomial(std::int64_t trials, double p) {
  if (trials <= 0 || p <= 0) return 0;
  if (p >= 1) return trials;
  if (p > 0.5) return trials - binomial(trials, 1 - p);
  if (static_cast<double>(trials) * p < 10) return binomial_by_inversion(*this, trials, p);
  return binomial_by_rejection(*this, trials, p);
}

std::int64_t Stream::hypergeometric(std::int64_t total, std::int64_t marked, std::int64_t drawn) {
  ensure(0 <= marked && marked <= total && 0 <= drawn && drawn <= total, "a possible hypergeometric draw");
  if (drawn > total - drawn) return marked - hypergeometric(total, marked, total - drawn);
  if (marked > total - marked) return drawn - hypergeometric(total, total - marked, drawn);
  const auto n = static_cast<double>(total);
  const auto [few, many] = std::minmax({static_cast<double>(marked), static_cast<double>(drawn)});
  return few * many <= 10 * n ? hypergeometric_by_inversion(*this, n, many, few)
                              : hypergeometric_by_ratio(*this, n, many, few);
}

}  // namespace evenface
