#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "evenface/adjust/roc.h"

namespace evenface::adjust {

/// What shall be the same in every group.
enum class Criterion {
  kParity,       ///< the selection rate (demographic parity)
  kOpportunity,  ///< the true positive rate (equal opportunity)
  kOdds,         ///< true and false positive rate (equalised odds)
};

/// What is made as high as the criterion lets it be, over all rows together.
enum class Objective { kAccuracy, kBalancedAccuracy };

struct ThresholdSettings {
  Criterion criterion = Criterion::kOdds;
  Objective objective = Objective::kAccuracy;
  bool flip = false;            ///< low scores may be decided positive
  std::int64_t grid = 0;        ///< the common rate is a multiple of 1/grid; 0: any rate, the exact optimum
  std::int64_t min_group = 30;  ///< rows (true positives, for odds also true negatives) that a group must have
};

/// A cut and the share of decisions that go by it.
struct Step {
  double weight;
  Cut cut;
  bool operator==(const Step&) const = default;
};

/// How the rows of one group are decided: lots are drawn between the steps, whose weights add up to 1.
struct GroupThresholds {
  std::string group;
  std::vector<Step> steps;

  /// The probability that a row with this score is decided positive.
  double positive_share(double score) const;
  bool operator==(const GroupThresholds&) const = default;
};

/// The rows of one group.
struct GroupRows {
  std::string name;
  std::vector<ScoredRow> rows;
};

struct ThresholdRule {
  Criterion criterion = Criterion::kOdds;
  std::vector<GroupThresholds> groups;
  bool operator==(const ThresholdRule&) const = default;
};

/// A rule and what it reaches on the rows it was fitted on.
struct ThresholdFit {
  ThresholdRule rule;
  double common_rate;  ///< the selection rate, the true positive rate or (for odds) the false positive rate
  double objective;    ///< accuracy or balanced accuracy of all rows
};

/// Thresholds per group that meet the criterion exactly on these rows and, among those that do, make the
/// objective highest (Hardt, Price & Srebro 2016). The objective is concave and piecewise linear in the common
/// rate, so its highest point is a corner of a group's convex hull, or for odds also a crossing of two hulls; with
/// `grid` only the multiples of 1/grid are looked at. Ties go to the smallest rate.
/// Throws InputError when there are fewer than two groups or one has too few rows.
ThresholdFit fit_thresholds(const std::vector<GroupRows>& groups, const ThresholdSettings& settings);

/// What a decision costs: each weight of a row that is decided right counts so much for the objective.
struct Worth {
  double per_positive, per_negative;
};

// The two kinds of criterion; each gives the steps of every group, in order. Private to `adjust`.
struct Solution {
  double common_rate;
  std::vector<std::vector<Step>> steps;
};
Solution share_one_rate(const std::vector<RocCurve>& curves, Criterion criterion, Worth worth, std::int64_t grid);
Solution share_both_rates(const std::vector<RocCurve>& curves, Worth worth, std::int64_t grid);

/// Adds a step, or its weight to the step that has the same cut. Weights of rounding size are left out.
void add_step(std::vector<Step>& steps, double weight, const Cut& cut);

/// The rate where `value`, over sorted candidates, is highest; the first of those that are equally good.
std::size_t best_of(const std::vector<double>& values);

/// 0, 1/grid, ..., 1.
std::vector<double> multiples(std::int64_t grid);

}  // namespace evenface::adjust
