#include "evenface/study/votes.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/study/number_column.h"
#include "evenface/study/run_scores.h"

namespace evenface::study {
namespace {
using table::Factor;

constexpr const char* kExpected = "a number of votes or a probability, finite and not below 0";

[[noreturn]] void refuse_votes(const std::string& file, const std::string& found, const std::string& expected) {
  throw InputError({.file = file,
                    .at = "--votes",
                    .found = found,
                    .expected = expected,
                    .remedy = "name a column of numbers per class, its name ending with the class, or one of vectors"});
}

bool is_vote(double v) { return std::isfinite(v) && v >= 0; }

Votes votes_in_vectors(const table::TableReader& reader, const table::Table& table, const std::string& name,
                       const std::vector<std::string>& levels) {
  const table::Vectors& column = table.vectors(name);
  const auto width = static_cast<std::size_t>(column.width);
  if (width != levels.size() || width < 2)
    refuse_votes(reader.path().string(), fmt::format("the column {} holds {} numbers a row", name, width),
                 fmt::format("one for each of {} classes: {}", levels.size(), fmt::join(levels, ", ")));
  require_each(column.values, {reader.path(), name, reader.first_row()}, column.width, is_vote, kExpected);
  Votes votes{levels, std::vector(width, std::vector<double>(column.values.size() / width))};
  for (std::size_t i = 0; i < column.values.size(); ++i)
    votes.of[i % width][i / width] = static_cast<double>(column.values[i]);
  return votes;
}

bool has_rows(const Factor& f, std::size_t level) {
  return std::ranges::find(f.codes, static_cast<std::int32_t>(level)) != f.codes.end();
}

/// The columns in the order of the levels, then those of other classes; a level without a column is left empty.
Votes in_order_of(const std::vector<std::string>& levels, Votes votes) {
  Votes ordered{levels, std::vector<std::vector<double>>(levels.size())};
  for (std::size_t c = 0; c < votes.classes.size(); ++c) {
    const std::string* const known = class_at_end(votes.classes[c], levels);
    const std::string& name = known ? *known : votes.classes[c];
    auto at = static_cast<std::size_t>(std::ranges::find(ordered.classes, name) - ordered.classes.begin());
    if (at == ordered.classes.size()) ordered.classes.push_back(name), ordered.of.emplace_back();
    if (!ordered.of[at].empty())
      refuse_votes({}, fmt::format("two columns hold votes of {}", name), "one column per class");
    ordered.of[at] = std::move(votes.of[c]);
  }
  return ordered;
}

/// Fills in classes without a column, which nobody could vote for.
void complete(Outcomes& o) {
  const std::vector<std::string>& levels = o.truth.front().levels;
  for (std::size_t c = 0; c < levels.size(); ++c) {
    if (!o.votes.of[c].empty()) continue;
    if (has_rows(o.truth.front(), c))
      refuse_votes({}, fmt::format("no column holds votes of {}", levels[c]),
                   fmt::format("one for each of {}", fmt::join(levels, ", ")));
    o.votes.of[c].assign(static_cast<std::size_t>(o.rows()), 0);
    if (std::ranges::any_of(o.predicted, [&](const auto& run) { return has_rows(run.front(), c); }))
      o.notes.push_back(fmt::format("No column holds votes of \"{}\": a prediction of it has none.", levels[c]));
  }
}

}  // namespace

double Votes::sum(std::size_t row) const {
  double sum = 0;
  for (const auto& column : of) sum += column[row];
  return sum;
}

bool Votes::are_counts() const {
  constexpr double kMost = 1e6;  // more annotators than anybody asks
  return std::ranges::all_of(of, [](const auto& column) {
    return std::ranges::all_of(column, [](double v) { return v == std::floor(v) && v <= kMost; });
  });
}

Votes read_votes(const table::TableReader& reader, const table::Table& table, const std::vector<std::string>& columns,
                 const std::vector<std::string>& levels) {
  const bool vectors = std::ranges::any_of(columns, [&](const std::string& c) { return reader.holds_vectors(c); });
  if (vectors != (columns.size() == 1))
    refuse_votes(reader.path().string(),
                 vectors ? "a column of vectors beside other columns" : "a single column of numbers",
                 "one column of vectors, or a column of numbers for each class");
  if (vectors) return votes_in_vectors(reader, table, columns.front(), levels);
  Votes votes{columns, {}};
  for (const std::string& name : columns) {
    votes.of.push_back(table.reals(name));
    require_each(votes.of.back(), {reader.path(), name, reader.first_row()}, 1, is_vote, kExpected);
  }
  return votes;
}

void align_votes(Outcomes& o) {
  if (!o.votes.known()) return;
  o.votes = in_order_of(o.truth.front().levels, std::move(o.votes));
  complete(o);
  if (!o.votes.are_counts())
    o.notes.push_back("The votes are no whole numbers: how well annotators agree can't be told from soft labels.");
}

}  // namespace evenface::study
