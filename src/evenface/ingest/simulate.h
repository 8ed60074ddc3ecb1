#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "evenface/core/context.h"

namespace evenface::ingest {

/// Raised when the stage's output changes for the same options.
constexpr int kSimulateVersion = 1;

/// What to simulate, and which bias to put in. A group is written
/// "gender=feminine,skin=dark" (all must hold; "skin=medium|dark" for either;
/// "all" for everybody; empty: the knob is off).
struct SimulateOptions {
  std::string output;
  std::int64_t count = 6000, size_px = 128, seed = 1;
  double train_share = 0.6, val_share = 0.2;
  double difficulty = 0.4;
  std::int64_t quality = 92;

  std::string missing_group;
  double missing_share = 0.8;
  std::string noise_group;
  double noise_share = 0.3;
  std::string dark_group;
  double dark_stops = 1.5;
  std::string association_group, association_expression = "anger";
  double association_share = 0.5;
  std::string style_group;
  double style_strength = 0.8;
  std::string leak_group;
  double leak_share = 0.1;

  template <class V>
  static void fields(V& v) {
    using O = SimulateOptions;
    v(&O::output, "output", {.help = "data set folder to write"});
    v(&O::count, "count", {.help = "number of faces", .min = 10, .max = 999999});
    v(&O::size_px, "size", {.help = "side of each picture", .min = 32, .max = 2048, .unit = "px"});
    v(&O::seed, "seed", {.help = "another seed, other faces", .min = 0});
    v(&O::train_share, "train_share", {.help = "share of training rows", .min = 0, .max = 1});
    v(&O::val_share, "val_share", {.help = "share of validation rows; the rest is test", .min = 0, .max = 1});
    v(&O::difficulty, "difficulty", {.help = "0: textbook expressions, 1: faint and mixed ones", .min = 0, .max = 1});
    v(&O::quality, "quality", {.help = "JPEG quality", .min = 1, .max = 100});
    v(&O::missing_group, "missing_group", {.help = "group that is rare in training, e.g. gender=feminine,skin=dark"});
    v(&O::missing_share, "missing_share", {.help = "share of its training rows that others take", .min = 0, .max = 1});
    v(&O::noise_group, "noise_group", {.help = "group whose training labels are wrong at times"});
    v(&O::noise_share, "noise_share", {.help = "share of its training labels that are wrong", .min = 0, .max = 1});
    v(&O::dark_group, "dark_group", {.help = "group that is photographed too darkly, in every split"});
    v(&O::dark_stops, "dark_stops", {.help = "by how much", .min = 0, .max = 6, .unit = "stops"});
    v(&O::association_group, "association_group", {.help = "group that shows one expression more often in training"});
    v(&O::association_expression, "association_expression", {.help = "which expression"});
    v(&O::association_share, "association_share",
      {.help = "share of its training rows turned to that expression", .min = 0, .max = 1});
    v(&O::style_group, "style_group", {.help = "group that shows expressions in another way, in every split"});
    v(&O::style_strength, "style_strength", {.help = "how different that way is", .min = 0, .max = 1});
    v(&O::leak_group, "leak_group", {.help = "group whose val and test rows may repeat training pictures"});
    v(&O::leak_share, "leak_share", {.help = "share of its val and test rows that do", .min = 0, .max = 1});
  }
};

/// What one knob did.
struct KnobEffect {
  std::string knob, group;       ///< "noise", "gender=feminine,skin=dark"
  std::string words;             ///< one sentence
  std::int64_t eligible = 0;     ///< rows of the group that it could hit
  std::vector<std::string> ids;  ///< rows that it hit
};

struct SimulateSummary {
  std::int64_t rows = 0;
  std::map<std::string, std::int64_t> splits;
  std::vector<KnobEffect> knobs;
  std::int64_t drawn = 0, reused = 0;  ///< pictures; reused ones were left by an interrupted run
};

/// Writes a data set folder of simulated faces: images/000001.jpg ...,
/// manifest.parquet (label.expression; attr.skin_tone, attr.skin, attr.gender,
/// attr.age), truth.parquet (every parameter, the label before noise, the group,
/// what hit the row) and bias.json (the knobs and what they hit, in words and
/// numbers). Expressions, tones and presentations are balanced within each split
/// but for the knobs. The same options give the same bytes on any number of
/// threads. manifest.parquet is written last, so that an interrupted run is no data
/// set; the same command goes on with it.
///
/// Throws InputError for a group or expression that doesn't exist, listing those
/// that do, and for an output folder that holds something else.
SimulateSummary simulate(const SimulateOptions& options, const Context& context);

}  // namespace evenface::ingest
