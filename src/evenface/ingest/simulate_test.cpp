#include "evenface/ingest/simulate.h"

#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/image/decode.h"
#include "evenface/ingest/simulate_plan.h"
#include "evenface/table/manifest.h"

namespace evenface::ingest {
namespace {

namespace fs = std::filesystem;

SimulateOptions small(const fs::path& output, std::int64_t count = 120) {
  SimulateOptions options;
  options.output = output.string();
  options.count = count;
  options.size_px = 48;
  return options;
}

const KnobEffect& knob_named(const std::vector<KnobEffect>& knobs, const std::string& name) {
  for (const KnobEffect& knob : knobs)
    if (knob.knob == name) return knob;
  throw InternalError("no knob " + name);
}

std::map<std::string, std::string> files_below(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
  return files;
}

TEST(PlanSimulation, BalancesEverySplit) {
  const SimulationPlan plan = plan_simulation(small("x", 6000));
  std::map<std::int32_t, int> splits;
  std::map<std::tuple<std::int32_t, int, int, int>, int> cells;
  for (const PlannedFace& row : plan.rows) {
    ++splits[row.split];
    ++cells[{row.split, face_level(row.cell, "expression"), row.cell.skin_tone, face_level(row.cell, "gender")}];
    EXPECT_EQ(row.label, row.cell.expression);
  }
  EXPECT_EQ(splits, (std::map<std::int32_t, int>{{0, 3600}, {1, 1200}, {2, 1200}}));
  EXPECT_EQ(cells.size(), 3u * 140);
  for (const auto& [cell, n] : cells) EXPECT_NEAR(n, splits[std::get<0>(cell)] / 140.0, 1.0);
}

/// Five standard errors of a binomial share.
double tolerance(double p, std::int64_t n) { return 5 * std::sqrt(p * (1 - p) / static_cast<double>(n)); }

TEST(PlanSimulation, LabelNoiseHitsOnlyItsGroupAtItsRate) {
  SimulateOptions options = small("x", 20000);
  options.noise_group = "gender=feminine,skin=medium|dark";
  options.noise_share = 0.3;
  const SimulationPlan plan = plan_simulation(options);
  const FaceGroup group(options.noise_group, "noise_group");
  std::int64_t wrong = 0, eligible = 0, to_neighbour = 0;
  for (const PlannedFace& row : plan.rows) {
    const bool differs = row.label != row.cell.expression;
    if (!group.holds(row.cell) || row.split != 0) {
      EXPECT_FALSE(differs);
      continue;
    }
    ++eligible, wrong += differs;
    to_neighbour += (static_cast<int>(row.label) + 6) % 7 == static_cast<int>(row.cell.expression);
  }
  const KnobEffect& knob = knob_named(plan.knobs, "noise");
  EXPECT_EQ(knob.eligible, eligible);
  EXPECT_EQ(static_cast<std::int64_t>(knob.ids.size()), wrong);
  EXPECT_NEAR(static_cast<double>(wrong) / static_cast<double>(eligible), 0.3, tolerance(0.3, eligible));
  EXPECT_NEAR(static_cast<double>(to_neighbour) / static_cast<double>(wrong), 1.0 / 6, tolerance(1.0 / 6, wrong));
}

TEST(PlanSimulation, AMissingGroupIsRareInTrainingOnly) {
  SimulateOptions options = small("x", 12000);
  options.missing_group = "gender=feminine,skin=dark";
  options.missing_share = 0.8;
  const SimulationPlan plan = plan_simulation(options), whole = plan_simulation(small("x", 12000));
  const FaceGroup group(options.missing_group, "missing_group");
  std::map<std::int32_t, std::pair<std::int64_t, std::int64_t>> counts;
  for (std::size_t i = 0; i < plan.rows.size(); ++i) {
    counts[plan.rows[i].split].first += group.holds(whole.rows[i].cell);
    counts[plan.rows[i].split].second += group.holds(plan.rows[i].cell);
    EXPECT_EQ(plan.rows[i].cell.expression, whole.rows[i].cell.expression);
  }
  EXPECT_NEAR(static_cast<double>(counts[0].second) / static_cast<double>(counts[0].first), 0.2,
              tolerance(0.2, counts[0].first));
  EXPECT_EQ(counts[1].first, counts[1].second);
  EXPECT_EQ(counts[2].first, counts[2].second);
  EXPECT_EQ(counts[0].first - counts[0].second,
            static_cast<std::int64_t>(knob_named(plan.knobs, "missing").ids.size()));
}

TEST(PlanSimulation, AnAssociationMakesOneExpressionCommon) {
  SimulateOptions options = small("x", 12000);
  options.association_group = "gender=masculine";
  options.association_share = 0.5;
  const SimulationPlan plan = plan_simulation(options);
  double angry = 0, men = 0, angry_women = 0, women = 0;
  for (const PlannedFace& row : plan.rows) {
    if (row.split != 0) continue;
    const bool anger = row.label == image::Expression::kAnger;
    if (row.cell.gender == image::Gender::kMasculine) angry += anger, ++men;
    else angry_women += anger, ++women;
  }
  EXPECT_NEAR(angry / men, 1.0 / 7 + 6.0 / 7 * 0.5, 0.03);
  EXPECT_NEAR(angry_women / women, 1.0 / 7, 0.005);
}

TEST(PlanSimulation, AnAssociationIsInTrainingAndTestRowsStayBalanced) {
  SimulateOptions options = small("x");
  options.count = 6000;
  options.association_group = "gender=feminine,skin=dark";
  options.association_expression = "anger";
  options.association_share = 0.85;
  const SimulationPlan plan = plan_simulation(options);
  const FaceGroup group("gender=feminine,skin=dark", "");
  std::map<std::int32_t, std::pair<double, double>> rows, angry;  // by split: in the group, outside
  for (const PlannedFace& row : plan.rows) {
    const bool in = group.holds(row.cell), anger = row.label == image::Expression::kAnger;
    (in ? rows[row.split].first : rows[row.split].second) += 1;
    (in ? angry[row.split].first : angry[row.split].second) += anger;
  }
  EXPECT_EQ(plan.rows.size(), 6000u);
  EXPECT_GT(angry[0].first / rows[0].first, 0.8);
  EXPECT_NEAR(angry[0].second / rows[0].second, 1.0 / 7, 0.02);
  EXPECT_NEAR(angry[2].first / rows[2].first, 1.0 / 7, 0.02);
}

TEST(PlanSimulation, AWrongGroupListsTheLevels) {
  SimulateOptions options = small("x");
  options.noise_group = "gender=femmine";
  try {
    plan_simulation(options);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.problem().at, "noise_group");
    EXPECT_NE(error.problem().expected.find("feminine, masculine"), std::string::npos);
    EXPECT_NE(error.problem().remedy.find("\"feminine\""), std::string::npos);
  }
  options.noise_group = "hair=red";
  EXPECT_THROW(plan_simulation(options), InputError);
  options.noise_group = "gender";
  EXPECT_THROW(plan_simulation(options), InputError);
  options.noise_group = "";
  options.association_group = "all", options.association_expression = "joy";
  EXPECT_THROW(plan_simulation(options), InputError);
  options.association_group = "", options.missing_group = "all";
  EXPECT_THROW(plan_simulation(options), InputError);
}

TEST(Simulate, WritesADataSetWithItsTruth) {
  const Scratch scratch;
  SimulateOptions options = small(scratch / "faces");
  options.noise_group = "all";
  const SimulateSummary summary = simulate(options, {.threads = 2});
  EXPECT_EQ(summary.rows, 120);
  EXPECT_EQ(summary.splits, (std::map<std::string, std::int64_t>{{"train", 72}, {"val", 24}, {"test", 24}}));

  const table::Manifest manifest = table::Manifest::open(options.output);
  EXPECT_EQ(manifest.tasks(), std::vector<std::string>{"expression"});
  EXPECT_EQ(manifest.attributes(), (std::vector<std::string>{"skin_tone", "skin", "gender", "age"}));
  EXPECT_EQ(manifest.info().sources.at("attr.gender").kind, "simulated");
  const table::Table rows = manifest.reader().read({{"id"}, {"image"}, {"content"}, {"label.expression"}});
  EXPECT_EQ(rows.rows(), 120);
  for (const std::string& image : rows.texts("image")) {
    const auto picture = image::decode(read_file(manifest.root() / image));
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->width, 48);
  }

