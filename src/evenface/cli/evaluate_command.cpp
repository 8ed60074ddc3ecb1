#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/cli/command.h"
#include "evenface/cli/judgement_output.h"
#include "evenface/cli/text_table.h"
#include "evenface/study/evaluate.h"
#include "evenface/study/finding.h"
#include "evenface/study/wording.h"

namespace evenface::cli {
namespace {
using nlohmann::json;
using study::Evaluation;
using study::points;

/// The interval as a bar on a scale from 0 to 1: ···├──●──┤···
std::string bar_of(const stats::Estimate& e) {
  constexpr int kWidth = 24;
  if (!e.interval) return "";
  const auto at = [](double share) { return std::clamp(static_cast<int>(share * (kWidth - 1) + 0.5), 0, kWidth - 1); };
  std::string bar;
  for (int i = 0; i < kWidth; ++i) {
    if (i == at(*e.value)) bar += "●";
    else if (i == at(e.interval->low)) bar += "├";
    else if (i == at(e.interval->high)) bar += "┤";
    else bar += at(e.interval->low) < i && i < at(e.interval->high) ? "─" : "·";
  }
  return bar;
}

void print(const Evaluation& e, const Shell& shell) {
  const auto& o = e.outcomes;
  const bool beyond_chance = e.gap_null.p < 1 - e.options.level;
  fmt::print("{}\n", beyond_chance
                         ? fmt::format("Groups differ by more than chance: gap {} points, chance alone {} (p {}).",
                                       points(*e.gap.value), points(e.gap_null.mean), p_text(e.gap_null.p))
                         : fmt::format("No evidence that groups differ: gap {} points, chance alone {} (p {}).",
                                       points(*e.gap.value), points(e.gap_null.mean), p_text(e.gap_null.p)));
  fmt::print("{} groups, {} faces, {} run{}. Accuracy{} over {}; figures in points\n\n", e.groups.size(), o.rows(),
             o.runs(), o.runs() == 1 ? "" : "s",
             o.tasks.size() > 1 ? fmt::format(" ({} all right)", fmt::join(o.tasks, ", ")) : "",
             fmt::join(o.by(), " x "));
  TextTable figures({"", "value", fmt::format("{:.0f}% interval", 100 * e.options.level), "<"});
  figures.add({"accuracy, over faces", value_of(e.over_faces), bracketed(e.over_faces, false), ""});
  figures.add({"accuracy, over groups", value_of(e.over_groups), bracketed(e.over_groups, false), ""});
  figures.add({"spread over groups", value_of(e.spread), bracketed(e.spread, false), "noise-corrected SD"});
  figures.add({"worst group (cross-fitted)", value_of(e.worst.rate), bracketed(e.worst.rate, false),
               e.group_name(e.worst.chosen.first)});
  figures.add({"gap max - min", value_of(e.gap), bracketed(e.gap, false),
               fmt::format("chance alone {}", points(e.gap_null.mean))});

  TextTable groups(
      {"group", "n", "rate", fmt::format("{:.0f}% interval", 100 * e.options.level), "0 to 100<", "p (Holm)", "<"});
  std::vector<const study::GroupRate*> order;
  for (const auto& g : e.groups) order.push_back(&g);
  std::ranges::stable_sort(order, {}, [](auto* g) { return g->rate.value.value_or(2); });
  for (const auto* g : order) {
    const char* mark = g->outcome == stats::Outcome::kWon    ? "▲ above the rest"
                       : g->outcome == stats::Outcome::kLost ? "▼ below the rest"
                                                             : "";
    std::vector<std::string> cells{e.group_name(g->group),
                                   std::to_string(g->n),
                                   value_of(g->rate),
                                   bracketed(g->rate, false),
                                   bar_of(g->rate),
                                   p_text(g->p_adjusted),
                                   mark};
    if (!*mark)
      for (std::string& cell : cells) cell = cell.empty() ? cell : grey(shell, cell);
    groups.add(std::move(cells));
  }
  fmt::print("{}\n{}\n{}\n", figures.text(), groups.text(),
             study::planning_sentence(e.detectable_gap, e.median_group_rows, e.estimable_groups));
}

json machine_form(const Evaluation& e) {
  const stats::PairedCells all = study::cells_of(e.outcomes);
  const auto counts = mean_counts(all.only(stats::estimable_groups(all, e.options.min_group)), stats::Arm::kBefore);
  json j{
      {"overall", {{"accuracy", estimate_json(e.over_faces)}, {"accuracy_over_groups", estimate_json(e.over_groups)}}},
      {"groups", json::array()},
      {"disparity",
       {{"accuracy",
         {{"gap", stats::gap(counts)},
          {"ratio", stats::min_max_ratio(counts)},
          {"sd", stats::population_sd(counts)},
          {"sd_corrected", estimate_json(e.spread)},
          {"null", {{"raw", {{"mean", e.gap_null.mean}, {"q95", e.gap_null.upper}, {"p", e.gap_null.p}}}}}}}}},
      {"not_estimable", json::array()}};
  for (const auto& g : e.groups) {
    j["groups"].push_back({{"name", e.group_name(g.group)},
                           {"n", g.n},
                           {"correct", g.right},
                           {"accuracy", estimate_json(g.rate)},
                           {"p", g.p},
                           {"p_holm", g.p_adjusted}});
    if (!g.rate.estimable())
      j["not_estimable"].push_back({{"name", e.group_name(g.group)}, {"n", g.n}, {"correct", g.right}});
  }
  return j;
}

std::filesystem::path output_of(const study::EvaluateOptions& options) {
  if (!options.output.empty()) return options.output;
  return std::filesystem::is_directory(options.predictions.front()) ? std::filesystem::path(options.predictions.front())
                                                                    : std::filesystem::path();
}

int run(const study::EvaluateOptions& options, const Shell& shell) {
  const Evaluation e = study::evaluate(options, shell.context);
  if (shell.json) fmt::print("{}\n", machine_form(e).dump(1));
  else print(e, shell);
  if (const auto folder = output_of(options); !folder.empty())
    write_findings(study::findings_document(e, shell.typed), folder, shell);
  return 0;
}

}  // namespace

Command evaluate_command() {
  return make_command<study::EvaluateOptions>(
      "evaluate", "How accurate for whom: rates per group with intervals, gaps with their chance level",
      "evenface evaluate preds.csv --id file --truth label --predicted pred --by race,gender", {"predictions"},
      {"predictions"}, run);
}

}  // namespace evenface::cli
