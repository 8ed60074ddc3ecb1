#include "evenface/ingest/write.h"

#include <algorithm>

#include <fmt/format.h>

#include "evenface/table/table.h"

namespace evenface::ingest {
namespace {
using table::Factor;
using table::Table;
using table::Texts;

template <class Item, class Value>
auto column_of(const std::vector<Item>& items, Value value) {
  std::vector<std::decay_t<decltype(value(items.front()))>> column;
  column.reserve(items.size());
  for (const Item& item : items) column.push_back(value(item));
  return column;
}

Table manifest_rows(const Draft& draft, const std::vector<PictureFact>& facts, const Kinship& kinship) {
  const auto of_row = [&](auto value) { return column_of(draft.rows, value); };
  const auto of_fact = [&](auto value) { return column_of(facts, value); };
  Table rows;
  rows.add("id", of_row([](const DraftRow& r) { return r.id; }));
  rows.add("image", of_fact([](const PictureFact& f) { return f.image; }));
  rows.add("split", Factor{"split", table::split_levels(), of_row([](const DraftRow& r) { return r.split; })});
  rows.add("content", of_fact([](const PictureFact& f) { return f.content; }));
  rows.add("width", of_fact([](const PictureFact& f) { return f.width; }));
  rows.add("height", of_fact([](const PictureFact& f) { return f.height; }));
  if (std::ranges::any_of(draft.rows, [](const DraftRow& r) { return !r.person.empty(); }))
    rows.add("person", of_row([](const DraftRow& r) { return r.person; }));
  rows.add("kin",
           column_of(kinship.kin, [&](std::int64_t row) { return draft.rows[static_cast<std::size_t>(row)].id; }));
  rows.add("weight", of_row([](const DraftRow& r) { return r.weight; }));
  rows.add("origin", Factor{"origin", {"real"}, std::vector<std::int32_t>(draft.rows.size(), 0)});
  for (const Factor& column : draft.columns) rows.add(column.name, column);
  for (const auto& [name, votes] : draft.votes) rows.add(name, votes);
  return rows;
}

/// Several lines of a problem as one cell.
std::string detail_of(const Problem& p) {
  std::string text = p.at.empty() ? p.found : fmt::format("{}: {}", p.at, p.found);
  if (!p.expected.empty()) text += fmt::format("; expected {}", p.expected);
  return text;
}

}  // namespace

void write_manifest(const std::filesystem::path& file, const Draft& draft, const std::vector<PictureFact>& facts,
                    const Kinship& kinship) {
  table::TableWriter writer(file, table::manifest_metadata(draft.info));
  writer.append(manifest_rows(draft, facts, kinship));
  writer.commit();
}

void write_rejected(const std::filesystem::path& file, const Draft& draft) {
  std::vector<const Rejected*> order;
  for (const Rejected& rejected : draft.rejected) order.push_back(&rejected);
  std::ranges::stable_sort(order, {},
                           [](const Rejected* r) { return std::tie(r->row.table, r->row.number, r->row.id); });
  const auto column = [&](auto value) { return column_of(order, [&](const Rejected* r) { return value(*r); }); };
  Table rows;
  rows.add("table", column([](const Rejected& r) { return r.row.table; }));
  rows.add("row", column([](const Rejected& r) { return r.row.number > 0 ? std::to_string(r.row.number) : ""; }));
  rows.add("id", column([](const Rejected& r) { return r.row.id; }));
  rows.add("image", column([](const Rejected& r) { return r.row.image; }));
  rows.add("reason", column([](const Rejected& r) { return r.reason; }));
  rows.add("detail", column([](const Rejected& r) { return detail_of(r.problem); }));
  rows.add("remedy", column([](const Rejected& r) { return r.problem.remedy; }));
  table::write_csv(file, rows);
}

}  // namespace evenface::ingest
