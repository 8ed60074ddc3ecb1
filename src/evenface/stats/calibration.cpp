#include "evenface/stats/calibration.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/parallel.h"
#include "evenface/core/random.h"

namespace evenface::stats {

void require_probability(double score) {
  constexpr double kReal = 1e-6;  // of 32-bit reals
  if (-kReal <= score && score <= 1 + kReal) return;
  throw InputError({.file = {},
                    .at = {},
                    .found = fmt::format("a score of {}", score),
                    .expected = "probabilities from 0 to 1",
                    .remedy = "give the model's probabilities, not its logits or distances"});
}

namespace {

/// The score without what rounding of 32-bit reals puts outside 0 and 1. Throws as require_probability.
double probability(double score) {
  require_probability(score);
  return std::clamp(score, 0.0, 1.0);
}

template <class Error>
Moments moments_of(std::span<const ScoreCount> scores, Error error) {
  Moments m;
  for (const ScoreCount& s : scores) {
    const double score = probability(s.score);
    m.add(error(score, 1), s.positives, s.person);
    m.add(error(score, 0), s.negatives, s.person);
  }
  return m;
}

/// The rows of one score as draws of truth: `trials` of mass `unit` each. Where rows of one score have
/// different weights, Kish's effective number of equal ones.
struct Trials {
  double score, unit;
  std::int64_t trials;
};

struct Bin {
  double mass = 0;       ///< of all rows
  double positives = 0;  ///< mass of the class
  double expected = 0;   ///< sum of weight x score
  double variance = 0;   ///< of the mass of the class when truth is drawn from the scores
  std::vector<Trials> rows;
};

std::vector<Bin> bins_of(std::span<const ScoreCount> scores, int count) {
  double all = 0;
  for (const ScoreCount& s : scores) all += s.positives.mass + s.negatives.mass;
  std::vector<Bin> bins(static_cast<std::size_t>(count));
  double below = 0;
  for (const ScoreCount& s : scores) {
    const double score = probability(s.score);
    const double mass = s.positives.mass + s.negatives.mass, squares = s.positives.squares + s.negatives.squares;
    if (mass == 0) continue;
    const int at = std::min(count - 1, static_cast<int>((below + mass / 2) / all * count));
    Bin& bin = bins[static_cast<std::size_t>(at)];
    below += mass;
    bin.mass += mass, bin.positives += s.positives.mass, bin.expected += mass * score;
    bin.variance += squares * score * (1 - score);
    const std::int64_t trials = std::max<std::int64_t>(1, std::llround(mass * mass / squares));
    bin.rows.push_back({score, mass / static_cast<double>(trials), trials});
  }
  std::erase_if(bins, [](const Bin& b) { return b.rows.empty(); });
  return bins;
}

/// The mass of the class in a bin when truth is drawn from the scores.
double drawn_positives(const Bin& bin, Stream& stream) {
  constexpr double kManyRows = 1000;
  if (bin.variance > kManyRows) return bin.expected + std::sqrt(bin.variance) * stream.normal();
  double mass = 0;
  for (const Trials& t : bin.rows)
    if (t.trials == 1) mass += stream.uniform() < t.score ? t.unit : 0;
    else mass += t.unit * static_cast<double>(stream.binomial(t.trials, t.score));
  return mass;
}

/// What the observed error and the sorted draws say.
void hold_against_draws(CalibrationError& c) {
  NullReference& null = c.null;
  const auto draws = static_cast<double>(null.draws.size());
  null.mean = 0;
  for (const double draw : null.draws) null.mean += draw / draws;
  null.upper = null.draws[static_cast<std::size_t>(std::ceil(0.95 * draws)) - 1];
  // Sums of the same rows differ in rounding by how they were added up.
  constexpr double kTies = 1e-12;
  const auto above = null.draws.end() - std::ranges::lower_bound(null.draws, null.observed - kTies);
  null.p = static_cast<double>(1 + above) / (draws + 1);
  c.excess = null.observed - null.mean;
}

}  // namespace

Moments squared_errors(std::span<const ScoreCount> scores) {
  return moments_of(scores, [](double score, double truth) { return (score - truth) * (score - truth); });
}

Moments signed_errors(std::span<const ScoreCount> scores) {
  return moments_of(scores, [](double score, double truth) { return score - truth; });
}

Measured brier_score(std::span<const ScoreCount> scores, std::int64_t min_rows) {
  return mean_of(squared_errors(scores), min_rows, Bounds{0, 1});
}

Measured calibration_bias(std::span<const ScoreCount> scores, std::int64_t min_rows) {
  return mean_of(signed_errors(scores), min_rows, Bounds{-1, 1});
}

namespace {

Measured mean_score(std::span<const ScoreCount> scores, CellCount ScoreCount::* rows, std::int64_t min_rows) {
  Moments m;
  for (const ScoreCount& s : scores) m.add(probability(s.score), s.*rows, s.person);
  return mean_of(m, min_rows, Bounds{0, 1});
}

}  // namespace

Measured soft_recall(std::span<const ScoreCount> scores, std::int64_t min_rows) {
  return mean_score(scores, &ScoreCount::positives, min_rows);
}

Measured soft_false_positive_rate(std::span<const ScoreCount> scores, std::int64_t min_rows) {
  return mean_score(scores, &ScoreCount::negatives, min_rows);
}

CalibrationError calibration_error(std::span<const ScoreCount> scores, const CalibrationSettings& settings,
                                   std::int64_t min_rows, const Context& context) {
  require(settings.bins > 0 && settings.draws > 0, "calibration needs a bin and a draw", settings.bins, settings.draws);
  CalibrationError c;
  if (const Measured mean = mean_of(signed_errors(scores), min_rows); !mean.estimable()) {
    c.ece = estimate_of(mean, 0.95);
    return c;
  }
  const std::vector<Bin> bins = bins_of(distinct(scores), settings.bins);
  double all = 0, seen = 0;
  for (const Bin& b : bins) all += b.mass, seen += std::abs(b.positives - b.expected);
  c.bins = static_cast<int>(bins.size());
  c.ece = {seen / all, std::nullopt, rows_of(scores).rows, "no valid interval is known: read it beside its null", {}};

  NullReference& null = c.null;
  null.observed = *c.ece.value;
  null.draws.resize(static_cast<std::size_t>(settings.draws));
  parallel_for(settings.draws, 64, context.threads, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      Stream stream(settings.seed, "calibration", {static_cast<std::uint64_t>(i)});
      double sum = 0;
      for (const Bin& b : bins) sum += std::abs(drawn_positives(b, stream) - b.expected);
      null.draws[static_cast<std::size_t>(i)] = sum / all;
    }
  });
  std::ranges::sort(null.draws);
  hold_against_draws(c);
  return c;
}

CalibrationError mean_of(std::span<const CalibrationError> runs) {
  require(!runs.empty(), "a mean needs a run");
  CalibrationError mean = runs.front();
  for (const CalibrationError& run : runs.subspan(1)) {
    if (!mean.ece.estimable()) return mean;
    if (!run.ece.estimable()) return run;
    require(run.null.draws.size() == mean.null.draws.size(), "the runs' draws differ in number");
    mean.null.observed += run.null.observed;
    for (std::size_t i = 0; i < run.null.draws.size(); ++i) mean.null.draws[i] += run.null.draws[i];
  }
  if (!mean.ece.estimable()) return mean;
  const auto m = static_cast<double>(runs.size());
  mean.null.observed /= m;
  for (double& draw : mean.null.draws) draw /= m;
  mean.ece.value = mean.null.observed;
  hold_against_draws(mean);
  return mean;
}

}  // namespace evenface::stats