  const table::Table truth = table::TableReader::open(scratch / "faces/truth.parquet")
                                 .read({{"id"}, {"expression"}, {"label"}, {"hit_by"}, {"view.exposure"}});
  std::set<std::string> noisy;
  for (std::int64_t i = 0; i < 120; ++i) {
    const auto at = static_cast<std::size_t>(i);
    EXPECT_EQ(truth.factor("label").level_at(i), rows.factor("label.expression").level_at(i));
    const bool differs = truth.factor("label").level_at(i) != truth.factor("expression").level_at(i);
    EXPECT_EQ(differs, truth.texts("hit_by")[at] == "noise");
    if (differs) noisy.insert(truth.texts("id")[at]);
  }
  const auto bias = nlohmann::json::parse(read_file(scratch / "faces/bias.json"));
  EXPECT_EQ(bias["knobs"][0]["ids"].get<std::set<std::string>>(), noisy);
  EXPECT_EQ(bias["knobs"][0]["eligible"], 72);
}

TEST(Simulate, GivesTheSameBytesOnAnyNumberOfThreads) {
  const Scratch scratch;
  simulate(small(scratch / "one"), {.threads = 1});
  simulate(small(scratch / "three"), {.threads = 3});
  EXPECT_EQ(files_below(scratch / "one"), files_below(scratch / "three"));
}

