#include "evenface/ingest/split.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "evenface/core/random.h"
#include "evenface/table/manifest.h"

namespace evenface::ingest {
namespace {

/// Rows that move together, placed by their first row's draw and stratum.
struct Unit {
  double draw = 0;
  std::string id;
  std::vector<std::int64_t> rows;
};

struct Stratum {
  std::vector<Unit> units;
  std::int64_t rows = 0;
  std::int64_t quota = 0;
  double remainder = 0;
};

double draw_of(std::uint64_t seed, std::string_view purpose, const std::string& id) {
  return Stream(seed, purpose, {key_of(id)}).uniform();
}

bool earlier(const Unit& a, const Unit& b) { return a.draw != b.draw ? a.draw < b.draw : a.id < b.id; }

/// The stratum of each row; rows that miss a value form one of their own (-1).
std::vector<std::int32_t> strata_of(const Draft& draft, const std::vector<std::string>& columns) {
  if (columns.empty()) return std::vector<std::int32_t>(draft.rows.size(), 0);
  std::vector<table::Factor> factors;
  for (const std::string& name : columns) factors.push_back(column_named(draft, name, "--stratify"));
  return table::cross(factors).codes;
}

std::map<std::int32_t, Stratum> units_by_stratum(const Draft& draft, const std::vector<std::int64_t>& kin,
                                                 const Carving& carving) {
  const auto strata = strata_of(draft, carving.stratify);
  std::map<std::int64_t, std::vector<std::int64_t>> families;
  std::map<std::int64_t, bool> elsewhere;
  for (std::int64_t row = 0; row < draft.row_count(); ++row) {
    const std::int64_t family = kin[static_cast<std::size_t>(row)];
    if (draft.rows[static_cast<std::size_t>(row)].split == carving.from) families[family].push_back(row);
    else elsewhere[family] = true;
  }
  std::map<std::int32_t, Stratum> result;
  for (auto& [family, rows] : families) {
    // Represented by its smallest id, so that the order of rows in a file means nothing.
    const std::int64_t first = std::ranges::min(
        rows, {}, [&](std::int64_t row) -> const std::string& { return draft.rows[static_cast<std::size_t>(row)].id; });
    Stratum& stratum = result[strata[static_cast<std::size_t>(first)]];
    stratum.rows += std::ssize(rows);
    if (elsewhere.contains(family)) continue;
    const std::string& id = draft.rows[static_cast<std::size_t>(first)].id;
    const double draw =
        draw_of(carving.seed, "split " + table::split_levels()[static_cast<std::size_t>(carving.to)], id);
    stratum.units.push_back({draw, id, std::move(rows)});
  }
  return result;
}

/// Shares out the rows that shall move: the share of each stratum rounded down, then the largest remainders.
void set_quotas(std::map<std::int32_t, Stratum>& strata, double share) {
  std::int64_t rows = 0, given = 0;
  std::vector<Stratum*> order;
  for (auto& [code, stratum] : strata) {
    const double exact = share * static_cast<double>(stratum.rows);
    stratum.quota = static_cast<std::int64_t>(std::floor(exact));
    stratum.remainder = exact - std::floor(exact);
    rows += stratum.rows;
    given += stratum.quota;
    order.push_back(&stratum);
  }
  std::ranges::stable_sort(order, std::ranges::greater(), &Stratum::remainder);
  const auto total = static_cast<std::int64_t>(std::llround(share * static_cast<double>(rows)));
  for (std::size_t i = 0; i < order.size() && given < total; ++i, ++given) ++order[i]->quota;
}

}  // namespace

void carve(Draft& draft, const std::vector<std::int64_t>& kin, const Carving& carving) {
  auto strata = units_by_stratum(draft, kin, carving);
  if (strata.empty()) {
    const auto& levels = table::split_levels();
    const std::string& from = levels[static_cast<std::size_t>(carving.from)];
    throw InputError({.file = {},
                      .at = fmt::format("--{}-from", levels[static_cast<std::size_t>(carving.to)]),
                      .found = fmt::format("the split \"{}\" has no rows to take from", from),
                      .expected = "a split with rows",
                      .remedy = "name another split, or give rows without one a split: --default-split " + from});
  }
  set_quotas(strata, carving.share);
  for (auto& [code, stratum] : strata) {
    std::ranges::sort(stratum.units, earlier);
    std::int64_t moved = 0;
    for (const Unit& unit : stratum.units) {
      if (moved + std::ssize(unit.rows) > stratum.quota) continue;
      for (const std::int64_t row : unit.rows) draft.rows[static_cast<std::size_t>(row)].split = carving.to;
      moved += std::ssize(unit.rows);
    }
  }
}

void draw_sample(Draft& draft, std::int64_t limit, std::uint64_t seed) {
  if (limit == 0) return;
  std::map<std::int32_t, std::vector<Unit>> splits;
  for (std::int64_t row = 0; row < draft.row_count(); ++row) {
    const DraftRow& r = draft.rows[static_cast<std::size_t>(row)];
    splits[r.split].push_back({draw_of(seed, "ingest sample", r.id), r.id, {row}});
  }
  std::vector<std::int64_t> kept;
  for (auto& [split, units] : splits) {
    std::ranges::sort(units, earlier);
    for (std::size_t i = 0; i < units.size() && std::cmp_less(i, limit); ++i) kept.push_back(units[i].rows.front());
  }
  std::ranges::sort(kept);
  // Thinned alike, so that a share of bad rows means the same in a sample.
  const double share =
      static_cast<double>(kept.size()) / static_cast<double>(std::max<std::size_t>(1, draft.rows.size()));
  std::erase_if(draft.rejected, [&](const Rejected& r) {
    return draw_of(seed, "ingest sample", fmt::format("{} {} {}", r.row.table, r.row.number, r.row.id)) >= share;
  });
  keep_rows(draft, kept);
}

}  // namespace evenface::ingest
