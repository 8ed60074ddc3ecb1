#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evenface/adjust/rule.h"
#include "evenface/study/runs.h"
#include "evenface/table/factor.h"

// Files of predictions as rows that can be adjusted. Private to `study`.
namespace evenface::study {

/// A file of predictions, and the data set that gives truth and attributes where the file doesn't.
struct AdjustSource {
  RunSource run;
  std::string data;
  std::vector<std::string> missing;  ///< texts that mean a missing class or group
};

/// What is read beside ids and scores.
struct AdjustNeeds {
  bool truth = false, groups = false;
  std::string weight;  ///< column of the row weights, if any
};

/// The rows of one file, in the order of the file.
struct AdjustRows {
  std::filesystem::path file;
  std::int64_t first_row = 1;  ///< what messages call the first row
  std::vector<std::string> ids;
  std::vector<double> scores;  ///< rows x width, row after row; NaN where there is none
  std::size_t width = 0;
  table::Factor truth, group;              ///< empty unless needed; truth has the rule's classes as levels
  std::optional<table::Factor> predicted;  ///< what the file predicts, if it does, with the same levels
  std::vector<double> weight;              ///< empty unless needed

  std::size_t rows() const { return ids.size(); }
  std::span<const double> row(std::size_t i) const { return std::span(scores).subspan(i * width, width); }
  bool has_scores(std::size_t i) const;
};

/// Fills in what the file or its run folder knows: for a run of our own the task's columns and data set; the classes
/// that scores stand for; which of two classes is not the positive one. Throws InputError that says what to name.
adjust::RuleColumns resolved_columns(adjust::RuleColumns given, AdjustSource& source, int threads);

/// Reads the rows. Throws InputError when a column is missing, an id occurs twice, or a score can't be what the
/// columns say it is.
AdjustRows read_adjust_rows(const AdjustSource& source, const adjust::RuleColumns& columns, const AdjustNeeds& needs,
                            int threads);

/// The logits that a row's scores stand for, one per class.
std::vector<double> logits_of(std::span<const double> scores, adjust::ScoreKind kind);

/// The scores that logits stand for, in the form that the columns have.
std::vector<double> scores_of(std::span<const double> logits, std::size_t width, adjust::ScoreKind kind);

/// One score of a row that is higher the more it speaks for the positive class.
double positive_score(std::span<const double> scores, const adjust::RuleColumns& columns);

}  // namespace evenface::study
