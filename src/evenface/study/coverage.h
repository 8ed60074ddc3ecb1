#pragma once
#include <span>
#include <vector>

#include "evenface/study/run_rows.h"

// Which rows are not in every run, and of which groups. Private to `study`.
namespace evenface::study {

/// The rows that are in some of the runs only, by where they are; each id once.
struct LostRows {
  table::Keys ids;
  std::vector<std::uint8_t> arms;  ///< bit 0: in a run before, bit 1: in a run after
  table::Factor group;             ///< of the primary crossing, from the files; no rows where these don't say
};

/// `common[r]` are the positions of run r's rows that every run has.
LostRows lost_rows(const std::vector<RunRows>& runs, std::size_t runs_before,
                   std::span<const std::vector<std::uint32_t>> common, const OutcomeColumns& columns);

/// Counts the common rows (group of each in `outcomes`) and the lost ones into outcomes.coverage and the totals.
void count_coverage(const LostRows& lost, Outcomes& outcomes);

/// The factor of a crossing of the attributes; levels as table::cross names them. Throws InputError when there are more
/// than 10,000 groups.
table::Factor group_of(const std::vector<table::Factor>& attributes, const std::vector<std::size_t>& crossed,
                       int threads);

}  // namespace evenface::study
