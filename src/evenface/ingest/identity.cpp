#include "evenface/ingest/identity.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

namespace evenface::ingest {
namespace {

bool say_the_same(const Draft& draft, std::int64_t a, std::int64_t b) {
  const DraftRow& x = draft.rows[static_cast<std::size_t>(a)];
  const DraftRow& y = draft.rows[static_cast<std::size_t>(b)];
  if (x.image != y.image || x.split != y.split || x.person != y.person || x.weight != y.weight) return false;
  const bool alike = std::ranges::all_of(draft.columns, [&](const table::Factor& column) {
    return column.codes[static_cast<std::size_t>(a)] == column.codes[static_cast<std::size_t>(b)];
  });
  return alike && std::ranges::all_of(draft.votes, [&](const auto& votes) {
           const auto& [width, values] = votes.second;
           return std::equal(values.begin() + a * width, values.begin() + (a + 1) * width, values.begin() + b * width);
         });
}

std::string place_of(const DraftRow& row) {
  if (row.table.empty()) return row.image;
  return row.number > 0 ? fmt::format("{} row {}", row.table, row.number) : row.table;
}

}  // namespace

void reject_duplicate_ids(Draft& draft) {
  std::unordered_map<std::string, std::vector<std::int64_t>> rows_of;
  for (std::int64_t row = 0; row < draft.row_count(); ++row)
    rows_of[draft.rows[static_cast<std::size_t>(row)].id].push_back(row);
  std::map<std::int64_t, std::pair<std::string, Problem>> problems;
  for (const auto& [id, rows] : rows_of) {
    if (rows.size() == 1) continue;
    const bool agree =
        std::ranges::all_of(rows, [&](std::int64_t row) { return say_the_same(draft, rows.front(), row); });
    for (std::size_t i = agree ? 1 : 0; i < rows.size(); ++i) {
      const std::int64_t other = i == 0 ? rows[1] : rows.front();
      const std::string place = place_of(draft.rows[static_cast<std::size_t>(other)]);
      problems[rows[i]] = {"duplicate id",
                           {.found = fmt::format("the id {} stands in {} too{}", id, place,
                                                 agree ? ", with the same values" : ", with other values"),
                            .expected = "each id once",
                            .remedy = agree ? "nothing is lost; remove the repeated row"
                                            : "find out which row is right and remove the others"}};
    }
  }
  reject_rows(draft, std::move(problems));
}

}  // namespace evenface::ingest
