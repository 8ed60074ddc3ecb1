#include <cmath>

#include "questions.h"
#include <fmt/format.h>

#include "evenface/stats/disparity.h"
#include "evenface/stats/known_truth.h"
#include "evenface/stats/quantile.h"

namespace evenface::calibration {
namespace {

using stats::GroupCount;
using Figure = double (*)(std::span<const GroupCount>);
constexpr std::array<Figure, 3> kFigures{stats::gap, stats::min_max_ratio, stats::population_sd};

/// A sixth of the skewness of the rows' influences on the figure, by its slope in each group's rate.
double acceleration(Figure figure, const std::vector<GroupCount>& groups) {
  constexpr double kStep = 1e-6;
  double cubes = 0, squares = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    auto moved = groups;
    moved[g].right += kStep * groups[g].n;
    const double slope = (figure(moved) - figure(groups)) / kStep, n = groups[g].n, p = groups[g].rate();
    squares += slope * slope * p * (1 - p) / n;
    cubes += slope * slope * slope * p * (1 - p) * (1 - 2 * p) / (n * n);
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

/// Which figures' 95 % intervals cover their truth when the rows of each group are resampled: percentile, BCa.
std::array<double, 6> covered(const std::vector<double>& rates, std::int64_t n, Stream& s) {
  std::vector<GroupCount> truth;
  for (const double rate : rates) truth.push_back({1, rate});
  const auto seen = stats::draw_groups(rates, n, s);
  std::vector<double> seen_rates;
  for (const auto& g : seen) seen_rates.push_back(g.rate());
  std::array<std::vector<double>, 3> replicates;
  for (int i = 0; i < 400; ++i) {
    const auto drawn = stats::draw_groups(seen_rates, n, s);
    for (std::size_t f = 0; f < 3; ++f) replicates[f].push_back(kFigures[f](drawn));
  }
  std::array<double, 6> result{};
  for (std::size_t f = 0; f < 3; ++f) {
    const double true_value = kFigures[f](truth);
    const auto covers = [&](const stats::Interval& v) {
      constexpr double kRounding = 1e-12;
      return v.low <= true_value + kRounding && true_value - kRounding <= v.high;
    };
    result[2 * f] = covers(stats::percentile_interval(replicates[f], 0.95));
    result[2 * f + 1] =
        covers(stats::bca_interval(replicates[f], kFigures[f](seen), acceleration(kFigures[f], seen), 0.95));
  }
  return result;
}

}  // namespace

Section not_bootstrapped(const Effort& effort) {
  std::vector<std::vector<std::string>> rows;
  Range small;
  std::uint64_t setting = 0;
  for (const std::int64_t n : {143, 400})
    for (const double sd : {0.0, 0.01, 0.02, 0.04, 0.05, 0.08, 0.12}) {
      const auto rates = stats::equally_spaced(0.7, sd, 14);
      const auto found = simulate<6>("not bootstrapped", setting++, effort.draws(1000), effort.threads,
                                     [&](Stream& s) { return covered(rates, n, s); });
      rows.push_back({std::to_string(n), points(sd, 0)});
      for (const Mean& share : found) {
        rows.back().push_back(percent(share));
        if (sd < 0.05) small.add(share);
      }
    }
  Section s{.title = "What is not bootstrapped, and why", .text = {}, .claims = {}};
  s.text =
      "Coverage that 95 % bootstrap intervals would have, from 400 resamples of each group's rows. Gap, ratio and SD "
      "are biased by sampling alone, and each resample adds that bias once more: where groups differ little the "
      "interval misses the truth nearly always, and BCa's correction for bias is not enough. That is why gap and ratio "
      "have simultaneous intervals and the spread an inversion.\n\n" +
      table({"n", "true SD", "gap, percentile", "BCa", "ratio, percentile", "BCa", "SD, percentile", "BCa"}, rows);
  s.claims = {{"Bootstrap intervals of gap, ratio and SD cover 0 to 54 % where the true SD is under 5 points",
               small.percent(), verdict(small.within(0, 0.54), small.percent())}};
  return s;
}

}  // namespace evenface::calibration
