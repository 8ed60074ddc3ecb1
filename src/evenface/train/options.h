#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "evenface/train/weighting_names.h"

namespace evenface::train {

/// How a model is trained; `train()` says what it makes.
struct TrainOptions {
  std::string data, output;
  std::vector<std::string> tasks;
  std::string backbone = "efficientnet_lite0", backbone_weights, features, feature_cache, precision = "f32";
  std::int64_t image_px = 160;
  std::string finetune_from, augment = "none";
  std::int64_t hidden = 256;
  double input_dropout = 0.3, hidden_dropout = 0.5;
  std::int64_t epochs = 20, batch = 256;
  double learning_rate = 3e-3, backbone_learning_rate = 3e-4, weight_decay = 0.01, warmup = 0.1;
  double label_smoothing = 0, clip_norm = 0;
  std::string monitor = "joint-accuracy";
  std::int64_t patience = 0;
  std::string weighting = "uniform", feedback;
  std::vector<std::string> weight_by;
  std::int64_t seed = 1, seeds = 1;
  double checkpoint_minutes = 5;
  bool overwrite = false;

  /// Where each option's value came from (recipe, --set, flag), by name; for config.toml.
  /// An option that is not named here is a default.
  std::map<std::string, std::string> origins;

  template <class V>
  static void fields(V& v) {
    using T = TrainOptions;
    v(&T::data, "data", {.help = "data set folder, made by evenface ingest"});
    v(&T::output, "output", {.help = "run folder to write"});
    v(&T::tasks, "tasks", {.help = "labels to predict, e.g. race,gender; without it all labels of the data set"});
    v(&T::backbone, "backbone", {.help = "network that turns a picture into features"});
    v(&T::backbone_weights, "backbone_weights",
      {.help = "its weights, a safetensors file; without it those of the set-up"});
    v(&T::features, "features",
      {.help = "your own features instead of a backbone's: a Parquet file with the columns id and features"});
    v(&T::feature_cache, "feature_cache",
      {.help = "folder that keeps a backbone's features; without it `features` in the data set folder"});
    v(&T::precision, "precision",
      {.help = "of the backbone while training; bf16 is faster where the processor has it, and slightly less exact",
       .choices = {"f32", "bf16"}});
    v(&T::image_px, "image_px",
      {.help = "side of the picture that the backbone sees", .min = 32, .max = 2048, .unit = "px"});
    v(&T::finetune_from, "finetune_from",
      {.help = "first stage of the backbone to train as well; without it the backbone stays as it is"});
    v(&T::augment, "augment",
      {.help = "random changes to training pictures; needs finetune_from", .choices = {"none", "standard"}});
    v(&T::hidden, "hidden", {.help = "units of the hidden layer; 0: none", .min = 0, .max = 65536});
    v(&T::input_dropout, "input_dropout", {.help = "share of features dropped in training", .min = 0, .max = 0.99});
    v(&T::hidden_dropout, "hidden_dropout",
      {.help = "share of hidden units dropped in training", .min = 0, .max = 0.99});
    v(&T::epochs, "epochs", {.help = "passes over the training rows", .min = 1, .max = 100000});
    v(&T::batch, "batch",
      {.help = "rows per step; an epoch is cut into steps of nearly equal size", .min = 2, .max = 65536});
    v(&T::learning_rate, "learning_rate", {.help = "peak learning rate of the heads", .min = 1e-9, .max = 10});
    v(&T::backbone_learning_rate, "backbone_learning_rate",
      {.help = "peak learning rate of the backbone's trained stages", .min = 1e-9, .max = 10});
    v(&T::weight_decay, "weight_decay",
      {.help = "decoupled weight decay; none on biases and norms", .min = 0, .max = 10});
    v(&T::warmup, "warmup", {.help = "share of the steps over which the learning rate rises", .min = 0, .max = 1});
    v(&T::label_smoothing, "label_smoothing",
      {.help = "probability spread evenly over the classes", .min = 0, .max = 0.9});
    v(&T::clip_norm, "clip_norm", {.help = "largest norm of the gradient; 0: no limit", .min = 0});
    v(&T::monitor, "monitor",
      {.help = "what decides on validation rows which epoch is best",
       .choices = {"joint-accuracy", "task-accuracy", "cell-accuracy", "loss"}});
    v(&T::patience, "patience", {.help = "epochs without a better one after which training stops; 0: never", .min = 0});
    v(&T::weighting, "weighting", {.help = "how training rows are weighted", .choices = weighting_names()});
    v(&T::feedback, "feedback",
      {.help = "finished run whose validation predictions drive the weighting (with several seeds: each its own)"});
    v(&T::weight_by, "weight_by",
      {.help = "labels or attributes whose crossing gets one weight per cell; without it the tasks"});
    v(&T::seed, "seed", {.help = "seed of the first run", .min = 0, .max = 9e15});
    v(&T::seeds, "seeds",
      {.help = "runs with consecutive seeds, each in its own folder seed-<k>", .min = 1, .max = 1000});
    v(&T::checkpoint_minutes, "checkpoint_minutes",
      {.help = "time after which an epoch's progress is saved; 0: at each step", .min = 0, .unit = "min"});
    v(&T::overwrite, "overwrite", {.help = "replace a run of other options or inputs in the same folder"});
  }
};

}  // namespace evenface::train
