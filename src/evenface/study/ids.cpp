#include "evenface/study/ids.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <limits>
#include <tuple>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/large_array.h"
#include "evenface/core/parallel.h"
#include "evenface/core/random.h"

namespace evenface::study {
namespace {
using table::ColumnRequest;
using table::Keys;

/// A row by the 32 bits of its id's key that follow those of the bucket: half as large as with all 64, and rows that
/// agree in 40 bits are too few to matter.
struct Entry {
  std::uint32_t key, row;
};

constexpr std::size_t kBuckets = 256;

/// The entries of all rows, dealt to buckets by the first byte of the key; those of bucket b begin at first[b].
struct Dealt {
  std::vector<Entry> entries;
  std::vector<std::int64_t> first;

  std::span<Entry> bucket(std::size_t b) {
    return std::span(entries).subspan(static_cast<std::size_t>(first[b]),
                                      static_cast<std::size_t>(first[b + 1] - first[b]));
  }
};

Dealt dealt_entries(const Keys& ids, int threads) {
  require(ids.keys.size() < std::numeric_limits<std::uint32_t>::max(), "more rows in one file than can be numbered");
  constexpr std::int64_t kChunk = 1 << 18;
  const auto n = static_cast<std::int64_t>(ids.keys.size());
  const auto bucket_of = [&](std::int64_t row) { return ids.keys[static_cast<std::size_t>(row)] >> 56; };

  // Where each chunk's rows of each bucket go, so that chunks are dealt independently.
  std::vector<std::vector<std::int64_t>> next(static_cast<std::size_t>((n + kChunk - 1) / kChunk),
                                              std::vector<std::int64_t>(kBuckets));
  parallel_for(n, kChunk, threads, [&](std::int64_t begin, std::int64_t end) {
    auto& counts = next[static_cast<std::size_t>(begin / kChunk)];
    for (std::int64_t row = begin; row < end; ++row) ++counts[bucket_of(row)];
  });
  std::vector<std::int64_t> first(kBuckets + 1);
  std::int64_t total = 0;
  for (std::size_t b = 0; b < kBuckets; ++b) {
    first[b] = total;
    for (auto& chunk : next) total += std::exchange(chunk[b], total);
  }
  first[kBuckets] = total;

  auto entries = large_array<Entry>(static_cast<std::size_t>(n), threads);
  parallel_for(n, kChunk, threads, [&](std::int64_t begin, std::int64_t end) {
    auto& at = next[static_cast<std::size_t>(begin / kChunk)];
    for (std::int64_t row = begin; row < end; ++row)
      entries[static_cast<std::size_t>(at[bucket_of(row)]++)] = {
          static_cast<std::uint32_t>(ids.keys[static_cast<std::size_t>(row)] >> 24), static_cast<std::uint32_t>(row)};
  });
  return {std::move(entries), std::move(first)};
}

/// All entries in the order of the ids.
std::vector<Entry> sorted_entries(const Keys& ids, int threads) {
  Dealt dealt = dealt_entries(ids, threads);
  const auto in_order = [&](const Entry& a, const Entry& b) {
    if (a.key != b.key) return a.key < b.key;
    return std::tie(ids.keys[a.row], ids.checks[a.row], a.row) < std::tie(ids.keys[b.row], ids.checks[b.row], b.row);
  };
  parallel_for(kBuckets, 1, threads, [&](std::int64_t b, std::int64_t) {
    std::ranges::sort(dealt.bucket(static_cast<std::size_t>(b)), in_order);
  });
  return std::move(dealt.entries);
}

bool same(const Keys& a, std::size_t i, const Keys& b, std::size_t j) {
  return a.keys[i] == b.keys[j] && a.checks[i] == b.checks[j];
}

/// Whether two of the entries have the same id, by a table with open addresses.
bool any_twice(std::span<const Entry> entries, const Keys& ids) {
  constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();
  const std::size_t slots = std::bit_ceil(2 * entries.size() + 1);
  std::vector<std::uint32_t> at(slots, kFree);  // of the entry
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    std::size_t slot = entries[i].key & (slots - 1);
    for (; at[slot] != kFree; slot = (slot + 1) & (slots - 1)) {
      const Entry& other = entries[at[slot]];
      if (other.key == entries[i].key && same(ids, other.row, ids, entries[i].row)) return true;
    }
    at[slot] = i;
  }
  return false;
}

bool before(const Keys& a, std::size_t i, const Keys& b, std::size_t j) {
  return a.keys[i] != b.keys[j] ? a.keys[i] < b.keys[j] : a.checks[i] < b.checks[j];
}

/// Calls `visit(row as messages call it, text)` for the id column until it returns false.
template <class Visit>
void each_id(const IdColumn& column, Visit visit) {
  const auto reader = table::TableReader::open(column.file);
  std::int64_t row = reader.first_row();
  bool go_on = true;
  reader.scan({{column.name, ColumnRequest::As::kText}}, [&](const table::Table& batch) {
    for (const std::string& text : batch.texts(column.name))
      if (go_on) go_on = visit(row++, text);
  });
}

[[noreturn]] void refuse_missing(const IdColumn& column, std::int64_t row) {
  throw InputError({.file = column.file.string(),
                    .at = fmt::format("row {}, column {}", row, column.name),
                    .found = "the id is missing",
                    .expected = "an id in every row",
                    .remedy = "fill it in, or name the column of a unique id with --id"});
}

}  // namespace

