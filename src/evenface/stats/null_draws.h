#pragma once
#include <functional>

#include "evenface/core/random.h"
#include "evenface/stats/chance.h"

// What every null reference has in common: the figure as seen, and in many draws. Private to `stats`.
namespace evenface::stats {

/// The groups' values after one draw, of the groups that have one.
using Draw = std::function<std::vector<GroupCount>(Stream stream)>;

NullReference null_not_applicable(std::string reason);

/// The figure of the groups as seen and in each draw; draw i takes the stream of (seed, purpose, i). Not applicable
/// where fewer than two groups have a value, as seen or in over 1 % of the draws.
NullReference null_of_draws(const std::vector<GroupCount>& seen, const Draw& draw, const Figure& figure,
                            std::int64_t draws, std::uint64_t seed, const char* purpose, const Context& context);

}  // namespace evenface::stats
