#include "evenface/study/agreement.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/study/loss_words.h"
#include "evenface/study/row_words.h"

namespace evenface::study {
namespace {
using table::Factor;

/// The code in `levels` of each of the factor's levels, or missing.
std::vector<std::int32_t> codes_among(const Factor& levels, const Factor& factor) {
  std::vector<std::int32_t> to;
  for (const std::string& level : factor.levels) to.push_back(levels.code_of(level).value_or(Factor::kMissing));
  return to;
}

/// Rows where the two factors' levels differ, of rows in the same order.
std::vector<std::size_t> differing(const Factor& a, const Factor& b) {
  constexpr std::int32_t kNone = -2;  // a level that the other factor lacks
  std::vector<std::int32_t> to = codes_among(a, b);
  std::ranges::replace(to, Factor::kMissing, kNone);
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < a.codes.size(); ++i)
    if (a.codes[i] != (b.codes[i] < 0 ? Factor::kMissing : to[static_cast<std::size_t>(b.codes[i])])) rows.push_back(i);
  return rows;
}

std::vector<std::size_t> differing(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] && !(std::isnan(a[i]) && std::isnan(b[i]))) rows.push_back(i);
  return rows;
}

std::string cell_text(const Factor& f, std::size_t row) {
  return std::string(f.level_at(static_cast<std::int64_t>(row)));
}
std::string cell_text(const std::vector<double>& values, std::size_t row) { return fmt::format("{}", values[row]); }

template <class Column>
void require_same(const RunRows& first, const RunRows& second, const Column& a, const Column& b,
                  const std::string& name) {
  const auto rows = differing(a, b);
  if (rows.empty()) return;
  const std::size_t i = rows.front();
  const auto id = rows_of_id(second.id_column, second.ids.keys[i], second.ids.checks[i]).at(0);
  const std::string more = rows.size() > 1 ? fmt::format(", and {} more rows differ", rows.size() - 1) : "";
  throw InputError(
      {.file = second.file().string(),
       .at = fmt::format("row {}, column {}", id.row, name),
       .found = fmt::format("\"{}\" for the id \"{}\"{}", cell_text(b, i), id.text, more),
       .expected = fmt::format("\"{}\", as in {}", cell_text(a, i), first.file().string()),
       .remedy = "both files must hold the same truth, groups, weights, persons and votes for the same row"});
}

/// Vectors of two files may be of different classes, or of the same in another order.
void require_same_votes(const RunRows& first, const RunRows& second, const OutcomeColumns& columns) {
  const std::vector<double> none(static_cast<std::size_t>(first.rows()), 0);
  const auto votes_of = [&](const RunRows& run, const std::string& name) -> const std::vector<double>& {
    const auto at = std::ranges::find(run.votes.classes, name) - run.votes.classes.begin();
    return at == std::ssize(run.votes.classes) ? none : run.votes.of[static_cast<std::size_t>(at)];
  };
  for (const RunRows* run : {&first, &second})
    for (const std::string& name : run->votes.classes)
      require_same(first, second, votes_of(first, name), votes_of(second, name),
                   columns.votes.size() == 1 ? columns.votes.front() : name);
}

std::vector<std::int64_t> counts_of(const Factor& f) {
  std::vector<std::int64_t> counts(f.levels.size());
  for (const std::int32_t code : f.codes)
    if (code >= 0) ++counts[static_cast<std::size_t>(code)];
  return counts;
}

/// The same rows with columns in the order of `levels`; a level without a column gets 0.
Scores with_columns(const Scores& scores, const std::vector<std::string>& classes,
                    const std::vector<std::string>& levels) {
  if (classes.empty() || classes == levels) return scores;
  const auto width = static_cast<std::size_t>(scores.width);
  std::vector<std::size_t> to;
  for (const std::string& name : classes)
    to.push_back(static_cast<std::size_t>(std::ranges::find(levels, name) - levels.begin()));
  const std::size_t rows = scores.values.size() / width;
  Scores aligned{static_cast<std::int64_t>(levels.size()), std::vector<double>(rows * levels.size())};
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t c = 0; c < width; ++c)
      aligned.values[row * levels.size() + to[c]] = scores.values[row * width + c];
  return aligned;
}

/// " in FILE" where there are several files.
std::string in_file(const std::vector<RunSource>& sources, std::size_t run) {
  return sources.size() > 1 ? " in " + sources[run].predictions.string() : "";
}

