#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "evenface/ingest/draft.h"

namespace evenface::ingest {

/// A part of one split that shall become another.
struct Carving {
  std::int32_t from = 0, to = 0;  ///< indices into table::split_levels()
  double share = 0.5;             ///< of the rows of `from`
  std::uint64_t seed = 1;
  std::vector<std::string> stratify;  ///< columns whose crossing keeps its shares
};

/// Moves that share of the rows. Which rows go depends on the seed and their ids
/// only. Kin goes together; kin that has rows in other splits as well stays where
/// it is, because test rows must not have doubles elsewhere. Per stratum the count
/// is the share rounded down, and the largest remainders get the rows that lack.
/// Throws InputError when `from` is empty.
void carve(Draft& draft, const std::vector<std::int64_t>& kin, const Carving& carving);

/// Leaves at most `limit` rows of each split, drawn by the seed and the ids, and
/// the same share of the rejected rows; 0 leaves all.
void draw_sample(Draft& draft, std::int64_t limit, std::uint64_t seed);

}  // namespace evenface::ingest
