#include "evenface/study/run_scores.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/large_array.h"
#include "evenface/core/parallel.h"

namespace evenface::study {
namespace {

[[noreturn]] void refuse_scores(const table::TableReader& reader, const std::string& found,
                                const std::string& expected) {
  throw InputError({.file = reader.path().string(),
                    .at = "--scores",
                    .found = found,
                    .expected = expected,
                    .remedy = "name one column of vectors per task, or for one task a column of numbers per class"});
}

/// Whether a column's name ends with the class, after no letter or digit.
bool ends_with_class(const std::string& name, const std::string& level) {
  if (level.empty() || !name.ends_with(level)) return false;
  return name.size() == level.size() || !std::isalnum(static_cast<unsigned char>(name[name.size() - level.size() - 1]));
}

/// What stands before the class in the names of the columns that end with one; empty where these are unlike.
std::string common_beginning(const std::vector<std::string>& columns, const std::vector<std::string>& levels) {
  std::string beginning;
  for (const std::string& column : columns) {
    const std::string* own = class_at_end(column, levels);
    if (!own) continue;
    const std::string before = column.substr(0, column.size() - own->size());
    if (!beginning.empty() && before != beginning) return {};
    beginning = before;
  }
  return beginning;
}

/// The class of each column: one that truth or predictions have, or where no row is of it what follows the beginning
/// that the others have in common.
std::vector<std::string> classes_of_columns(const table::TableReader& reader, const std::vector<std::string>& columns,
                                            const RunRows& rows) {
  std::vector<std::string> levels = rows.predicted.front().levels;
  if (!rows.truth.empty())
    for (const std::string& level : rows.truth.front().levels)
      if (std::ranges::find(levels, level) == levels.end()) levels.push_back(level);
  const std::string beginning = common_beginning(columns, levels);
  std::vector<std::string> classes;
  for (const std::string& column : columns) {
    const std::string* own = class_at_end(column, levels);
    const bool is_alike = !beginning.empty() && column.starts_with(beginning) && column.size() > beginning.size();
    const std::string best = own ? *own : is_alike ? column.substr(beginning.size()) : "";
    if (best.empty())
      refuse_scores(reader, fmt::format("the name of the column {} ends with no class", column),
                    fmt::format("a name that ends with a class after a sign such as _, as in p_{}; the classes are {}",
                                levels.front(), fmt::join(levels, ", ")));
    if (std::ranges::find(classes, best) != classes.end())
      refuse_scores(reader, fmt::format("two columns hold scores of {}", best), "one column per class");
    classes.push_back(best);
  }
  return classes;
}

/// Puts the columns of one task side by side.
Scores side_by_side(const table::Table& table, const std::vector<std::string>& columns) {
  Scores scores{static_cast<std::int64_t>(columns.size()), {}};
  scores.values.resize(static_cast<std::size_t>(table.rows()) * columns.size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto& column = table.reals(columns[c]);
    for (std::size_t row = 0; row < column.size(); ++row) scores.values[row * columns.size() + c] = column[row];
  }
  return scores;
}

/// A row has all of its scores, or none (NaN). `columns` are those of the scores, or one of vectors.
void require_scores(const table::TableReader& reader, const Scores& scores, const std::vector<std::string>& columns) {
  const auto width = static_cast<std::size_t>(scores.width);
  for (std::size_t first = 0; first < scores.values.size(); first += width) {
    const auto row = std::span(scores.values).subspan(first, width);
    if (std::ranges::all_of(row, [](double score) { return std::isfinite(score); }) || width == 0) continue;
    if (std::ranges::all_of(row, [](double score) { return std::isnan(score); })) continue;
    const auto bad = std::ranges::find_if_not(row, [](double score) { return std::isfinite(score); }) - row.begin();
    throw InputError(
        {.file = reader.path().string(),
         .at = fmt::format("row {}, column {}", reader.first_row() + static_cast<std::int64_t>(first / width),
                           columns[columns.size() == 1 ? 0 : static_cast<std::size_t>(bad)]),
         .found = std::isnan(row[static_cast<std::size_t>(bad)])
                      ? "no number, where other classes of the row have one"
                      : fmt::format("{}", row[static_cast<std::size_t>(bad)]),
         .expected = "a finite score of each class, or of none",
         .remedy = "correct the cell, or leave all scores of the row empty: it is then in no figure of "
                   "scores"});
  }
}

}  // namespace

void read_scores(const table::TableReader& reader, const table::Table& table, const OutcomeColumns& columns,
                 RunRows& rows) {
  if (reader.holds_vectors(columns.scores.front())) {
    if (columns.scores.size() != columns.predicted.size())
      refuse_scores(reader,
                    fmt::format("{} columns of scores for {} tasks", columns.scores.size(), columns.predicted.size()),
                    "a column of vectors for each task");
    for (std::size_t t = 0; t < columns.scores.size(); ++t) {
      const std::string& name = columns.scores[t];
      const table::Vectors& vectors = table.vectors(name);
      rows.scores.push_back({vectors.width, {vectors.values.begin(), vectors.values.end()}});
      const Scores& scores = rows.scores.back();
      const auto& classes = rows.predicted[t].levels;
      if (scores.width != 1 && scores.width != rows.predicted[t].level_count() && rows.rows() > 0)
        refuse_scores(reader, fmt::format("the column {} holds {} scores a row", name, scores.width),
                      fmt::format("one for each of {} classes: {}", classes.size(), fmt::join(classes, ", ")));
      require_scores(reader, scores, {name});
      rows.score_classes.push_back(scores.width == 1 ? std::vector<std::string>() : classes);
    }
    return;
  }
  if (columns.predicted.size() != 1)
    refuse_scores(reader, fmt::format("columns of numbers for {} tasks", columns.predicted.size()),
                  "a column of vectors for each task");
  rows.scores.push_back(side_by_side(table, columns.scores));
  require_scores(reader, rows.scores.back(), columns.scores);
  rows.score_classes.push_back(columns.scores.size() == 1 ? std::vector<std::string>()
                                                          : classes_of_columns(reader, columns.scores, rows));
}

const std::string* class_at_end(const std::string& column, const std::vector<std::string>& classes) {
  // The longest fits best: "not White" before "White".
  const std::string* best = nullptr;
  for (const std::string& level : classes)
    if (ends_with_class(column, level) && (!best || level.size() > best->size())) best = &level;
  return best;
}

Scores taken(const Scores& scores, std::span<const std::uint32_t> positions, int threads) {
  const auto width = static_cast<std::size_t>(scores.width);
  Scores some{scores.width, large_array<double>(positions.size() * width, threads)};
  parallel_for(std::ssize(positions), 1 << 16, threads, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
      std::copy_n(scores.values.begin() + static_cast<std::ptrdiff_t>(positions[i] * width), width,
                  some.values.begin() + static_cast<std::ptrdiff_t>(i * width));
  });
  return some;
}

}  // namespace evenface::study