/// The first of a list that may be long.
std::string some_of(const std::vector<std::string>& all) {
  constexpr std::size_t kShown = 12;
  if (all.size() <= kShown) return fmt::format("{}", fmt::join(all, ", "));
  return fmt::format("{} and {} more", fmt::join(std::span(all).first(kShown), ", "), all.size() - kShown);
}

/// Whether they read as numbers of which there are more than classes.
bool read_as_numbers(const std::vector<std::string>& levels) {
  constexpr std::size_t kMany = 20;
  return levels.size() > kMany && std::ranges::all_of(levels, [](const std::string& level) {
           double value = 0;
           const auto [end, error] = std::from_chars(level.data(), level.data() + level.size(), value);
           return error == std::errc() && end == level.data() + level.size();
         });
}

void require_common_level(const RunSource& source, const OutcomeColumns& columns, std::size_t task, const Factor& truth,
                          const Factor& predicted) {
  const auto known = [&](const std::string& level) { return truth.code_of(level).has_value(); };
  if (predicted.levels.empty() || std::ranges::any_of(predicted.levels, known)) return;
  throw InputError(
      {.file = source.predictions.string(),
       .at = fmt::format("columns {} and {}", columns.truth[task], columns.predicted[task]),
       .found = fmt::format("no predicted class is a true one: {} are predicted", some_of(predicted.levels)),
       .expected = fmt::format("classes such as {}", some_of(truth.levels)),
       .remedy = read_as_numbers(truth.levels) && read_as_numbers(predicted.levels)
                     ? "if these are numbers such as ages, judge them with --metric mae"
                     : "write classes alike in both columns, or name other columns"});
}

/// What must be said of predicted classes that no judged row is of, and of true ones that are never predicted.
void note_untrue_classes(const std::vector<RunSource>& sources, std::size_t task, Outcomes& o) {
  const auto truth = counts_of(o.truth[task]);
  for (std::size_t run = 0; run < o.predicted.size(); ++run) {
    const Factor& predicted = o.predicted[run][task];
    const auto counts = counts_of(predicted);
    std::vector<std::string> untrue, never;
    std::int64_t rows = 0, missed = 0;
    for (std::size_t c = 0; c < counts.size(); ++c) {
      if (counts[c] > 0 && truth[c] == 0) untrue.push_back('"' + predicted.levels[c] + '"'), rows += counts[c];
      if (counts[c] == 0 && truth[c] > 0) never.push_back('"' + predicted.levels[c] + '"'), missed += truth[c];
    }
    if (missed > 0)
      o.notes.push_back(fmt::format("{} of a class that was never predicted{}: {}.", rows_that(missed, "", "is", "are"),
                                    in_file(sources, run), some_of(never)));
    if (rows > 0)
      o.notes.push_back(fmt::format(
          "{} a class that no row truly is: {}. That counts as wrong.",
          rows_that(rows, in_file(sources, run), "was predicted to be", "were predicted to be"), some_of(untrue)));
  }
}

/// Rows that miss at least one of the columns.
std::int64_t rows_missing(const std::vector<Scores>& columns) {
  const std::size_t rows = columns.front().values.size() / static_cast<std::size_t>(columns.front().width);
  std::int64_t missing = 0;
  for (std::size_t row = 0; row < rows; ++row)
    missing += !std::ranges::all_of(columns, [row](const Scores& scores) { return has_scores(scores, row); });
  return missing;
}

std::int64_t rows_missing(const std::vector<Factor>& columns) {
  std::vector<std::size_t> rows;
  for (const Factor& f : columns)
    for (std::size_t row = 0; row < f.codes.size(); ++row)
      if (f.codes[row] < 0) rows.push_back(row);
  std::ranges::sort(rows);
  return std::unique(rows.begin(), rows.end()) - rows.begin();
}

std::int64_t rows_missing(const std::vector<std::vector<double>>& columns) {
  std::int64_t missing = 0;
  for (std::size_t row = 0; row < columns.front().size(); ++row)
    missing += std::ranges::any_of(columns, [&](const auto& values) { return std::isnan(values[row]); });
  return missing;
}

std::string where_unpredicted(const Outcomes& o, std::size_t run) {
  return where_lost(losses_by_group(o, [&](std::size_t row) {
    return std::ranges::any_of(o.predicted[run], [row](const Factor& task) { return task.codes[row] < 0; });
  }));
}

}  // namespace

