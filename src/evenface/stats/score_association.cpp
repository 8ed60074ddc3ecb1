#include "evenface/stats/score_association.h"

#include <cmath>

#include "evenface/core/error.h"
#include "evenface/core/parallel.h"

namespace evenface::stats {
namespace {

struct Rows {
  std::span<const float> scores;
  std::span<const std::int32_t> groups;
  std::size_t count;
  std::span<const double> weights;

  double weight(std::size_t row) const { return weights.empty() ? 1 : weights[row]; }
};

/// Sums over the rows of a group.
struct Sums {
  double weight = 0, score = 0, square = 0;
};

std::optional<double> correlation(const Sums& own, const Sums& all) {
  const double share = own.weight / all.weight, mean = all.score / all.weight;
  const double variance = all.square / all.weight - mean * mean;
  constexpr double kRounding = 1e-12;
  if (share <= 0 || share >= 1 || variance <= kRounding * (1 + mean * mean)) return std::nullopt;
  return (own.score / all.weight - share * mean) / std::sqrt(share * (1 - share) * variance);
}

/// Weighted sums of the kernels over pairs of rows, [group x groups + group].
struct PairSums {
  std::vector<double> gaussian, laplace;

  PairSums& operator+=(const PairSums& other) {
    for (std::size_t i = 0; i < gaussian.size(); ++i) gaussian[i] += other.gaussian[i], laplace[i] += other.laplace[i];
    return *this;
  }
};

PairSums pair_sums(const Rows& rows, const Context& context) {
  constexpr std::int64_t kChunk = 64;
  const PairSums none{std::vector<double>(rows.count * rows.count), std::vector<double>(rows.count * rows.count)};
  return parallel_reduce(
      std::ssize(rows.scores), kChunk, context.threads, none,
      [&](std::int64_t begin, std::int64_t end) {
        PairSums sums = none;
        for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
          for (std::size_t k = 0; k < rows.scores.size(); ++k) {
            const double d = static_cast<double>(rows.scores[i]) - rows.scores[k], w = rows.weight(i) * rows.weight(k);
            const auto at =
                static_cast<std::size_t>(rows.groups[i]) * rows.count + static_cast<std::size_t>(rows.groups[k]);
            sums.gaussian[at] += w * std::exp(-d * d / 0.01), sums.laplace[at] += w * std::exp(-std::abs(d) / 0.1);
          }
        return sums;
      },
      [](PairSums all, const PairSums& part) { return all += part; });
}

/// Of a group against the others, from the sums of one kernel.
double discrepancy(const std::vector<double>& sums, std::size_t group, std::size_t count, double own, double rest) {
  double within = 0, across = 0, others = 0;
  for (std::size_t a = 0; a < count; ++a)
    for (std::size_t b = 0; b < count; ++b) {
      const bool first = a == group, second = b == group;
      (first && second ? within : first || second ? across : others) += sums[a * count + b];
    }
  return within / (own * own) - across / (own * rest) + others / (rest * rest);
}

}  // namespace

std::vector<ScoreAssociation> score_associations(std::span<const float> scores, std::span<const std::int32_t> groups,
                                                 std::int64_t count, std::span<const double> weights,
                                                 const Context& context) {
  require(groups.size() == scores.size() && (weights.empty() || weights.size() == scores.size()),
          "a group and a weight for every score", scores.size(), groups.size(), weights.size());
  const Rows rows{scores, groups, static_cast<std::size_t>(count), weights};
  std::vector<Sums> own(rows.count);
  Sums all;
  for (std::size_t row = 0; row < scores.size(); ++row) {
    const double w = rows.weight(row), x = scores[row];
    for (Sums* sums : {&own[static_cast<std::size_t>(groups[row])], &all})
      sums->weight += w, sums->score += w * x, sums->square += w * x * x;
  }
  std::optional<PairSums> pairs;
  if (std::ssize(scores) <= kMostDiscrepancyRows) pairs = pair_sums(rows, context);
  std::vector<ScoreAssociation> found(rows.count);
  for (std::size_t g = 0; g < rows.count; ++g) {
    found[g].correlation = correlation(own[g], all);
    const double weight = own[g].weight, rest = all.weight - weight;
    if (pairs && weight > 0 && rest > 0)
      found[g].discrepancy = {discrepancy(pairs->gaussian, g, rows.count, weight, rest),
                              discrepancy(pairs->laplace, g, rows.count, weight, rest)};
  }
  return found;
}

}  // namespace evenface::stats
