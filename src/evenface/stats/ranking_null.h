#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/chance.h"

namespace evenface::stats {

/// How well scores rank the rows of a class above the others.
enum class RankMeasure {
  kRocAuc,            ///< scores.h, roc_auc
  kAveragePrecision,  ///< scores.h, average_precision
};

/// A row that is ranked.
struct RankedRow {
  double score = 0;
  bool positive = false;
  double weight = 1;
  std::size_t unit = 0;  ///< what it is exchanged with: itself, or the rows of one person in one group
};

/// All rows by the scores of one run for one class.
using Ranking = std::vector<RankedRow>;

/// The null reference of a figure over the groups' rank measure, averaged over rankings (runs, or classes of a macro
/// mean): permutes group over units, each group keeping its number of units. A group without positives or without
/// negatives in a ranking has no value. A draw costs as many steps as the rankings have rows. Not applicable as
/// metric_null. Throws InternalError unless every unit of a row has a group among 0..groups-1.
NullReference ranking_null(std::vector<Ranking> rankings, std::span<const std::int64_t> group_of_unit,
                           std::int64_t groups, RankMeasure measure, const Figure& figure, std::int64_t draws,
                           std::uint64_t seed, const Context& context);

}  // namespace evenface::stats