OrderedIds ordered(const Keys& ids, int threads) {
  const std::vector<Entry> entries = sorted_entries(ids, threads);
  const std::size_t n = entries.size();
  OrderedIds order{{large_array<std::uint64_t>(n, threads), large_array<std::uint64_t>(n, threads)},
                   large_array<std::uint32_t>(n, threads)};
  parallel_for(static_cast<std::int64_t>(n), 1 << 18, threads, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
      order.rows[i] = entries[i].row, order.ids.keys[i] = ids.keys[entries[i].row],
      order.ids.checks[i] = ids.checks[entries[i].row];
  });
  return order;
}

void require_unique(const OrderedIds& o, const IdColumn& column) {
  // Of all pairs the one whose second row comes first in the file, whatever the order of the keys.
  std::size_t found = 0;
  for (std::size_t i = 1; i < o.rows.size(); ++i)
    if (same(o.ids, i - 1, o.ids, i) && (found == 0 || o.rows[i] < o.rows[found])) found = i;
  const auto missing = std::ranges::lower_bound(o.ids.keys, key_of(""));
  if (missing != o.ids.keys.end() && *missing == key_of(""))
    for (const IdText& id : rows_of_id(column, key_of(""), check_key_of(""))) refuse_missing(column, id.row);
  if (found == 0) return;
  const auto rows = rows_of_id(column, o.ids.keys[found], o.ids.checks[found]);
  ensure(rows.size() > 1 && rows[0].text == rows[1].text, "texts that agree in 128 bits of hashes are equal");
  throw InputError({.file = column.file.string(),
                    .at = fmt::format("row {}", rows[1].row),
                    .found = fmt::format("the id \"{}\" stands in row {} too", rows[1].text, rows[0].row),
                    .expected = "one row per id",
                    .remedy = "remove one of the rows, or name the column of a unique id with --id"});
}

void require_unique(const Keys& ids, const IdColumn& column, int threads) {
  Dealt dealt = dealt_entries(ids, threads);
  std::atomic<bool> twice = false;
  parallel_for(kBuckets, 1, threads, [&](std::int64_t b, std::int64_t) {
    if (any_twice(dealt.bucket(static_cast<std::size_t>(b)), ids)) twice = true;
  });
  const bool missing = std::ranges::find(ids.keys, key_of("")) != ids.keys.end();
  if (twice || missing) require_unique(ordered(ids, threads), column);  // which finds the rows that are meant
}

std::vector<IdText> rows_of_id(const IdColumn& column, std::uint64_t key, std::uint64_t check) {
  std::vector<IdText> found;
  each_id(column, [&](std::int64_t row, const std::string& text) {
    if (key_of(text) == key && check_key_of(text) == check) found.push_back({row, text});
    return true;
  });
  return found;
}

std::string id_text(std::span<const IdColumn> columns, std::uint64_t key, std::uint64_t check) {
  for (const IdColumn& column : columns)
    if (const auto rows = rows_of_id(column, key, check); !rows.empty()) return rows.front().text;
  ensure(false, "an id that stands in one of the files");
  return {};
}

std::string first_id(const IdColumn& column) {
  std::string first;
  each_id(column, [&](std::int64_t, const std::string& text) { return first = text, false; });
  return first;
}

std::vector<std::vector<std::uint32_t>> common_positions(std::span<const Keys* const> lists) {
  std::vector<std::vector<std::uint32_t>> positions(lists.size());
  std::vector<std::size_t> at(lists.size());
  const Keys& first = *lists[0];
  for (auto& own : positions) own.reserve(first.keys.size());
  for (std::size_t i = 0; i < first.keys.size(); ++i) {
    bool everywhere = true;
    for (std::size_t r = 1; r < lists.size(); ++r) {
      const Keys& other = *lists[r];
      while (at[r] < other.keys.size() && before(other, at[r], first, i)) ++at[r];
      everywhere = everywhere && at[r] < other.keys.size() && same(other, at[r], first, i);
    }
    if (!everywhere) continue;
    at[0] = i;
    for (std::size_t r = 0; r < lists.size(); ++r) positions[r].push_back(static_cast<std::uint32_t>(at[r]));
  }
  return positions;
}

std::vector<std::uint32_t> others(std::int64_t n, const std::vector<std::uint32_t>& some) {
  std::vector<std::uint32_t> rest;
  std::size_t next = 0;
  for (std::uint32_t at = 0; at < static_cast<std::uint32_t>(n); ++at)
    if (next < some.size() && some[next] == at) ++next;
    else rest.push_back(at);
  return rest;
}

std::vector<std::uint32_t> positions_in(const Keys& known, const Keys& wanted) {
  std::vector<std::uint32_t> positions(wanted.keys.size(), kUnknown);
  std::size_t at = 0;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    while (at < known.keys.size() && before(known, at, wanted, i)) ++at;
    if (at < known.keys.size() && same(known, at, wanted, i)) positions[i] = static_cast<std::uint32_t>(at);
  }
  return positions;
}

table::Factor taken(const table::Factor& factor, std::span<const std::uint32_t> positions, int threads) {
  return {factor.name, factor.levels, taken(factor.codes, positions, threads)};
}

table::Keys taken(const table::Keys& ids, std::span<const std::uint32_t> positions, int threads) {
  return {taken(ids.keys, positions, threads), taken(ids.checks, positions, threads)};
}

}  // namespace evenface::study
