#include "evenface/stats/known_truth.h"

#include <cmath>

#include "evenface/core/error.h"

namespace evenface::stats {

std::vector<double> binomial_probabilities(std::int64_t n, double p) {
  require(n >= 0 && 0 < p && p < 1, "a binomial needs n >= 0 and a probability within 0..1", n, p);
  const auto trials = static_cast<double>(n);
  std::vector<double> probabilities;
  for (std::int64_t i = 0; i <= n; ++i) {
    const auto x = static_cast<double>(i);
    probabilities.push_back(std::exp(std::lgamma(trials + 1) - std::lgamma(x + 1) - std::lgamma(trials - x + 1) +
                                     x * std::log(p) + (trials - x) * std::log1p(-p)));
  }
  return probabilities;
}

std::vector<double> equally_spaced(double mean, double sd, int k) {
  require(k >= 2 && sd >= 0, "a spread needs two groups", k, sd);
  const double step = sd / std::sqrt((static_cast<double>(k) * k - 1) / 12);
  std::vector<double> rates;
  for (int i = 0; i < k; ++i) rates.push_back(mean + step * (i - (k - 1) / 2.0));
  require(rates.front() >= 0 && rates.back() <= 1, "the rates must stay within 0..1", rates.front(), rates.back());
  return rates;
}

std::vector<GroupCount> draw_groups(std::span<const double> rates, std::int64_t rows, Stream& stream) {
  std::vector<GroupCount> groups;
  for (const double rate : rates)
    groups.push_back({static_cast<double>(rows), static_cast<double>(stream.binomial(rows, rate))});
  return groups;
}

PairedCells draw_runs(const RunsModel& model, Stream& stream) {
  const std::size_t k = model.before.size();
  require(k == model.after.size() && (model.seed_sd.empty() || k == model.seed_sd.size()),
          "both methods and the seeds' variation need a value per group", k, model.after.size(), model.seed_sd.size());
  PairedCells cells(static_cast<std::int64_t>(k), model.runs, model.runs);
  std::vector<double> chance(static_cast<std::size_t>(2 * model.runs));
  for (std::size_t g = 0; g < k; ++g) {
    for (int r = 0; r < 2 * model.runs; ++r)
      chance[static_cast<std::size_t>(r)] = (r < model.runs ? model.before : model.after)[g] +
                                            (model.seed_sd.empty() ? 0 : model.seed_sd[g] * stream.normal());
    for (std::int64_t row = 0; row < model.rows; ++row) {
      const double of_row = stream.uniform();
      const double for_after = stream.uniform() < model.by_method ? stream.uniform() : of_row;
      Pattern pattern = 0;
      for (int r = 0; r < 2 * model.runs; ++r) {
        const double who = stream.uniform();
        // The part of `who` that does not decide who draws is uniform again.
        const double drawn = who >= model.by_row ? (who - model.by_row) / (1 - model.by_row)
                             : r < model.runs    ? of_row
                                                 : for_after;
        if (drawn < chance[static_cast<std::size_t>(r)]) pattern |= Pattern{1} << r;
      }
      cells.add(static_cast<std::int64_t>(g), pattern);
    }
  }
  return cells;
}

double true_spread(std::span<const double> rates, std::span<const double> seed_sd) {
  const auto k = static_cast<double>(rates.size());
  double mean = 0, variance = 0;
  for (const double rate : rates) mean += rate / k;
  for (const double rate : rates) variance += (rate - mean) * (rate - mean) / k;
  for (const double sd : seed_sd) variance += sd * sd / k * (k - 1) / k;
  return std::sqrt(variance);
}

}  // namespace evenface::stats
