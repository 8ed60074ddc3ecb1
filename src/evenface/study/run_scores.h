#pragma once
#include <span>
#include <string>
#include <vector>

#include "evenface/study/run_rows.h"

// The scores of one run. Private to `study`.
namespace evenface::study {

/// Reads the columns of scores that are asked for into `rows`, whose predictions are there. Throws InputError naming
/// the row where some of its scores are no finite numbers; all of them may be missing.
void read_scores(const table::TableReader& reader, const table::Table& table, const OutcomeColumns& columns,
                 RunRows& rows);

/// The class that a score column's name ends with, after no letter or digit: "White", "score_White", "p.White". The
/// longest that fits; null where none does.
const std::string* class_at_end(const std::string& column, const std::vector<std::string>& classes);

/// The scores of the rows at these positions.
Scores taken(const Scores& scores, std::span<const std::uint32_t> positions, int threads);

}  // namespace evenface::study
