#include "evenface/stats/vote_agreement.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "evenface/core/error.h"

namespace evenface::stats {

VotePairs vote_pairs(std::span<const int> votes) {
  std::int64_t all = 0, agreeing = 0;
  for (const int v : votes) {
    require(v >= 0, "votes can't be negative", v);
    all += v, agreeing += std::int64_t{v} * (v - 1) / 2;
  }
  return {agreeing, all * (all - 1) / 2};
}

void VoteTally::add(std::span<const int> votes) {
  const VotePairs pairs = vote_pairs(votes);
  if (pairs.all == 0) ++without_;
  else ++rows_[{pairs.agreeing, pairs.all}];
}

VoteTally& VoteTally::operator+=(const VoteTally& other) {
  for (const auto& [pairs, rows] : other.rows_) rows_[pairs] += rows;
  without_ += other.without_;
  return *this;
}

std::int64_t VoteTally::rows() const {
  std::int64_t sum = 0;
  for (const auto& [pairs, rows] : rows_) sum += rows;
  return sum;
}

Estimate human_agreement(const VoteTally& votes, double level, std::int64_t min_rows) {
  const std::int64_t rows = votes.rows();
  if (rows < std::max<std::int64_t>(1, min_rows))
    return not_estimable(rows, fmt::format("{} rows with two votes, fewer than {}", rows, min_rows));
  const auto n = static_cast<double>(rows);
  const auto share = [](const auto& pairs) {
    return static_cast<double>(pairs.first) / static_cast<double>(pairs.second);
  };
  double mean = 0, variance = 0;
  for (const auto& [pairs, count] : votes.of()) mean += share(pairs) * static_cast<double>(count) / n;
  mean = std::min(1.0, mean);  // rounding must not lift it
  for (const auto& [pairs, count] : votes.of())
    variance += std::pow(share(pairs) - mean, 2) * static_cast<double>(count) / std::max(1.0, n - 1);
  const double effective = variance > 0 ? std::max(n, n * mean * (1 - mean) / variance) : n;
  return {mean, wilson_interval(mean * effective, effective, level), rows, "Wilson, effective rows", {}};
}

Estimate annotator_error(const Estimate& agreement, int classes) {
  require(classes >= 2, "annotators' errors need two classes", classes);
  if (!agreement.estimable()) return agreement;
  const double chance = 1.0 / classes;
  if (*agreement.value <= chance)
    return not_estimable(agreement.n, fmt::format("annotators agree no more than by chance, {:.3g}", chance));
  const auto error = [&](double a) { return (1 - chance) * (1 - std::sqrt(std::max(0.0, a - chance) / (1 - chance))); };
  return {error(*agreement.value),
          Interval{error(agreement.interval->high), error(agreement.interval->low)},
          agreement.n,
          "from the agreement of annotators",
          {}};
}

}  // namespace evenface::stats
