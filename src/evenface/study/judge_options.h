#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "evenface/core/options.h"
#include "evenface/stats/interval.h"
#include "evenface/study/outcomes.h"

namespace evenface::study {

/// What evaluate, compare and plan have in common: where truth is, how groups are made, how sure to be.
struct JudgeOptions {
  std::string id = "id", data, split = "test", output;
  std::vector<std::string> truth, predicted, by, scores, missing = table::missing_texts();
  std::string weight, person, positive;
  std::vector<std::string> metric;
  std::string family = "holm", interval = "wilson", bootstrap_interval = "percentile";
  std::int64_t min_group = 30, bootstrap = 10000, permutations = 2000, seed = 1;
  double level = 0.95, margin = 0.01, equivalence_margin = 0.05;

  template <class V>
  static void fields(V& v) {
    list<JudgeOptions>(v);
  }
  /// The fields, as members of an options struct that derives from this one.
  template <class Options, class V>
  static void list(V& v) {
    v(&Options::by, "by",
      {.help = "attributes whose crossing makes the groups, e.g. race,gender; repeated: the first is primary, the "
               "others are exploratory",
       .whole_texts = true});
    v(&Options::metric, "metric",
      {.help = "what is measured, e.g. accuracy, recall(fear), f1(macro); repeated: the first is primary",
       .whole_texts = true});
    v(&Options::positive, "positive", {.help = "the class that a binary metric is about"});
    v(&Options::id, "id", {.help = "column of the row's id"});
    v(&Options::truth, "truth", {.help = "columns of the true labels, one per task"});
    v(&Options::predicted, "predicted", {.help = "columns of the predicted labels, one per task"});
    v(&Options::scores, "scores",
      {.help = "columns of the predicted probabilities, one per class whose name ends with the class (p_happy), or one "
               "column of vectors"});
    v(&Options::missing, "missing",
      {.help = "texts that mean a missing class, group or person, beside the empty one; one that doesn't occur: none "
               "does"});
    v(&Options::weight, "weight", {.help = "column of the row's weight"});
    v(&Options::person, "person", {.help = "column of who is in the picture: rows of one person are not independent"});
    v(&Options::data, "data", {.help = "data set folder that gives truth and attributes, joined by id"});
    v(&Options::split, "split",
      {.help = "which predictions of a run folder are judged", .choices = {"test", "val", "train"}});
    v(&Options::min_group, "min_group", {.help = "rows below which a group is not estimable", .min = 2, .max = 1e9});
    v(&Options::level, "level", {.help = "coverage of the intervals", .min = 0.5, .max = 0.9999});
    v(&Options::family, "family",
      {.help = "correction for many groups: holm, or benjamini-yekutieli (false discovery rate)",
       .choices = {"holm", "benjamini-yekutieli"}});
    v(&Options::interval, "interval", {.help = "interval of a rate", .choices = {"wilson", "clopper-pearson"}});
    v(&Options::bootstrap_interval, "bootstrap_interval",
      {.help = "interval of metrics that are no rate", .choices = {"percentile", "bca"}});
    v(&Options::margin, "margin",
      {.help = "loss of the metric that is taken as none, in its unit: 0.01 is one point", .min = 0});
    v(&Options::equivalence_margin, "equivalence_margin",
      {.help = "difference between two groups that does not matter", .min = 1e-6, .max = 1});
    v(&Options::bootstrap, "bootstrap", {.help = "bootstrap replicates", .min = 100, .max = 1e7});
    v(&Options::permutations, "permutations", {.help = "draws of the chance level", .min = 99, .max = 1e7});
    v(&Options::seed, "seed", {.help = "seed of bootstrap and permutations", .min = 0});
    v(&Options::output, "output", {.help = "folder for findings.json and report.html"});
  }
  /// Of those who judge by them.
  template <class Options, class V>
  static void list_votes(V& v) {
    v(&Options::votes, "votes",
      {.help = "columns of annotators' votes or soft labels, one per class, the name ending with the class; or one "
               "column of vectors"});
  }
  OutcomeColumns columns() const;
  stats::RateInterval rate_interval() const {
    return interval == "wilson" ? stats::RateInterval::kWilson : stats::RateInterval::kClopperPearson;
  }
  /// Groupings that are loaded beside those of --by, for conditions that name them; not an option.
  std::vector<std::string> also_by;
  std::string shrinkage = "marginal";  ///< how the spread of the true rates is fitted; an option of evaluate and plan
  std::vector<std::string> votes;      ///< columns of annotators' votes; an option of evaluate and compare
};

}  // namespace evenface::study
