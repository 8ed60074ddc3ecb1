#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "evenface/stats/paired_cells.h"
#include "evenface/study/runs.h"
#include "evenface/table/factor.h"

namespace evenface::study {

/// Which columns hold what in a file of predictions. For predictions of our own
/// runs all of it is known and nothing need be named.
struct OutcomeColumns {
  std::string id = "id";
  std::vector<std::string> truth;      ///< one per task
  std::vector<std::string> predicted;  ///< one per task, in the same order
  std::vector<std::string> by;         ///< attributes whose crossing makes the groups
  std::string data;                    ///< data set folder that gives truth and attributes, by id
};

/// The same rows as judged by several runs, joined by id. Row order in files means nothing.
struct Outcomes {
  std::vector<std::string> tasks, by;
  std::vector<std::string> ids;                       ///< common to all runs, sorted
  std::vector<table::Factor> truth;                   ///< per task
  std::vector<table::Factor> attributes;              ///< per attribute of `by`
  table::Factor group;                                ///< their crossing
  std::vector<std::vector<table::Factor>> predicted;  ///< [run][task], levels as in truth
  int runs_before = 0, runs_after = 0;
  std::int64_t rows_only_before = 0, rows_only_after = 0;  ///< left out: not in every run of the other arm
  std::int64_t rows_without_truth = 0;                     ///< left out: truth or group is missing
  std::int64_t rows_seen_in_training = 0;                  ///< of the common rows, by the data set's split
  std::map<std::string, double> common_share;              ///< per group: common rows of all rows seen in any run
  std::string data;                                        ///< the data set folder, if one is known

  std::int64_t rows() const { return static_cast<std::int64_t>(ids.size()); }
  int runs() const { return runs_before + runs_after; }
  /// The pattern of runs that got every task of the row right.
  stats::Pattern pattern(std::int64_t row) const;
};

/// Loads and joins the predictions; `after` is empty for an evaluation. Throws InputError when an id occurs
/// twice, the files disagree about truth, a column is missing, or nothing is in common.
Outcomes load_outcomes(const std::vector<RunSource>& before, const std::vector<RunSource>& after,
                       const OutcomeColumns& columns);

/// Cells of the rows that belong to one half (0 or 1, by a hash of the id), or of all (-1).
stats::PairedCells cells_of(const Outcomes& outcomes, int half = -1);

/// Counts of truth x predicted of one task over a range of runs [first, last), summed.
std::vector<std::vector<std::int64_t>> confusion_of(const Outcomes& outcomes, std::size_t task, int first, int last);

}  // namespace evenface::study
