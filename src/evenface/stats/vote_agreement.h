#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <utility>

#include "evenface/stats/estimate.h"

namespace evenface::stats {

/// Pairs of a row's annotators, and how many of them chose the same class.
struct VotePairs {
  std::int64_t agreeing = 0, all = 0;  ///< all is 0 where fewer than two voted

  double agreement() const { return static_cast<double>(agreeing) / static_cast<double>(all); }
};

/// Of how many annotators chose each class. Throws InputError when a count is negative.
VotePairs vote_pairs(std::span<const int> votes);

/// How often annotators of the same row agree, over the rows of a group. Integers only, so that tallies of shards add
/// to that of the whole, bit for bit.
class VoteTally {
 public:
  /// One row: how many annotators chose each class. A row with fewer than two votes can show no agreement and is only
  /// counted. Throws InputError when a count is negative.
  void add(std::span<const int> votes);
  VoteTally& operator+=(const VoteTally& other);

  std::int64_t rows() const;                              ///< with two votes or more
  std::int64_t rows_without() const { return without_; }  ///< with fewer

  /// (pairs of annotators who agree, all pairs) -> rows.
  const std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t>& of() const { return rows_; }

 private:
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> rows_;
  std::int64_t without_ = 0;
};

/// The chance that two annotators of a row give it the same class: the mean over rows of the share of agreeing pairs
/// (Fleiss 1971, Psychol Bull 76:378). A ceiling to hold a group's accuracy against: judged by one annotator's
/// labels, a classifier that does better has learned the annotators' habits or their errors, and a group on which
/// annotators agree less is harder for people too. Interval: Wilson with as many effective rows as give the variance
/// between rows, at least the rows themselves. Not estimable below `min_rows` rows with two votes.
Estimate human_agreement(const VoteTally& votes, double level, std::int64_t min_rows = 1);

/// The error rate of one annotator that this agreement implies, if annotators err independently and choose every
/// wrong class alike: agreement - 1/C = (1 - 1/C) (1 - error C/(C - 1))^2. To be compared with a tipping point
/// (label_noise.h); a label made from several votes errs less, pictures that mislead everybody make it err more.
/// Not estimable where the agreement isn't, or is no better than chance. Throws InputError unless classes >= 2.
Estimate annotator_error(const Estimate& agreement, int classes);

}  // namespace evenface::stats
