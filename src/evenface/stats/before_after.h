#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/bootstrap.h"
#include "evenface/stats/estimate.h"
#include "evenface/stats/paired_cells.h"

namespace evenface::stats {

/// How a before/after comparison is made.
struct BeforeAfterSettings {
  double level = 0.95;
  std::int64_t min_group = 30;     ///< rows below which a group is not estimable
  double margin = 0.01;            ///< the loss of accuracy that is taken as none
  std::int64_t bootstrap = 10000;  ///< replicates
  std::uint64_t seed = 1;
  RateInterval rates = RateInterval::kWilson;  ///< of the rates before and after
  bool false_discoveries = false;              ///< corrects by Benjamini & Yekutieli instead of Holm
};

/// A figure before and after, and its change.
struct Change {
  Estimate before, after, change;
};

enum class Outcome { kNone, kWon, kLost, kNotEstimable };

/// What happened to one group.
struct GroupChange {
  std::int64_t group;  ///< index into the cells' groups
  std::int64_t n;
  Change accuracy;
  double p, p_adjusted;  ///< raw, and corrected over all groups; a small group is tested too
  Outcome outcome;       ///< a significant change of an estimable group
  double lost, won;      ///< rows; with several runs the mean number of rows per pair of runs
};

enum class Verdict { kFairer, kLessFair, kNoEvidence };
enum class Price { kLost, kWithinMargin, kOpen };

/// A before/after comparison on the same rows, by the rules of one run each
/// (exact McNemar, Newcombe's paired interval, percentile bootstrap of the
/// spread) or of several seeds (methods: Before and after).
struct BeforeAfter {
  bool several_seeds = false;  ///< false: "These two models"; true: "The method"
  std::string test = {};       ///< of the groups' changes
  std::vector<GroupChange> groups = {};
  Change over_faces = {}, over_groups = {}, gap = {};
  Change spread = {};  ///< noise-corrected SD of the estimable groups
  std::int64_t estimable_groups = 0;
  Verdict verdict = Verdict::kNoEvidence;
  bool with_losers = false;
  Price price_over_faces = Price::kOpen, price_over_groups = Price::kOpen;
};

/// Compares. One run an arm, or at least three; two can't show the spread
/// between seeds. Throws InputError otherwise, or when fewer than two groups are estimable.
BeforeAfter compare_before_after(const PairedCells& cells, const BeforeAfterSettings& settings, const Context& context);

/// The change of every group that has rows, corrected over them. Throws nothing: small groups are not estimable.
std::vector<GroupChange> group_changes(const PairedCells& cells, const BeforeAfterSettings& settings);

/// The noise-corrected spread of one arm over groups that are all estimable: with one run by
/// inversion of the noncentral chi-square, with several by rows or seeds, whichever vary more.
/// `replicates` come from bootstrap_spread of the same cells; one run needs none.
Estimate arm_spread(const PairedCells& cells, Arm arm, double level, const std::vector<SpreadReplicate>& replicates);

/// The groups with at least `min_group` rows. Throws InputError when they are fewer than two.
std::vector<std::int64_t> estimable_groups(const PairedCells& cells, std::int64_t min_group);

/// The sign of an interval for a price: lost, within the margin, or open.
Price price_of(const Interval& change, double margin);

}  // namespace evenface::stats
