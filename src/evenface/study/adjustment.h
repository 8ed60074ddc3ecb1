#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evenface/adjust/rule.h"
#include "evenface/core/context.h"
#include "evenface/core/options.h"
#include "evenface/table/table.h"

namespace evenface::study {

struct AdjustOptions {
  std::vector<std::string> predictions, by, scores, classes, missing = table::missing_texts();
  std::string method, criterion, objective, rule, save, output;
  std::string id = "id", truth, predicted, score, score_kind = "probability", positive, weight, data;
  std::string fit_split = "val", split = "test";
  bool flip = false;
  std::int64_t grid = 0, min_group = 30, seed = 1;
  double margin = 0.01, ridge = 0.01, shrink = 30;

  template <class V>
  static void fields(V& v) {
    using O = AdjustOptions;
    v(&O::predictions, "predictions",
      {.help = "predictions to fit on, then predictions to adjust; with --rule only the latter"});
    v(&O::method, "method", {.help = "how to adjust", .choices = {"thresholds", "shifts", "temperature"}});
    v(&O::criterion, "criterion",
      {.help = "what thresholds make equal over groups: selection rate, true positive rate, or that and the false "
               "positive rate (default)",
       .choices = {"parity", "opportunity", "odds"}});
    v(&O::objective, "objective",
      {.help = "what is made as good as possible: accuracy (default) or balanced-accuracy by thresholds, "
               "group-accuracy (default) or spread by shifts",
       .choices = {"accuracy", "balanced-accuracy", "group-accuracy", "spread"}});
    v(&O::by, "by", {.help = "attributes whose crossing makes the groups, e.g. race,gender", .whole_texts = true});
    v(&O::id, "id", {.help = "column of the row's id"});
    v(&O::truth, "truth", {.help = "column of the true label, or a task of a run folder"});
    v(&O::predicted, "predicted",
      {.help = "column of the predicted label, which is written anew; it need not be there"});
    v(&O::score, "score", {.help = "column that is higher the more it speaks for the positive class"});
    v(&O::scores, "scores", {.help = "one score column per class, or one column of vectors such as race.scores"});
    v(&O::classes, "classes",
      {.help = "the class that each of --scores stands for; default: the one that its column's name ends with"});
    v(&O::score_kind, "score_kind",
      {.help = "what the scores are; ranks are enough for thresholds", .choices = {"probability", "logit", "rank"}});
    v(&O::positive, "positive", {.help = "the class that thresholds decide for or against"});
    v(&O::missing, "missing",
      {.help = "texts that mean a missing class or group, beside the empty one; one that doesn't occur: none does"});
    v(&O::weight, "weight", {.help = "column of row weights, for fitting"});
    v(&O::data, "data", {.help = "data set folder that gives truth and attributes, joined by id"});
    v(&O::fit_split, "fit_split",
      {.help = "which predictions of a run folder are fitted on", .choices = {"val", "train", "test"}});
    v(&O::split, "split",
      {.help = "which predictions of a run folder are adjusted", .choices = {"test", "val", "train"}});
    v(&O::flip, "flip", {.help = "thresholds may decide low scores positive"});
    v(&O::grid, "grid",
      {.help = "look only at multiples of 1/grid for the common rate, as Fairlearn does with 1000; 0: exact",
       .min = 0,
       .max = 1e6});
    v(&O::min_group, "min_group", {.help = "rows below which a group can't be fitted", .min = 1, .max = 1e9});
    v(&O::margin, "margin", {.help = "loss of accuracy that --objective spread may cost", .min = 0, .max = 1});
    v(&O::ridge, "ridge", {.help = "what shifts of one SD of the logits cost, as an accuracy", .min = 0, .max = 1000});
    v(&O::shrink, "shrink",
      {.help = "rows of the pooled accuracy that shifts add to each group", .min = 0, .max = 1e9, .unit = "rows"});
    v(&O::seed, "seed", {.help = "seed of the lots that thresholds may draw", .min = 0});
    v(&O::rule, "rule", {.help = "apply this saved rule, fit none: options that only a fit looks at are refused"});
    v(&O::save, "save", {.help = "save the fitted rule in this JSON file"});
    v(&O::output, "output", {.help = "adjusted predictions: the file with new predictions, as .csv or .parquet"});
  }
};

/// Rates of some rows, as expected over the lots; by weight. Empty where they have no denominator.
struct AdjustRates {
  std::optional<double> accuracy, selection, true_positive, false_positive;
};

/// A group, or all rows, of the rows that a rule was fitted on.
struct AdjustChange {
  std::string name;
  std::int64_t n = 0;
  AdjustRates before, after;  ///< before: without any rate where the file makes no predictions
};

/// What the rule does to the rows it was fitted on. These are no estimates of what it does elsewhere.
struct FitReport {
  std::string file;
  std::int64_t rows = 0, left_out = 0;  ///< left out: no truth, no group or no score
  AdjustChange overall;
  std::vector<AdjustChange> groups;
  std::optional<double> spread_before, spread_after;  ///< noise-corrected SD of the groups with enough rows
  double common_rate = 0, random_share = 0;           ///< thresholds: rows that lots decide
  std::optional<adjust::TemperatureFit> temperature;
};

/// What happened to the rows that were adjusted.
struct ApplyReport {
  std::string file, output, data;        ///< data: the data set that gives truth and attributes, if one does
  bool has_truth = false;                ///< the file or the data set gives the true labels
  std::int64_t rows = 0, undecided = 0;  ///< undecided: no score or no group; their prediction is left empty
  std::optional<std::int64_t> changed;   ///< where the file made predictions
};

struct Adjustment {
  adjust::Rule rule;
  std::optional<FitReport> fit;
  std::optional<ApplyReport> applied;
};

/// Fits or reads a rule, saves it, applies it and writes the adjusted predictions, as the options say. Throws
/// InputError also when rows to adjust are rows that the rule was fitted on.
Adjustment adjust_predictions(const AdjustOptions& options, const Context& context);

}  // namespace evenface::study
