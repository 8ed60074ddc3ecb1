#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/chance.h"
#include "evenface/stats/ranking.h"

namespace evenface::stats {

/// The null reference of a figure over the groups' rank measure, averaged over rankings (runs, or classes of a macro
/// mean): permutes group over units (a row's `unit`: itself, or the rows
/// of one person in one group), each group keeping its number of units. A group without positives or without
/// negatives in a ranking has no value. A draw costs as many steps as the rankings have rows. Not applicable as
/// metric_null. Throws InternalError unless every unit of a row has a group among 0..groups-1.
NullReference ranking_null(std::vector<Ranking> rankings, std::span<const std::int64_t> group_of_unit,
                           std::int64_t groups, RankMeasure measure, const Figure& figure, std::int64_t draws,
                           std::uint64_t seed, const Context& context);

}  // namespace evenface::stats
