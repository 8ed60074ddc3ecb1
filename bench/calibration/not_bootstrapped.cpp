#include "questions.h"
#include <fmt/format.h>

#include "evenface/stats/disparity.h"
#include "evenface/stats/known_truth.h"

namespace evenface::calibration {
namespace {

using Figure = double (*)(std::span<const stats::GroupCount>);
constexpr std::array<Figure, 3> kFigures{stats::gap, stats::min_max_ratio, stats::population_sd};

/// Which figures' 95 % percentile intervals cover their truth when the rows of each group are resampled.
std::array<double, 3> covered(const std::vector<double>& rates, std::int64_t n, Stream& s) {
  constexpr std::size_t kReplicates = 400;
  std::vector<stats::GroupCount> truth;
  for (const double rate : rates) truth.push_back({1, rate});
  const auto seen = stats::draw_groups(rates, n, s);
  std::vector<double> seen_rates;
  for (const auto& g : seen) seen_rates.push_back(g.rate());
  std::array<std::vector<double>, 3> replicates;
  for (std::size_t i = 0; i < kReplicates; ++i) {
    const auto drawn = stats::draw_groups(seen_rates, n, s);
    for (std::size_t f = 0; f < 3; ++f) replicates[f].push_back(kFigures[f](drawn));
  }
  std::array<double, 3> result{};
  for (std::size_t f = 0; f < 3; ++f) {
    constexpr double kRounding = 1e-12;
    std::ranges::sort(replicates[f]);
    const double low = replicates[f][kReplicates / 40], high = replicates[f][kReplicates - 1 - kReplicates / 40];
    const double true_value = kFigures[f](truth);
    result[f] = low <= true_value + kRounding && true_value <= high + kRounding;
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
      const auto found = simulate<3>("not bootstrapped", setting++, effort.draws(1000), effort.threads,
                                     [&](Stream& s) { return covered(rates, n, s); });
      rows.push_back({std::to_string(n), points(sd, 0), percent(found[0]), percent(found[1]), percent(found[2])});
      if (sd < 0.05 && n == 143)
        for (const Mean& share : found) small.add(share);
    }
  Section s{.title = "What is not bootstrapped, and why", .text = {}, .claims = {}};
  s.text =
      "Coverage that 95 % percentile intervals would have, from 400 resamples of each group's rows. Gap, ratio and SD "
      "are biased by sampling alone, and each resample adds that bias once more: where groups differ little the "
      "interval misses the truth nearly always. That is why the gap has simultaneous intervals and the spread an "
      "inversion.\n\n" +
      table({"n", "true SD", "gap", "min/max ratio", "SD"}, rows);
  s.claims = {{"Percentile intervals of gap, ratio and SD cover 0 to 54 % where the true SD is under 5 points",
               small.percent(), verdict(small.within(0, 0.54), small.percent() + " (n = 143)")}};
  return s;
}

}  // namespace evenface::calibration
