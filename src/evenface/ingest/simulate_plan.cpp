#include "evenface/ingest/simulate_plan.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/core/error.h"
#include "evenface/table/manifest.h"

namespace evenface::ingest {
namespace {

constexpr std::int32_t kTrain = 0, kVal = 1;

std::uint64_t seed_of(const SimulateOptions& o) { return static_cast<std::uint64_t>(o.seed); }

void check(const SimulateOptions& o) {
  if (o.output.empty())
    throw InputError({.at = "output", .found = "it is empty", .expected = "a folder", .remedy = "name one: -o faces/"});
  require(o.train_share + o.val_share <= 1, "train_share and val_share must not exceed 1 together", o.train_share,
          o.val_share);
}

/// Rows in random splits; in each split expression, tone and presentation are crossed evenly.
std::vector<PlannedFace> balanced_rows(const SimulateOptions& o) {
  const auto train = static_cast<std::int64_t>(std::llround(o.train_share * static_cast<double>(o.count)));
  const auto val = static_cast<std::int64_t>(std::llround(o.val_share * static_cast<double>(o.count)));
  const std::vector<std::int64_t> order = permutation(o.count, Stream(seed_of(o), "simulate.split"));
  constexpr int kCells = image::kExpressions * image::kSkinTones * image::kGenders;
  std::vector<PlannedFace> rows(static_cast<std::size_t>(o.count));
  for (std::int64_t i = 0; i < o.count; ++i) {
    const auto at = static_cast<std::size_t>(order[static_cast<std::size_t>(i)]);
    PlannedFace& row = rows[at];
    row.id = fmt::format("{:06}", at + 1);
    row.image = fmt::format("images/{}.jpg", row.id);
    row.split = i < train ? kTrain : i < train + val ? kVal : 2;
    const std::int64_t within = row.split == kTrain ? i : row.split == kVal ? i - train : i - train - val;
    const auto round = static_cast<std::uint64_t>(within / kCells);
    const auto cell = permutation(
        kCells, Stream(seed_of(o), "simulate.cell",
                       {static_cast<std::uint64_t>(row.split), round}))[static_cast<std::size_t>(within % kCells)];
    row.cell.expression = static_cast<image::Expression>(cell % image::kExpressions);
    row.cell.gender = static_cast<image::Gender>(cell / image::kExpressions % image::kGenders);
    row.cell.skin_tone = 1 + static_cast<int>(cell / (image::kExpressions * image::kGenders));
    row.cell.age = static_cast<image::AgeBand>(Stream(seed_of(o), "simulate.age", {at}).below(image::kAgeBands));
  }
  return rows;
}

/// Visits the rows of a knob's group and records which of them it hits: each with
/// probability `share`, from a stream of its own.
template <class Eligible, class Act>
KnobEffect turn(const SimulateOptions& o, std::vector<PlannedFace>& rows, const std::string& knob,
                const std::string& text, double share, Eligible eligible, Act act) {
  const FaceGroup group(text, knob + "_group");
  KnobEffect effect{.knob = knob, .group = text};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!group.holds(rows[i].cell) || !eligible(rows[i])) continue;
    ++effect.eligible;
    Stream random(seed_of(o), "simulate." + knob, {i});
    if (random.uniform() >= share) continue;
    act(rows[i], random);
    effect.ids.push_back(rows[i].id);
  }
  return effect;
}

bool in_training(const PlannedFace& row) { return row.split == kTrain; }
bool anywhere(const PlannedFace&) { return true; }

/// A cell outside the group, with the same expression unless the group is about it.
FaceCell cell_outside(const FaceGroup& group, FaceCell cell, Stream& random) {
  for (int attempt = 0; attempt < 10000; ++attempt) {
    if (group.names_expression()) cell.expression = static_cast<image::Expression>(random.below(image::kExpressions));
    cell.gender = static_cast<image::Gender>(random.below(image::kGenders));
    cell.age = static_cast<image::AgeBand>(random.below(image::kAgeBands));
    cell.skin_tone = 1 + static_cast<int>(random.below(image::kSkinTones));
    if (!group.holds(cell)) return cell;
  }
  throw InputError({.at = "missing_group",
                    .found = "the group holds everybody",
                    .expected = "a group that leaves others",
                    .remedy = "name a smaller group"});
}

void make_rare(const SimulateOptions& o, SimulationPlan& plan) {
  if (o.missing_group.empty()) return;
  const FaceGroup group(o.missing_group, "missing_group");
  plan.knobs.push_back(
      turn(o, plan.rows, "missing", o.missing_group, o.missing_share, in_training,
           [&](PlannedFace& row, Stream& random) { row.cell = cell_outside(group, row.cell, random); }));
  KnobEffect& effect = plan.knobs.back();
  effect.words =
      fmt::format("{} of {} training rows of {} were given to other groups: {} are left", effect.ids.size(),
                  effect.eligible, o.missing_group, effect.eligible - static_cast<std::int64_t>(effect.ids.size()));
}

