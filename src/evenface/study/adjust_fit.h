#pragma once
#include "evenface/study/adjust_rows.h"
#include "evenface/study/adjustment.h"

// Private to `study`.
namespace evenface::study {

/// Fits the rule that the options ask for and reports what it does to these rows.
std::pair<adjust::Rule, FitReport> fit_rule(const AdjustRows& rows, const adjust::RuleColumns& columns,
                                            const AdjustOptions& options, const Context& context);

/// What the rule does to the rows at `order`, which it was fitted on, with these weights (empty: 1 each).
FitReport report_on(const AdjustRows& rows, const std::vector<std::size_t>& order, const std::vector<double>& weights,
                    const adjust::Rule& rule, std::int64_t min_group);

/// The decision on one row, and the scores it has afterwards (empty: as they were).
struct Decision {
  int predicted;
  std::vector<double> scores;
};

/// Applies a rule row by row. Not for rows without scores or, with thresholds, without a group.
class Decider {
 public:
  /// `groups`: the levels of the rows' group. Throws InputError naming one of `in_use` that the rule doesn't know.
  Decider(const adjust::Rule& rule, const table::Factor& group, const std::string& file);

  Decision decide(const AdjustRows& rows, std::size_t row) const;
  /// The probability that the row is decided positive (thresholds only).
  double positive_share(const AdjustRows& rows, std::size_t row) const;

 private:
  const adjust::Rule& rule_;
  std::vector<const adjust::GroupThresholds*> of_group_;
};

}  // namespace evenface::study
