#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/core/options.h"
#include "evenface/stats/before_after.h"
#include "evenface/stats/chance.h"
#include "evenface/stats/worst_group.h"
#include "evenface/study/outcomes.h"

namespace evenface::study {

/// What evaluate and compare have in common: where truth is, how groups are made, how sure to be.
struct JudgeOptions {
  std::string id = "id", data, split = "test", output;
  std::vector<std::string> truth, predicted, by;
  std::int64_t min_group = 30, bootstrap = 10000, permutations = 2000, seed = 1;
  double level = 0.95, margin = 0.01;

  template <class V>
  static void fields(V& v) {
    list<JudgeOptions>(v);
  }
  /// The fields, as members of an options struct that derives from this one.
  template <class Options, class V>
  static void list(V& v) {
    v(&Options::by, "by",
      {.help = "attributes whose crossing makes the groups, e.g. race,gender; repeat it for other groupings",
       .whole_texts = true});
    v(&Options::id, "id", {.help = "column of the row's id"});
    v(&Options::truth, "truth", {.help = "columns of the true labels, one per task"});
    v(&Options::predicted, "predicted", {.help = "columns of the predicted labels, one per task"});
    v(&Options::data, "data", {.help = "data set folder that gives truth and attributes, joined by id"});
    v(&Options::split, "split",
      {.help = "which predictions of a run folder are judged", .choices = {"test", "val", "train"}});
    v(&Options::min_group, "min_group", {.help = "rows below which a group is not estimable", .min = 2, .max = 1e9});
    v(&Options::level, "level", {.help = "coverage of the intervals", .min = 0.5, .max = 0.9999});
    v(&Options::margin, "margin", {.help = "loss of accuracy that is taken as none", .min = 0, .max = 1});
    v(&Options::bootstrap, "bootstrap", {.help = "bootstrap replicates", .min = 100, .max = 1e7});
    v(&Options::permutations, "permutations", {.help = "draws of the chance level", .min = 99, .max = 1e7});
    v(&Options::seed, "seed", {.help = "seed of bootstrap and permutations", .min = 0});
    v(&Options::output, "output", {.help = "folder for findings.json and report.html"});
  }
  OutcomeColumns columns() const { return {id, truth, predicted, crossings_of(by), data}; }
};

struct CompareOptions : JudgeOptions {
  std::vector<std::string> before, after;
  template <class V>
  static void fields(V& v) {
    v(&CompareOptions::before, "before", {.help = "predictions before: a file, a run folder or a folder of runs"});
    v(&CompareOptions::after, "after", {.help = "predictions after"});
    list<CompareOptions>(v);
  }
};

/// How the verdict reads, with its qualifiers.
struct FullVerdict {
  bool comparable = true;
  std::vector<std::string> reasons;  ///< why not comparable
  stats::Verdict spread = stats::Verdict::kNoEvidence;
  bool with_losers = false;
  bool by_levelling_down = false;
};

/// All that a comparison found; findings.json, the terminal and --json are views of it.
struct Comparison {
  std::vector<std::string> names;  ///< of the two arms
  std::vector<RunSource> before, after;
  JudgeOptions options;
  Outcomes outcomes;
  stats::BeforeAfter result;
  FullVerdict verdict;
  stats::Change worst;  ///< cross-fitted worst group
  stats::WorstGroup worst_before, worst_after;
  stats::NullReference gap_before, gap_after, spread_before, spread_after;  ///< raw; the spread as counted
  double detectable_gap = 0;                                                ///< with 80 % power after correction
  double median_group_rows = 0;

  const std::string& group_name(std::int64_t group) const {
    return outcomes.group().levels[static_cast<std::size_t>(group)];
  }
};

/// Loads, joins and compares. Throws InputError as load_outcomes and compare_before_after do.
Comparison compare(const CompareOptions& options, const Context& context);

/// The median number of rows of a group that is estimable.
double median_rows(const stats::PairedCells& cells);

}  // namespace evenface::study
