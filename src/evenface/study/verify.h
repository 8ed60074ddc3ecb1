#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/core/options.h"
#include "evenface/stats/before_after.h"
#include "evenface/stats/chance.h"
#include "evenface/stats/differentials.h"
#include "evenface/stats/verification.h"
#include "evenface/table/table.h"

namespace evenface::study {

struct VerifyOptions {
  std::string pairs, score = "score", same = "same", identity_a, identity_b;
  std::vector<std::string> by, missing = table::missing_texts();
  double threshold = std::numeric_limits<double>::quiet_NaN();  ///< NaN: found from `fmr`
  double fmr = 0;                                               ///< 0: not asked for
  bool distance = false;
  std::int64_t min_group = 30, permutations = 2000, seed = 1;
  double level = 0.95, alpha = 0.5;

  template <class V>
  static void fields(V& v) {
    using O = VerifyOptions;
    v(&O::pairs, "pairs", {.help = "a file with one row per compared pair of pictures"});
    v(&O::score, "score", {.help = "column of the score, higher for pictures more alike"});
    v(&O::same, "same",
      {.help = "column that says whether both pictures show the same person: 1 or 0, true or false, "
               "yes or no, same or different, genuine or impostor"});
    v(&O::by, "by",
      {.help = "columns whose crossing makes the groups of pairs, e.g. race,gender", .whole_texts = true});
    v(&O::missing, "missing",
      {.help = "texts that mean a missing group, beside the empty one; one that doesn't occur: none does"});
    v(&O::threshold, "threshold", {.help = "score from which a pair matches; nan: found from --fmr"});
    v(&O::fmr, "fmr",
      {.help = "false match rate over all impostor pairs that the threshold shall keep, e.g. 0.001; "
               "0: --threshold is given",
       .min = 0,
       .max = 0.999999});
    v(&O::distance, "distance", {.help = "the score is a distance: lower for pictures more alike"});
    v(&O::identity_a, "identity_a",
      {.help = "column of the person in the first picture; with it pairs of the same "
               "people are not taken as independent"});
    v(&O::identity_b, "identity_b", {.help = "column of the person in the second picture"});
    v(&O::min_group, "min_group",
      {.help = "pairs of a kind, and people in them, below which a rate is not estimable", .min = 2, .max = 1e9});
    v(&O::level, "level", {.help = "coverage of the intervals", .min = 0.5, .max = 0.9999});
    v(&O::alpha, "alpha",
      {.help = "weight of false matches against false non-matches in FDR, IR and GARBE", .min = 0, .max = 1});
    v(&O::permutations, "permutations", {.help = "draws of the chance level", .min = 99, .max = 1e7});
    v(&O::seed, "seed", {.help = "seed of the permutations", .min = 0});
  }
};

/// The compared pairs of a file. Scores of distances are turned round, so that higher means more alike.
struct ScoredPairs {
  std::vector<stats::Pair> pairs;
  std::vector<std::string> by;          ///< the columns whose crossing makes the groups
  std::vector<std::string> groups;      ///< names, by `stats::Pair::group`; a missing value is the level "missing"
  std::int64_t people = 0;              ///< 0 where unknown
  std::int64_t rows_without_group = 0;  ///< that have a level "missing"
};

/// Reads the pairs. Throws InputError naming the row where a score is no finite number, where `same` is
/// neither yes nor no, or where a person is missing or contradicts `same`; and when there are no genuine or
/// no impostor pairs.
ScoredPairs read_pairs(const VerifyOptions& options, int threads = 1);

/// One error rate of one group, against all other pairs of the kind.
struct PairRate {
  stats::ErrorCount count;
  stats::Estimate rate, difference;                ///< difference: the group's rate - the others'
  std::optional<double> p, p_adjusted;             ///< Holm over all groups and both rates
  stats::Outcome outcome = stats::Outcome::kNone;  ///< kLost: more errors than the others, kWon: fewer
};

struct PairGroup {
  std::string name;
  PairRate false_match, false_non_match;
};

/// One error rate over all groups.
struct PairDisparity {
  stats::ErrorCount count;
  stats::Estimate rate, gap;
  std::optional<stats::NullReference> gap_null;  ///< by chance; none where people are known, or under two groups
};

/// All that a verification found.
struct Verification {
  VerifyOptions options;
  std::vector<std::string> by;
  double threshold = 0;  ///< as the file's scores go
  std::vector<PairGroup> groups;
  PairDisparity false_match, false_non_match;
  stats::Differentials summary;
  std::int64_t people = 0, rows_without_group = 0;
};

/// Loads and judges. Throws InputError as read_pairs and threshold_for_fmr do, and unless just one of
/// threshold and fmr is given.
Verification verify(const VerifyOptions& options, const Context& context);

}  // namespace evenface::study
