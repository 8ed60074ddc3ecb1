#include <algorithm>

#include <fmt/format.h>

#include "evenface/cli/comparison_output.h"
#include "evenface/cli/judgement_output.h"
#include "evenface/cli/text_table.h"
#include "evenface/study/finding.h"
#include "evenface/study/notes.h"
#include "evenface/study/wording.h"

namespace evenface::cli {
namespace {
using study::Comparison;
using study::in_unit;
using study::Unit;
using study::unit_of;

std::vector<std::string> change_cells(const stats::Change& c, Unit unit) {
  return {value_of(c.before, unit), value_of(c.after, unit), value_of(c.change, unit, true),
          bracketed(c.change, unit, true)};
}

TextTable figures_table(const Comparison& c) {
  const auto& r = c.result;
  const Unit unit = unit_of(c.metric);
  TextTable table({"", "before", "after", "change", fmt::format("{:.0f}% interval", 100 * c.options.level), "<"});
  const auto add = [&](const std::string& name, const stats::Change& change, std::string note) {
    std::vector<std::string> cells = change_cells(change, unit);
    cells.insert(cells.begin(), name), cells.push_back(std::move(note));
    table.add(std::move(cells));
  };
  add(c.metric.text() + ", over faces", r.over_faces, "");
  add(c.metric.text() + ", over groups", r.over_groups, "");
  add("spread over groups", r.spread, "noise-corrected SD");
  add("worst group (cross-fitted)", c.worst, chosen_names(c.outcomes, 0, c.worst_after.chosen));
  const auto& chance = c.disparity_after.gap_null;
  add("gap max - min", r.gap, chance ? fmt::format("chance alone {}", in_unit(chance->mean, unit)) : "");
  return table;
}

/// Groups, or classes, by their change: what won first, what lost last; grey where no test supports it.
TextTable changes_table(const char* heading, const std::vector<stats::GroupChange>& changes,
                        const std::function<std::string(std::int64_t)>& name, Unit unit, bool one_run,
                        const study::JudgeOptions& options, const Shell* shell) {
  std::vector<std::string> headings{heading, "n",      "before",
                                    "after", "change", fmt::format("{:.0f}% interval", 100 * options.level)};
  if (one_run) headings.insert(headings.end(), {"lost", "won"});
  headings.insert(headings.end(), {fmt::format("p ({})", family_name(options)), "<"});
  TextTable table(std::move(headings));
  std::vector<const stats::GroupChange*> order;
  for (const auto& g : changes) order.push_back(&g);
  std::ranges::stable_sort(order, std::greater(), [](auto* g) { return g->accuracy.change.value.value_or(-2); });
  for (const auto* g : order) {
    const char* mark = g->outcome == stats::Outcome::kWon    ? "▲ won"
                       : g->outcome == stats::Outcome::kLost ? "▼ lost"
                                                             : "";
    std::vector<std::string> cells = change_cells(g->accuracy, unit);
    cells.insert(cells.begin(), {name(g->group), std::to_string(g->n)});
    if (one_run) cells.insert(cells.end(), {fmt::format("{:.0f}", g->lost), fmt::format("{:.0f}", g->won)});
    cells.insert(cells.end(), {p_text(g->p_adjusted), mark});
    if (shell && !*mark)
      for (std::string& cell : cells) cell = cell.empty() ? cell : grey(*shell, cell);
    table.add(std::move(cells));
  }
  return table;
}

TextTable groups_table(const Comparison& c, std::size_t crossing, const study::MetricName& metric,
                       const stats::BeforeAfter& result, const Shell* shell) {
  return changes_table(
      "group", result.groups, [&](std::int64_t group) { return study::group_name(c.outcomes, crossing, group); },
      unit_of(metric), !result.several_seeds, c.options, shell);
}

/// Which true classes lost and won, over all groups.
TextTable classes_table(const Comparison& c, const Shell* shell) {
  const std::vector<std::string> levels = study::class_levels(c.outcomes, c.task);
  return changes_table(
      "true class", c.classes, [&](std::int64_t y) { return levels[static_cast<std::size_t>(y)]; }, unit_of(c.metric),
      !c.result.several_seeds, c.options, shell);
}

std::string largest_loss_words(const Comparison& c) {
  const auto loss = [&](const stats::GroupChange& g) {
    const auto& interval = g.accuracy.change.interval;
    return interval ? (c.error_rate ? interval->high : -interval->low) : -1.0;
  };
  const auto worst = std::ranges::max_element(c.result.groups, {}, loss);
  return worst == c.result.groups.end() || loss(*worst) < 0
             ? ""
             : fmt::format("; largest loss not excluded: {}, {}", study::amount(loss(*worst), unit_of(c.metric)),
                           c.group_name(worst->group));
}

/// Rows that fell out, and of which groups the most.
std::string coverage_words(const study::Outcomes& o) {
  if (o.rows_only_before + o.rows_only_after == 0) return "";
  const auto lost = [](const study::GroupCoverage& g) { return g.all() - g.common; };
  const auto most = std::ranges::max_element(o.coverage, {}, [&](const study::GroupCoverage& g) {
    return static_cast<double>(lost(g)) / static_cast<double>(std::max<std::int64_t>(1, g.all()));
  });
  return fmt::format("left out: {} rows only before, {} only after; most of {}: {} of {}\n", o.rows_only_before,
                     o.rows_only_after, most->name, lost(*most), most->all());
}

std::string footnotes(const Comparison& c) {
  const auto small = study::groups_with(c, stats::Outcome::kNotEstimable);
  std::string text = fmt::format("not estimable: {} (--min-group {}){}\n",
                                 small.empty() ? "none" : fmt::format("{}", fmt::join(small, ", ")),
                                 c.options.min_group, largest_loss_words(c));
  text += coverage_words(c.outcomes);
  if (c.detectable) text += study::planning_sentence(*c.detectable) + "\n";
  for (const std::string& note : notes_of(c)) text += "note: " + note + "\n";
  return text;
}

std::string headline(const Comparison& c) {
  return fmt::format("{}  {}", study::verdict_headline(c), study::price_sentence(c));
}

std::string design(const Comparison& c) {
  const auto& o = c.outcomes;
  const bool unseen = !o.data.empty() && o.rows_seen_in_training == 0;
  return fmt::format("{} groups, {} faces{}, {} + {} training run{}. Primary: {}{} over {}{}", c.result.groups.size(),
                     o.rows(), unseen ? " never seen in training" : "", o.runs_before, o.runs_after,
                     o.runs() > 2 ? "s" : " each", c.metric.text(),
                     o.tasks.size() > 1 && !c.task ? fmt::format(" ({} all right)", fmt::join(o.tasks, ", ")) : "",
                     fmt::join(o.by(), " x "), unit_of(c.metric) == Unit::kPoints ? "; figures in points" : "");
}

/// Whether the groups are made of the very labels that are predicted.
bool classes_are_groups(const Comparison& c) {
  std::vector<std::string> tasks = c.task ? std::vector{c.outcomes.tasks[*c.task]} : c.outcomes.tasks;
  std::vector<std::string> by = c.outcomes.by();
  std::ranges::sort(tasks), std::ranges::sort(by);
  return tasks == by;
}

/// What was looked at beside the primary metric and crossing, with titles; the classes only where one flipped.
std::vector<std::pair<std::string, TextTable>> exploratory(const Comparison& c, const Shell* shell) {
  std::vector<std::pair<std::string, TextTable>> tables;
  const auto flipped = [](const stats::GroupChange& g) {
    return g.outcome == stats::Outcome::kWon || g.outcome == stats::Outcome::kLost;
  };
  if (!classes_are_groups(c) && c.classes.size() <= 20 && std::ranges::any_of(c.classes, flipped))
    tables.emplace_back("exploratory, which classes flipped:", classes_table(c, shell));
  for (const auto& change : c.exploratory)
    tables.emplace_back(fmt::format("exploratory, {} by {}:", change.metric.text(),
                                    fmt::join(c.outcomes.crossings[change.crossing].names, " x ")),
                        groups_table(c, change.crossing, change.metric, change.result, shell));
  return tables;
}

}  // namespace

std::string terminal_form(const Comparison& c, const Shell& shell) {
  std::string text = fmt::format("{}\n{}\n\n{}\n{}{}", headline(c), design(c), figures_table(c).text(),
                                 groups_table(c, 0, c.metric, c.result, &shell).text(), footnotes(c));
  for (const auto& [title, table] : exploratory(c, &shell)) text += fmt::format("\n{}\n{}", title, table.text());
  return text;
}

std::string markdown_form(const Comparison& c) {
  std::string text = fmt::format("**{}**\n\n{}\n\n{}\n{}\n{}", headline(c), design(c), figures_table(c).markdown(),
                                 groups_table(c, 0, c.metric, c.result, nullptr).markdown(), footnotes(c));
  for (const auto& [title, table] : exploratory(c, nullptr)) text += fmt::format("\n{}\n\n{}", title, table.markdown());
  return text;
}

std::string csv_form(const Comparison& c) {
  TextTable table({"by", "group", "metric", "n", "before", "after", "change", "low", "high", "method", "lost", "won",
                   "p", "p_adjusted", "outcome"});
  const auto number = [](const std::optional<double>& value) { return value ? fmt::format("{}", *value) : ""; };
  const auto add = [&](std::size_t crossing, const study::MetricName& metric, const stats::BeforeAfter& result) {
    for (const auto& g : result.groups) {
      const auto& a = g.accuracy;
      table.add({fmt::format("{}", fmt::join(c.outcomes.crossings[crossing].names, "*")),
                 study::group_name(c.outcomes, crossing, g.group), metric.text(), std::to_string(g.n),
                 number(a.before.value), number(a.after.value), number(a.change.value),
                 a.change.interval ? number(a.change.interval->low) : "",
                 a.change.interval ? number(a.change.interval->high) : "",
                 a.change.estimable() ? a.change.method : a.change.reason, number(g.lost), number(g.won), number(g.p),
                 number(g.p_adjusted), study::name_of(g.outcome)});
    }
  };
  add(0, c.metric, c.result);
  for (const auto& change : c.exploratory) add(change.crossing, change.metric, change.result);
  return table.csv();
}

}  // namespace evenface::cli
