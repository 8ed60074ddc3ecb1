#include "evenface/ingest/draft.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace evenface::ingest {
namespace {

table::Vectors take(const table::Vectors& vectors, std::span<const std::int64_t> rows) {
  table::Vectors taken{vectors.width, {}};
  taken.values.reserve(rows.size() * static_cast<std::size_t>(vectors.width));
  for (const std::int64_t row : rows) {
    const auto begin = vectors.values.begin() + row * vectors.width;
    taken.values.insert(taken.values.end(), begin, begin + vectors.width);
  }
  return taken;
}

}  // namespace

void keep_rows(Draft& draft, std::span<const std::int64_t> rows) {
  std::vector<DraftRow> kept;
  kept.reserve(rows.size());
  for (const std::int64_t row : rows) kept.push_back(std::move(draft.rows[static_cast<std::size_t>(row)]));
  draft.rows = std::move(kept);
  for (table::Factor& column : draft.columns) column = take(column, rows);
  for (auto& [name, votes] : draft.votes) votes = take(votes, rows);
}

void reject_rows(Draft& draft, std::map<std::int64_t, std::pair<std::string, Problem>> problems) {
  if (problems.empty()) return;
  std::vector<std::int64_t> good;
  for (std::int64_t row = 0; row < draft.row_count(); ++row) {
    const auto bad = problems.find(row);
    if (bad == problems.end()) {
      good.push_back(row);
      continue;
    }
    auto& [reason, problem] = bad->second;
    draft.rejected.push_back(
        {std::move(draft.rows[static_cast<std::size_t>(row)]), std::move(reason), std::move(problem)});
  }
  keep_rows(draft, good);
}

const table::Factor& column_named(const Draft& draft, const std::string& name, const std::string& option) {
  for (const std::string& full : {"attr." + name, "label." + name, name})
    for (const table::Factor& column : draft.columns)
      if (column.name == full) return column;
  std::vector<std::string> names;
  for (const table::Factor& column : draft.columns) names.push_back(column.name);
  throw InputError({.file = {},
                    .at = option,
                    .found = fmt::format("there is no label or attribute \"{}\"", name),
                    .expected = names.empty() ? "one of the data set's columns; it has none"
                                              : fmt::format("one of {}", fmt::join(names, ", ")),
                    .remedy = "name one of these, or map the column with --column"});
}

}  // namespace evenface::ingest
