#pragma once
#include <string>
#include <vector>

#include "evenface/study/outcomes.h"

// How annotators' votes are read and made to fit the classes. Private to `study`.
namespace evenface::study {

/// Columns of numbers, each as the votes of a class of the column's name; or one column of vectors, the votes of these
/// levels in their order. Throws InputError naming row and column of a value that is not finite or below 0.
Votes read_votes(const table::TableReader& reader, const table::Table& table, const std::vector<std::string>& columns,
                 const std::vector<std::string>& levels);

/// Gives the votes the classes of truth, whose levels the predictions share: a column is of the class that its name
/// ends with (class_at_end), else of a class that nobody predicts. Notes predicted classes without a column, and soft
/// labels. Throws InputError when two columns are of one class, or a true class has none.
void align_votes(Outcomes& outcomes);

}  // namespace evenface::study