void require_same_truth(const RunRows& first, const RunRows& second, const OutcomeColumns& columns) {
  const auto all = [&](const auto& a, const auto& b, const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < a.size(); ++i) require_same(first, second, a[i], b[i], names[i]);
  };
  all(first.truth, second.truth, columns.truth);
  all(first.true_values, second.true_values, columns.truth);
  all(first.attributes, second.attributes, attributes_of(columns));
  if (!first.weights.empty() && !second.weights.empty())
    require_same(first, second, first.weights, second.weights, columns.weight);
  if (first.person.rows() > 0 && second.person.rows() > 0)
    require_same(first, second, first.person, second.person, columns.person);
  if (first.votes.known() && second.votes.known()) require_same_votes(first, second, columns);
}

void align_classes(const std::vector<RunSource>& sources, const OutcomeColumns& columns,
                   const std::vector<std::vector<std::vector<std::string>>>& score_classes, Outcomes& o) {
  for (std::size_t t = 0; t < o.truth.size(); ++t) {
    std::vector<std::string> levels = o.truth[t].levels;
    const auto add = [&](const std::vector<std::string>& more) {
      for (const std::string& level : more)
        if (std::ranges::find(levels, level) == levels.end()) levels.push_back(level);
    };
    for (std::size_t run = 0; run < o.predicted.size(); ++run) {
      require_common_level(sources[run], columns, t, o.truth[t], o.predicted[run][t]);
      add(o.predicted[run][t].levels);
      if (!o.scores.empty()) add(score_classes[run][t]);  // a model's class that no row is of
    }
    const auto align = [&](Factor& f) {
      if (f.levels != levels) f = with_levels(f, levels);
    };
    align(o.truth[t]);
    for (std::size_t run = 0; run < o.predicted.size(); ++run) {
      align(o.predicted[run][t]);
      if (!o.scores.empty()) o.scores[run][t] = with_columns(o.scores[run][t], score_classes[run][t], levels);
    }
    note_untrue_classes(sources, t, o);
  }
}

void note_what_is_missing(const std::vector<RunSource>& sources, const OutcomeColumns& columns, Outcomes& o) {
  for (const Factor& f : o.attributes)
    if (const auto code = f.code_of(kMissingLevel))
      if (const auto n = std::ranges::count(f.codes, *code); n > 0)
        o.notes.push_back(rows_that(n, " without a value of " + f.name, "makes up the group", "make up the group") +
                          fmt::format(" \"{}\".", kMissingLevel));
  if (o.rows_seen_in_training > 0 && o.runs_after == 0)
    o.notes.push_back(rows_that(o.rows_seen_in_training, "", "was", "were") +
                      " seen in training: figures of the others "
                      "say how it does on new faces.");
  if (o.rows_without_truth > 0)
    o.notes.push_back(rows_that(o.rows_without_truth,
                                fmt::format(" without a true value of {}", fmt::join(columns.truth, " or ")),
                                "was left out.", "were left out."));
  for (std::size_t run = 0; run < sources.size(); ++run) {
    const std::int64_t missing =
        columns.numeric ? rows_missing(o.predicted_values[run]) : rows_missing(o.predicted[run]);
    o.rows_without_prediction.push_back(missing);
    if (missing > 0)
      o.notes.push_back(columns.numeric
                            ? rows_that(missing, " without a prediction" + in_file(sources, run), "is", "are") +
                                  " in no figure of error."
                            : rows_that(missing, " without a prediction" + in_file(sources, run), "counts", "count") +
                                  " as wrong" + where_unpredicted(o, run) + ".");
  }
  for (std::size_t run = 0; run < o.scores.size() && o.rows_without_scores > 0; ++run)
    if (const auto n = rows_missing(o.scores[run]); n > 0)
      o.notes.push_back(rows_that(n, " without scores" + in_file(sources, run), "is", "are") +
                        " in no figure of scores.");
  if (o.person.rows() > 0)
    if (const auto n = std::ranges::count(o.person.codes, Factor::kMissing); n > 0)
      o.notes.push_back(rows_that(n, " without a person", "counts", "count") + " as if of different persons.");
  std::int64_t unvoted = 0;
  for (std::size_t row = 0; o.votes.known() && row < o.keys.size(); ++row) unvoted += o.votes.sum(row) == 0;
  if (unvoted > 0) o.notes.push_back(rows_that(unvoted, " without votes", "is", "are") + " in no figure of votes.");
  if (const auto n = std::ranges::count(o.weights, 0.0); n > 0)
    o.notes.push_back(rows_that(n, " with weight 0", "counts", "count") + " for nothing.");
}

}  // namespace evenface::study
