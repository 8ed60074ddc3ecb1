#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/cli/command.h"
#include "evenface/cli/judgement_output.h"
#include "evenface/cli/text_table.h"
#include "evenface/study/compare.h"
#include "evenface/study/finding.h"
#include "evenface/study/wording.h"

namespace evenface::cli {
namespace {
using nlohmann::json;
using study::Comparison;
using study::points;

std::string figures_table(const Comparison& c) {
  const auto& r = c.result;
  TextTable table({"", "before", "after", "change", fmt::format("{:.0f}% interval", 100 * c.options.level), "<"});
  const auto add = [&](const char* name, const stats::Change& change, std::string note) {
    table.add({name, value_of(change.before), value_of(change.after), value_of(change.change, true),
               bracketed(change.change, true), std::move(note)});
  };
  add("accuracy, over faces", r.over_faces, "");
  add("accuracy, over groups", r.over_groups, "");
  add("spread over groups", r.spread, "noise-corrected SD");
  add("worst group (cross-fitted)", c.worst, c.group_name(c.worst_after.chosen.first));
  add("gap max - min", r.gap, fmt::format("chance alone {}", points(c.gap_after.mean)));
  return table.text();
}

std::string groups_table(const Comparison& c, const Shell& shell) {
  const bool one_run = !c.result.several_seeds;
  std::vector<std::string> headings{"group", "n",      "before",
                                    "after", "change", fmt::format("{:.0f}% interval", 100 * c.options.level)};
  if (one_run) headings.insert(headings.end(), {"lost", "won"});
  headings.insert(headings.end(), {"p (Holm)", "<"});
  TextTable table(std::move(headings));
  std::vector<const stats::GroupChange*> order;
  for (const auto& g : c.result.groups) order.push_back(&g);
  std::ranges::stable_sort(order, std::greater(), [](auto* g) { return g->accuracy.change.value.value_or(-2); });
  for (const auto* g : order) {
    const char* mark = g->outcome == stats::Outcome::kWon    ? "▲ won"
                       : g->outcome == stats::Outcome::kLost ? "▼ lost"
                                                             : "";
    std::vector<std::string> cells{c.group_name(g->group),
                                   std::to_string(g->n),
                                   value_of(g->accuracy.before),
                                   value_of(g->accuracy.after),
                                   value_of(g->accuracy.change, true),
                                   bracketed(g->accuracy.change, true)};
    if (one_run) cells.insert(cells.end(), {fmt::format("{:.0f}", g->lost), fmt::format("{:.0f}", g->won)});
    cells.insert(cells.end(), {p_text(g->p_adjusted), mark});
    if (!*mark)
      for (std::string& cell : cells) cell = cell.empty() ? cell : grey(shell, cell);
    table.add(std::move(cells));
  }
  return table.text();
}

std::string footnotes(const Comparison& c) {
  std::string text;
  const auto small = study::groups_with(c, stats::Outcome::kNotEstimable);
  text += fmt::format("not estimable: {} (--min-group {})",
                      small.empty() ? "none" : fmt::format("{}", fmt::join(small, ", ")), c.options.min_group);
  const stats::GroupChange* worst = nullptr;
  for (const auto& g : c.result.groups)
    if (g.accuracy.change.interval &&
        (!worst || g.accuracy.change.interval->low < worst->accuracy.change.interval->low))
      worst = &g;
  if (worst)
    text += fmt::format("; largest loss not excluded: {} points, {}",
                        points(std::max(0.0, -worst->accuracy.change.interval->low)), c.group_name(worst->group));
  const auto& o = c.outcomes;
  if (o.rows_only_before + o.rows_only_after > 0)
    text += fmt::format("\nleft out: {} rows only before, {} only after", o.rows_only_before, o.rows_only_after);
  return text + "\n" + study::planning_sentence(c.detectable_gap, c.median_group_rows, c.result.estimable_groups) +
         "\n";
}

void print(const Comparison& c, const Shell& shell) {
  const auto& o = c.outcomes;
  const bool unseen = !o.data.empty() && o.rows_seen_in_training == 0;
  fmt::print("{}  {}\n", study::verdict_headline(c),
             study::price_sentence(c.result.price_over_faces, c.result.over_faces.change, c.options.margin));
  fmt::print("{} groups, {} faces{}, {} + {} training run{}. Primary: accuracy{} over {}; figures in points\n\n",
             c.result.groups.size(), o.rows(), unseen ? " never seen in training" : "", o.runs_before, o.runs_after,
             o.runs() > 2 ? "s" : " each",
             o.tasks.size() > 1 ? fmt::format(" ({} all right)", fmt::join(o.tasks, ", ")) : "",
             fmt::join(o.by(), " x "));
  fmt::print("{}\n{}{}", figures_table(c), groups_table(c, shell), footnotes(c));
}

json change_json(const stats::Change& c) {
  return {{"before", estimate_json(c.before)}, {"after", estimate_json(c.after)}, {"change", estimate_json(c.change)}};
}

json disparity_json(const std::vector<stats::GroupCount>& groups, const stats::Estimate& corrected,
                    const stats::NullReference& null) {
  return {{"gap", stats::gap(groups)},
          {"ratio", stats::min_max_ratio(groups)},
          {"sd", stats::population_sd(groups)},
          {"sd_corrected", estimate_json(corrected)},
          {"null", {{"raw", {{"mean", null.mean}, {"q95", null.upper}, {"p", null.p}}}}}};
}

json group_json(const Comparison& c, const stats::GroupChange& g) {
  return {{"name", c.group_name(g.group)},
          {"n", g.n},
          {"before", estimate_json(g.accuracy.before)},
          {"after", estimate_json(g.accuracy.after)},
          {"change", estimate_json(g.accuracy.change)},
          {"lost", g.lost},
          {"won", g.won},
          {"p", g.p},
          {"p_holm", g.p_adjusted},
          {"outcome", study::name_of(g.outcome)}};
}

/// The form that other tools may rely on.
json machine_form(const Comparison& c) {
  const auto& r = c.result;
  const stats::PairedCells all = study::cells_of(c.outcomes);
  const stats::PairedCells cells = all.only(stats::estimable_groups(all, c.options.min_group));
  json j{{"verdict", study::find_verdict(c).front().evidence.at("verdict")},
         {"headline", study::verdict_headline(c)},
         {"groups", json::array()},
         {"overall",
          {{"over_faces", change_json(r.over_faces)},
           {"over_groups", change_json(r.over_groups)},
           {"worst_group", change_json(c.worst)}}},
         {"disparity",
          {{"before", disparity_json(mean_counts(cells, stats::Arm::kBefore), r.spread.before, c.gap_before)},
           {"after", disparity_json(mean_counts(cells, stats::Arm::kAfter), r.spread.after, c.gap_after)},
           {"change", estimate_json(r.spread.change)}}},
         {"price", json::object()},
         {"runs", {c.outcomes.runs_before, c.outcomes.runs_after}},
         {"rows", c.outcomes.rows()}};
  for (const auto& g : r.groups) j["groups"].push_back(group_json(c, g));
  for (const auto& f : study::find_price(c)) j["price"][f.subject.at("figure").get<std::string>()] = f.evidence;
  return j;
}

/// Where the report goes: as asked, else into the folder of the runs after.
std::filesystem::path output_of(const study::CompareOptions& options) {
  if (!options.output.empty()) return options.output;
  return std::filesystem::is_directory(options.after.front()) ? std::filesystem::path(options.after.front())
                                                              : std::filesystem::path();
}

int run(const study::CompareOptions& options, const Shell& shell) {
  const Comparison c = study::compare(options, shell.context);
  if (shell.json) fmt::print("{}\n", machine_form(c).dump(1));
  else print(c, shell);
  if (const auto folder = output_of(options); !folder.empty())
    write_findings(study::findings_document(c, shell.typed), folder, shell);
  return 0;
}

}  // namespace

Command compare_command() {
  return make_command<study::CompareOptions>(
      "compare", "Did it get fairer, for whom, and who paid: two sets of predictions for the same rows",
      "evenface compare runs/baseline runs/attention --by race,gender", {"before", "after"}, {"before", "after"}, run);
}

}  // namespace evenface::cli