void associate(const SimulateOptions& o, SimulationPlan& plan) {
  if (o.association_group.empty()) return;
  const auto levels = face_levels("expression");
  const auto found = std::ranges::find(levels, o.association_expression);
  if (found == levels.end())
    throw InputError({.at = "association_expression",
                      .found = fmt::format("there is no expression \"{}\"", o.association_expression),
                      .expected = fmt::format("one of {}", fmt::join(levels, ", ")),
                      .remedy = "name one of these"});
  const auto wanted = static_cast<image::Expression>(found - levels.begin());
  plan.knobs.push_back(turn(
      o, plan.rows, "association", o.association_group, o.association_share,
      [&](const PlannedFace& row) { return in_training(row) && row.cell.expression != wanted; },
      [&](PlannedFace& row, Stream&) { row.cell.expression = wanted; }));
  KnobEffect& effect = plan.knobs.back();
  effect.words = fmt::format("{} of {} training rows of {} with other expressions show {} instead", effect.ids.size(),
                             effect.eligible, o.association_group, o.association_expression);
}

void restyle(const SimulateOptions& o, SimulationPlan& plan) {
  if (o.style_group.empty()) return;
  plan.knobs.push_back(turn(o, plan.rows, "style", o.style_group, 1, anywhere,
                            [&](PlannedFace& row, Stream&) { row.other_style = o.style_strength; }));
  plan.knobs.back().words = fmt::format(
      "all {} rows of {} show expressions in another way (strength {}): brows rest low, mouth corners down, mouths "
      "open less",
      plan.knobs.back().eligible, o.style_group, o.style_strength);
}

void darken(const SimulateOptions& o, SimulationPlan& plan) {
  if (o.dark_group.empty()) return;
  plan.knobs.push_back(turn(o, plan.rows, "dark", o.dark_group, 1, anywhere,
                            [&](PlannedFace& row, Stream&) { row.darker_stops = o.dark_stops; }));
  plan.knobs.back().words = fmt::format("all {} rows of {} are underexposed by {} stops", plan.knobs.back().eligible,
                                        o.dark_group, o.dark_stops);
}

void mislabel(const SimulateOptions& o, SimulationPlan& plan) {
  for (PlannedFace& row : plan.rows) row.label = row.cell.expression;
  if (o.noise_group.empty()) return;
  plan.knobs.push_back(
      turn(o, plan.rows, "noise", o.noise_group, o.noise_share, in_training, [](PlannedFace& row, Stream& random) {
        const auto step = 1 + static_cast<int>(random.below(image::kExpressions - 1));
        row.label = static_cast<image::Expression>((static_cast<int>(row.label) + step) % image::kExpressions);
      }));
  KnobEffect& effect = plan.knobs.back();
  effect.words = fmt::format("{} of {} training rows of {} carry a wrong label, every wrong one equally likely",
                             effect.ids.size(), effect.eligible, o.noise_group);
}

void leak(const SimulateOptions& o, SimulationPlan& plan) {
  if (o.leak_group.empty()) return;
  const FaceGroup group(o.leak_group, "leak_group");
  std::vector<std::int64_t> sources;
  for (std::size_t i = 0; i < plan.rows.size(); ++i)
    if (in_training(plan.rows[i]) && group.holds(plan.rows[i].cell)) sources.push_back(static_cast<std::int64_t>(i));
  if (sources.empty())
    throw InputError({.at = "leak_group",
                      .found = "no training row is left in the group",
                      .expected = "rows to repeat",
                      .remedy = "name a larger group or simulate more faces"});
  plan.knobs.push_back(turn(
      o, plan.rows, "leak", o.leak_group, o.leak_share, [](const PlannedFace& row) { return !in_training(row); },
      [&](PlannedFace& row, Stream& random) {
        const std::int64_t source = sources[random.below(sources.size())];
        const PlannedFace& original = plan.rows[static_cast<std::size_t>(source)];
        row = {.id = row.id,
               .image = row.image,
               .split = row.split,
               .cell = original.cell,
               .label = original.label,
               .other_style = original.other_style,
               .darker_stops = original.darker_stops,
               .source = source};
      }));
  KnobEffect& effect = plan.knobs.back();
  effect.words = fmt::format("{} of {} val and test rows of {} repeat a training picture byte by byte",
                             effect.ids.size(), effect.eligible, o.leak_group);
}

}  // namespace

SimulationPlan plan_simulation(const SimulateOptions& o) {
  check(o);
  SimulationPlan plan{balanced_rows(o), {}};
  make_rare(o, plan);
  associate(o, plan);
  restyle(o, plan);
  darken(o, plan);
  mislabel(o, plan);
  leak(o, plan);
  return plan;
}

image::FaceParameters face_of(const SimulateOptions& o, const SimulationPlan& plan, std::int64_t index) {
  const PlannedFace& row = plan.rows[static_cast<std::size_t>(index)];
  const std::int64_t drawn = row.source >= 0 ? row.source : index;
  image::FaceParameters face = image::draw_face(
      Stream(seed_of(o), "simulate.face", {static_cast<std::uint64_t>(drawn)}), {.expression = row.cell.expression,
                                                                                 .gender = row.cell.gender,
                                                                                 .age = row.cell.age,
                                                                                 .skin_tone = row.cell.skin_tone,
                                                                                 .difficulty = o.difficulty,
                                                                                 .other_style = row.other_style});
  face.view.exposure -= row.darker_stops;
  return face;
}

}  // namespace evenface::ingest
