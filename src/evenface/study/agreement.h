#pragma once
#include <string>
#include <vector>

#include "evenface/study/run_rows.h"

// What truth and predictions must agree about, and what must be said where they don't. Private to `study`.
namespace evenface::study {

/// Both hold the common rows. Throws InputError naming a row where the second file's truth, attribute, weight,
/// person or vote is another than the first's.
void require_same_truth(const RunRows& first, const RunRows& second, const OutcomeColumns& columns);

/// Gives truth, every run's prediction and its scores of a task the same levels, the true ones first; a class
/// without a score gets 0. Notes predicted classes that truth never has. Throws InputError when no predicted
/// class is a true one.
void align_classes(const std::vector<RunSource>& sources, const OutcomeColumns& columns,
                   const std::vector<std::vector<std::vector<std::string>>>& score_classes, Outcomes& outcomes);

/// Counts and notes missing predictions, groups, persons and votes, and weights of 0.
void note_what_is_missing(const std::vector<RunSource>& sources, const OutcomeColumns& columns, Outcomes& outcomes);

}  // namespace evenface::study