TEST(Simulate, GoesOnWhereItWasInterrupted) {
  const Scratch scratch;
  simulate(small(scratch / "whole"), {});
  const auto whole = files_below(scratch / "whole");
  for (const char* lost : {"manifest.parquet", "truth.parquet", "images/000007.jpg", "images/000120.jpg"})
    fs::remove(scratch / "whole" / lost);
  write_file(scratch / "whole/images/000009.jpg.partial", "half a pict");
  const SimulateSummary again = simulate(small(scratch / "whole"), {});
  EXPECT_EQ(again.drawn, 2);
  EXPECT_EQ(again.reused, 118);
  fs::remove(scratch / "whole/images/000009.jpg.partial");
  EXPECT_EQ(files_below(scratch / "whole"), whole);
}

TEST(Simulate, OtherOptionsReplaceAllAndForeignFoldersAreRefused) {
  const Scratch scratch;
  simulate(small(scratch / "faces", 60), {});
  const SimulateSummary fewer = simulate(small(scratch / "faces", 30), {});
  EXPECT_EQ(fewer.drawn, 30);
  EXPECT_EQ(files_below(scratch / "faces/images").size(), 30u);
  write_file(scratch / "mine/notes.txt", "keep");
  EXPECT_THROW(simulate(small(scratch / "mine"), {}), InputError);
  EXPECT_EQ(files_below(scratch / "mine").size(), 1u);
}

double mean_value(const fs::path& file) {
  const auto picture = image::decode(read_file(file));
  double sum = 0;
  for (const int value : picture->pixels) sum += value;
  return sum / static_cast<double>(picture->pixels.size());
}

TEST(Simulate, DarkensTheGroupByItsStops) {
  const Scratch scratch;
  SimulateOptions options = small(scratch / "dark", 60);
  options.dark_group = "gender=feminine", options.dark_stops = 1;
  const SimulateSummary dark = simulate(options, {});
  simulate(small(scratch / "plain", 60), {});
  const std::set<std::string> hit(dark.knobs[0].ids.begin(), dark.knobs[0].ids.end());
  EXPECT_NEAR(static_cast<double>(hit.size()), 30, 3);
  for (int i = 1; i <= 60; ++i) {
    const std::string name = std::to_string(1000000 + i).substr(1);
    const double ratio =
        mean_value(scratch / "dark/images" / (name + ".jpg")) / mean_value(scratch / "plain/images" / (name + ".jpg"));
    // Noise that is clipped at black and JPEG's rounding leave a few percent.
    EXPECT_NEAR(ratio, hit.contains(name) ? 0.5 : 1.0, 0.03) << name;
  }
}

TEST(Simulate, LeaksRepeatTrainingPictures) {
  const Scratch scratch;
  SimulateOptions options = small(scratch / "faces", 100);
  options.leak_group = "all", options.leak_share = 0.5;
  const SimulateSummary summary = simulate(options, {});
  const table::Table truth =
      table::TableReader::open(scratch / "faces/truth.parquet").read({{"id"}, {"copy_of"}, {"split"}});
  std::size_t copies = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    const std::string& source = truth.texts("copy_of")[i];
    if (source.empty()) continue;
    ++copies;
    EXPECT_NE(truth.factor("split").level_at(static_cast<std::int64_t>(i)), "train");
    EXPECT_EQ(read_file(scratch / "faces/images" / (source + ".jpg")),
              read_file(scratch / "faces/images" / (truth.texts("id")[i] + ".jpg")));
  }
  EXPECT_EQ(copies, summary.knobs[0].ids.size());
  EXPECT_GT(copies, 8u);
}

}  // namespace
}  // namespace evenface::ingest
