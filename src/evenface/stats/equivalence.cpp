#include "evenface/stats/equivalence.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/stats/significance.h"

namespace evenface::stats {
namespace {

Equivalence answer_of(const PairEquivalence& pair, const EquivalenceSettings& settings) {
  if (!pair.difference.estimable()) return Equivalence::kNotEstimable;
  const Interval& i = *pair.difference.interval;
  if (-settings.margin < i.low && i.high < settings.margin) return Equivalence::kEquivalent;
  return pair.p_adjusted < settings.alpha ? Equivalence::kDifferent : Equivalence::kNoEvidence;
}

PairEquivalence pair_of(std::span<const GroupCount> groups, std::size_t a, std::size_t b,
                        const EquivalenceSettings& settings) {
  PairEquivalence pair{.first = static_cast<std::int64_t>(a), .second = static_cast<std::int64_t>(b)};
  const GroupCount &first = groups[a], &second = groups[b];
  const double fewest = std::min(first.n, second.n);
  const std::int64_t rows = std::llround(first.n + second.n);
  if (fewest <= 0 || fewest < static_cast<double>(settings.min_rows)) {
    pair.difference =
        not_estimable(rows, fmt::format("a group of {} rows, fewer than {}", std::llround(fewest), settings.min_rows));
    return pair;
  }
  const double level = 1 - 2 * settings.alpha;
  pair.difference = {first.rate() - second.rate(),
                     newcombe_interval(first.right, first.n, second.right, second.n, level),
                     rows,
                     fmt::format("Newcombe, {:.3g} %", 100 * level),
                     {}};
  pair.p = newcombe_p(first, second);
  return pair;
}

Equivalence all_of(const std::vector<PairEquivalence>& pairs) {
  const auto some = [&](Equivalence answer) {
    return std::ranges::any_of(pairs, [&](const PairEquivalence& p) { return p.answer == answer; });
  };
  for (const Equivalence worst : {Equivalence::kDifferent, Equivalence::kNotEstimable, Equivalence::kNoEvidence})
    if (some(worst)) return worst;
  return Equivalence::kEquivalent;
}

}  // namespace

double newcombe_p(const GroupCount& first, const GroupCount& second) {
  const auto leaves_out_0 = [&](double p) {
    const Interval i = newcombe_interval(first.right, first.n, second.right, second.n, 1 - p);
    return i.low > 0 || i.high < 0;
  };
  if (first.rate() == second.rate()) return 1;
  double low = 1e-15, high = 1;
  if (leaves_out_0(low)) return low;
  for (int step = 0; step < 60; ++step) {
    const double middle = std::sqrt(low * high);
    (leaves_out_0(middle) ? high : low) = middle;
  }
  return high;
}

GroupsEquivalence test_equivalence(std::span<const GroupCount> groups, const EquivalenceSettings& settings) {
  require(settings.margin > 0, "the margin of equivalence must lie above 0", settings.margin);
  require(0 < settings.alpha && settings.alpha < 0.5, "alpha must lie between 0 and 1/2", settings.alpha);
  require(2 <= groups.size() && groups.size() <= 1000,
          "equivalence is tested over every pair of 2 to 1,000 groups; name fewer attributes", groups.size());
  GroupsEquivalence result;
  std::vector<double> p;
  for (std::size_t a = 0; a < groups.size(); ++a)
    for (std::size_t b = a + 1; b < groups.size(); ++b) {
      result.pairs.push_back(pair_of(groups, a, b, settings));
      if (result.pairs.back().difference.estimable()) p.push_back(result.pairs.back().p);
    }
  const std::vector<double> adjusted = holm(p);
  std::size_t next = 0;
  for (PairEquivalence& pair : result.pairs) {
    if (pair.difference.estimable()) pair.p_adjusted = adjusted[next++];
    pair.answer = answer_of(pair, settings);
  }
  result.all = all_of(result.pairs);
  return result;
}

}  // namespace evenface::stats
