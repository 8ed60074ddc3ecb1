#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "evenface/cli/evaluation_output.h"
#include "evenface/cli/judgement_output.h"
#include "evenface/cli/text_table.h"
#include "evenface/study/equalised_odds.h"
#include "evenface/study/explanation_words.h"
#include "evenface/study/finding.h"
#include "evenface/study/notes.h"
#include "evenface/study/wording.h"

namespace evenface::cli {
namespace {
using study::Evaluation;
using study::GroupRate;
using study::in_unit;
using study::Judgement;
using study::Unit;
using study::unit_of;

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

std::string heading(double level) { return fmt::format("{:.0f}% interval", 100 * level); }

std::string crossing_words(const Evaluation& e, std::size_t crossing) {
  return fmt::format("{}", fmt::join(e.outcomes.crossings[crossing].names, " x "));
}

/// What the test of a group found; nothing where none was made.
std::string p_cell(const std::optional<double>& p) { return p ? p_text(*p) : ""; }

/// Whether a higher figure is better or worse: to be selected or not is neither.
bool tells_better(const Judgement& j) {
  return j.better != study::Better::kNearZero && j.metric.measure != "selection_rate";
}

/// An arrow where the test supports a difference: up is better, or above the rest where neither is; "!" if the group is
/// too small for a figure.
std::string arrow_of(const GroupRate& g, const Judgement& j, double level) {
  if (g.outcome == stats::Outcome::kNone) return "";
  if (g.outcome == stats::Outcome::kNotEstimable) return g.significant(level) ? "! " : "";
  const bool up = tells_better(j) ? g.outcome == stats::Outcome::kWon : *g.rate.value > g.rest;
  return up ? "▲ " : "▼ ";
}

/// Why a group is not estimable: its rows, where these alone say it, else the reason in full.
std::string too_few(const GroupRate& g, const study::JudgeOptions& options) {
  constexpr std::string_view kBefore = "not estimable: ";
  if (g.n < options.min_group || !g.rate.reason.starts_with(kBefore)) return "too few rows";
  return g.rate.reason.substr(kBefore.size());
}

std::string mark_of(const GroupRate& g, const Judgement& j, const study::JudgeOptions& options) {
  const bool higher = g.rate.estimable() && *g.rate.value > g.rest;
  switch (g.outcome) {
    case stats::Outcome::kWon:
    case stats::Outcome::kLost:
      if (!tells_better(j)) return higher ? "▲ above the rest" : "▼ below the rest";
      return g.outcome == stats::Outcome::kWon ? "▲ better than the rest" : "▼ worse than the rest";
    case stats::Outcome::kNotEstimable:
      return g.significant(options.level) ? fmt::format("! {}, yet not by chance", too_few(g, options))
                                          : too_few(g, options);
    case stats::Outcome::kNone:
      break;
  }
  return "";
}

/// The chance level beyond class mix, or that there is none.
std::string within_class_words(const study::Explanation& x, Unit unit) {
  return x.within_class ? fmt::format("{} (p {})", in_unit(x.within_class->mean, unit), p_text(x.within_class->p))
                        : "n/a";
}

std::vector<const GroupRate*> sorted(const Judgement& j) {
  std::vector<const GroupRate*> order;
  for (const GroupRate& g : j.groups) order.push_back(&g);
  std::ranges::stable_sort(order, [&](const GroupRate* a, const GroupRate* b) {
    if (a->rate.estimable() != b->rate.estimable()) return a->rate.estimable();
    if (!a->rate.estimable()) return a->n > b->n;
    return j.better == study::Better::kLower ? *a->rate.value > *b->rate.value : *a->rate.value < *b->rate.value;
  });
  return order;
}

void add_ratio(TextTable& table, const char* name, const stats::Estimate& ratio) {
  if (ratio.estimable())
    table.add({name, fmt::format("{:.2f}", *ratio.value),
               ratio.interval ? fmt::format("[{:.2f}, {:.2f}]", ratio.interval->low, ratio.interval->high) : "", ""});
}

/// Calibration errors, each beside what a perfectly calibrated model would show.
TextTable calibration_table(const Evaluation& e) {
  const Judgement& j = e.primary();
  const Unit unit = unit_of(j.metric);
  TextTable table({"group", "n", j.metric.text(), "chance alone", "excess", "p"});
  const auto add = [&](const std::string& name, const stats::Estimate& error,
                       const std::optional<study::CalibrationChance>& chance) {
    table.add({name, std::to_string(error.n), value_of(error, unit), chance ? in_unit(chance->mean, unit) : "",
               chance ? in_unit(chance->excess, unit, true) : "", chance ? p_text(chance->p) : ""});
  };
  add("all", j.overall, j.chance);
  for (const GroupRate* g : sorted(j)) add(e.group_name(j, g->group), g->rate, g->chance);
  return table;
}

/// How well annotators agree, to stand beside a share of rows or votes that are as predicted; null where it can't.
const study::Annotators* annotators_beside(const Evaluation& e) {
  const std::string& measure = e.primary().metric.measure;
  const auto& annotators = e.annotators[e.primary().crossing];
  if (!annotators || !annotators->all.agreement.estimable()) return nullptr;
  return measure == "accuracy" || measure == "soft_accuracy" ? &*annotators : nullptr;
}

TextTable figures_table(const Evaluation& e) {
  const Judgement& j = e.primary();
  const Unit unit = unit_of(j.metric);
  TextTable table({"", "value", heading(e.options.level), "<"});
  const auto add = [&](const std::string& name, const stats::Estimate& figure, const std::string& note) {
    table.add({name, value_of(figure, unit), bracketed(figure, unit), note});
  };
  add(j.metric.text() + ", over faces", j.overall, "");
  add(j.metric.text() + ", over groups", j.over_groups, "");
  if (const auto* annotators = annotators_beside(e))
    add("annotators agree", annotators->all.agreement, "two of a face, over faces");
  add("spread over groups", j.spread, "noise-corrected SD");
  if (e.explanation.worst && e.explanation.worst->rate.estimable())
    add("worst group (cross-fitted)", e.explanation.worst->rate,
        chosen_names(e.outcomes, j.crossing, e.explanation.worst->chosen));
  add("gap max - min", j.gap,
      j.gap_null ? fmt::format("chance alone {}, within class {}", in_unit(j.gap_null->mean, unit),
                               within_class_words(e.explanation, unit))
                 : "");
  add_ratio(table, "ratio min / max", j.ratio);
  if (j.inequality) add_ratio(table, "error ratio max / min", j.inequality->error_ratio);
  return table;
}

TextTable groups_table(const Evaluation& e, const Shell* shell) {
  const Judgement& j = e.primary();
  const Unit unit = unit_of(j.metric);
  const bool bars = unit == Unit::kPoints && j.better != study::Better::kNearZero;
  const study::Annotators* const annotators = annotators_beside(e);
  std::vector<std::string> headings{"group", "n", j.metric.text(), heading(e.options.level)};
  if (annotators) headings.emplace_back("annotators agree");
  if (bars) headings.emplace_back("0 to 100<");
  headings.insert(headings.end(), {"vs rest", fmt::format("p ({})", family_name(e.options)), "<"});
  TextTable table(std::move(headings));
  for (const GroupRate* g : sorted(j)) {
    const std::string mark = mark_of(*g, j, e.options);
    std::vector<std::string> cells{
        e.group_name(j, g->group), std::to_string(g->n),
        g->rate.estimable() || !j.is_share ? value_of(g->rate, unit) : fmt::format("{:.0f} of {}", g->right, g->n),
        bracketed(g->rate, unit)};
    if (annotators) cells.push_back(value_of(annotators->groups[static_cast<std::size_t>(g->group)].agreement, unit));
    if (bars) cells.push_back(bar_of(g->rate));
    cells.insert(cells.end(), {value_of(g->difference, unit, true), p_cell(g->p_adjusted), mark});
    if (shell && mark.empty())
      for (std::string& cell : cells) cell = cell.empty() ? cell : grey(*shell, cell);
    table.add(std::move(cells));
  }
  return table;
}

/// A calibration error is never shown without its chance level.
std::string with_chance(const stats::Estimate& figure, const std::optional<study::CalibrationChance>& chance,
                        Unit unit) {
  return value_of(figure, unit) + (chance ? fmt::format(" (chance {})", in_unit(chance->mean, unit)) : "");
}

/// The groups of any of these judgements of one crossing, with the most rows that one has of them.
std::map<std::int64_t, std::int64_t> rows_of_groups(const std::vector<const Judgement*>& metrics) {
  std::map<std::int64_t, std::int64_t> rows;
  for (const Judgement* j : metrics)
    for (const GroupRate& g : j->groups) rows[g.group] = std::max(rows[g.group], g.rows);
  return rows;
}

/// One crossing: groups down, metrics across, an arrow where the test supports it, the gap and its chance level below.
/// A group none of whose rows a metric is about has no figure.
TextTable matrix(const Evaluation& e, const std::vector<const Judgement*>& metrics) {
  std::vector<std::string> headings{"group", "n"};
  for (const Judgement* j : metrics) headings.push_back(j->metric.text());
  TextTable table(std::move(headings));
  for (const auto& [group, rows] : rows_of_groups(metrics)) {
    std::vector<std::string> cells{e.group_name(*metrics.front(), group), std::to_string(rows)};
    for (const Judgement* j : metrics) {
      const auto g = std::ranges::find(j->groups, group, &GroupRate::group);
      cells.push_back(g == j->groups.end()
                          ? "-"
                          : arrow_of(*g, *j, e.options.level) + with_chance(g->rate, g->chance, unit_of(j->metric)));
    }
    table.add(std::move(cells));
  }
  const auto add = [&](const char* name, auto figure) {
    std::vector<std::string> cells{name, ""};
    for (const Judgement* j : metrics) cells.push_back(figure(*j));
    table.add(std::move(cells));
  };
  add("all", [](const Judgement& j) { return with_chance(j.overall, j.chance, unit_of(j.metric)); });
  add("gap",
      [](const Judgement& j) { return j.compares_groups() ? value_of(j.gap, unit_of(j.metric)) : std::string("-"); });
  add("chance alone",
      [](const Judgement& j) { return j.gap_null ? in_unit(j.gap_null->mean, unit_of(j.metric)) : std::string("-"); });
  add("p of the gap", [](const Judgement& j) { return j.gap_null ? p_text(j.gap_null->p) : std::string("-"); });
  return table;
}

/// The tables of what was looked at beside the primary metric and crossing, with their titles.
std::vector<std::pair<std::string, TextTable>> exploratory(const Evaluation& e) {
  std::vector<std::pair<std::string, TextTable>> tables;
  for (std::size_t c = 0; c < e.outcomes.crossings.size(); ++c) {
    std::vector<const Judgement*> metrics;
    for (const Judgement& j : e.judgements)
      if (j.crossing == c && &j != &e.primary()) metrics.push_back(&j);
    if (!metrics.empty())
      tables.emplace_back(fmt::format("exploratory, by {}:", crossing_words(e, c)), matrix(e, metrics));
  }
  return tables;
}

/// Names the groups that are in no gap, being too small, and yet differ from the rest.
std::string small_yet_apart(const Evaluation& e) {
  std::vector<std::string> names;
  for (const GroupRate& g : e.primary().groups)
    if (g.outcome == stats::Outcome::kNotEstimable && g.significant(e.options.level))
      names.push_back(e.group_name(e.primary(), g.group));
  if (names.empty()) return "";
  return fmt::format(" Too small for it, yet apart from the rest: {}.", fmt::join(names, ", "));
}

std::string headline(const Evaluation& e) {
  const Judgement& j = e.primary();
  const Unit unit = unit_of(j.metric);
  if (j.chance)
    return fmt::format("{} {}, where a perfectly calibrated model would show {} by chance alone (p {}).",
                       j.metric.text(), in_unit(*j.overall.value, unit), in_unit(j.chance->mean, unit),
                       p_text(j.chance->p));
  if (!j.gap.estimable()) return fmt::format("Groups can't be compared: {}.", j.gap.reason);
  if (!j.gap_null)
    return fmt::format("Gap {}{}{}.", in_unit(*j.gap.value, unit), j.gap.interval ? " " : "", bracketed(j.gap, unit));
  return fmt::format(
      "{}: gap {}, chance alone {} (p {}).{}",
      j.gap_null->p < 1 - e.options.level ? "Groups differ by more than chance" : "No evidence that groups differ",
      in_unit(*j.gap.value, unit), in_unit(j.gap_null->mean, unit), p_text(j.gap_null->p), small_yet_apart(e));
}

std::string design(const Evaluation& e) {
  const Judgement& j = e.primary();
  const auto& o = e.outcomes;
  return fmt::format(
      "{} groups, {} faces, {} run{}. Primary: {}{} over {}{}", j.groups.size(), o.rows(), o.runs(),
      o.runs() == 1 ? "" : "s", j.metric.text(),
      o.tasks.size() > 1 && j.metric.task.empty() ? fmt::format(" ({} all right)", fmt::join(o.tasks, ", ")) : "",
      crossing_words(e, 0), unit_of(j.metric) == Unit::kPoints ? "; figures in points" : "");
}

std::string inequality_words(const study::Inequality& i) {
  const auto number = [](const stats::Estimate& e) { return e.estimable() ? fmt::format("{:.4f}", *e.value) : "n/e"; };
  std::string words = fmt::format("inequality of the rates: Gini {}, Theil {}, generalised entropy {}\n",
                                  number(i.gini), number(i.theil), number(i.entropy));
  if (i.homogeneity)
    words += fmt::format("one rate for all groups: chi-square {:.1f}, {} degrees of freedom, p {}\n",
                         i.homogeneity->statistic, i.homogeneity->df, p_text(i.homogeneity->p));
  return words;
}

std::string odds_words(const Evaluation& e) {
  std::string words;
  for (const study::EqualisedOdds& odds : all_equalised_odds(e.judgements)) {
    words += fmt::format("equalised odds by {} ({}, {}): ", crossing_words(e, odds.crossing), odds.true_positive.text(),
                         odds.false_positive.text());
    if (!odds.difference.estimable()) words += odds.difference.reason + "\n";
    else
      words += fmt::format("difference {}{}{}, ratio {}\n", value_of(odds.difference, Unit::kPoints),
                           odds.difference.interval ? " " : "", bracketed(odds.difference, Unit::kPoints),
                           odds.ratio.estimable() ? fmt::format("{:.2f}", *odds.ratio.value) : "n/e");
  }
  return words;
}

/// The tables of the primary metric: its figures and its groups.
std::vector<TextTable> primary_tables(const Evaluation& e, const Shell* shell) {
  if (!e.primary().compares_groups()) return {calibration_table(e)};
  return {figures_table(e), groups_table(e, shell)};
}

std::string footnotes(const Evaluation& e) {
  std::string text;
  if (e.primary().depends_on_prevalence)
    text += fmt::format("{} moves with how common the class is in a group: a gap in it need not be the model's.\n",
                        e.primary().metric.text());
  if (e.primary().inequality) text += inequality_words(*e.primary().inequality);
  text += odds_words(e);
  for (const std::string& sentence : study::explanation_sentences(e)) text += sentence + "\n";
  for (const std::string& note : notes_of(e)) text += "note: " + note + "\n";
  return text;
}

}  // namespace

std::string terminal_form(const Evaluation& e, const Shell& shell) {
  std::string text = fmt::format("{}\n{}\n\n", headline(e), design(e));
  for (const TextTable& table : primary_tables(e, &shell)) text += table.text() + "\n";
  text += footnotes(e);
  for (const auto& [title, table] : exploratory(e)) text += fmt::format("\n{}\n{}", title, table.text());
  return text;
}

std::string markdown_form(const Evaluation& e) {
  std::string text = fmt::format("**{}**\n\n{}\n\n", headline(e), design(e));
  for (const TextTable& table : primary_tables(e, nullptr)) text += table.markdown() + "\n";
  text += footnotes(e);
  for (const auto& [title, table] : exploratory(e)) text += fmt::format("\n{}\n\n{}", title, table.markdown());
  return text;
}

std::string csv_form(const Evaluation& e) {
  TextTable table(
      {"by", "group", "metric", "n", "value", "low", "high", "method", "rest", "p", "p_adjusted", "outcome"});
  const auto number = [](double value) { return fmt::format("{}", value); };
  for (const Judgement& j : e.judgements)
    for (const GroupRate& g : j.groups)
      table.add({fmt::format("{}", fmt::join(e.outcomes.crossings[j.crossing].names, "*")), e.group_name(j, g.group),
                 j.metric.text(), std::to_string(g.n), g.rate.estimable() ? number(*g.rate.value) : "",
                 g.rate.interval ? number(g.rate.interval->low) : "",
                 g.rate.interval ? number(g.rate.interval->high) : "",
                 g.rate.estimable() ? g.rate.method : g.rate.reason,
                 j.compares_groups() && g.knows_rest() ? number(g.rest) : "", g.p ? number(*g.p) : "",
                 g.p_adjusted ? number(*g.p_adjusted) : "", study::name_of(g.outcome)});
  return table.csv();
}

}  // namespace evenface::cli
