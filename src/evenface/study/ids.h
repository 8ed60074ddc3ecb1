#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "evenface/core/large_array.h"
#include "evenface/core/parallel.h"
#include "evenface/table/table.h"

// Rows found by the hashes of their ids. Ids are in the order of their keys, and where two texts share
// a key (a chance of three in a million among ten million rows) in the order of their checks. Private to `study`.
namespace evenface::study {

/// Ids in order, and where each stood.
struct OrderedIds {
  table::Keys ids;
  std::vector<std::uint32_t> rows;  ///< [position] the row, 0 first; of equal ids the first row first
};

/// Throws InputError when there are 2^32 rows or more.
OrderedIds ordered(const table::Keys& ids, int threads);

/// A column's file, for looking at the texts again when a message needs them.
struct IdColumn {
  std::filesystem::path file;
  std::string name;
};

/// Throws InputError naming both rows when an id occurs twice, and the row of one that is missing.
void require_unique(const OrderedIds& ordered, const IdColumn& column);
/// The same of ids in any order, without putting them in order.
void require_unique(const table::Keys& ids, const IdColumn& column, int threads);

/// A row's id as text, and the row as messages call it.
struct IdText {
  std::int64_t row;
  std::string text;
};

/// The rows of the id with these hashes, read from the file again.
std::vector<IdText> rows_of_id(const IdColumn& column, std::uint64_t key, std::uint64_t check);

/// The id with these hashes, of whichever of the columns has it.
std::string id_text(std::span<const IdColumn> columns, std::uint64_t key, std::uint64_t check);

/// The text of the file's first id; empty when there is none.
std::string first_id(const IdColumn& column);

/// Positions, in each of several lists of ids without duplicates, of the ids that all of them have.
std::vector<std::vector<std::uint32_t>> common_positions(std::span<const table::Keys* const> lists);

/// Positions 0..n-1 that are not among `some`, which is ascending.
std::vector<std::uint32_t> others(std::int64_t n, const std::vector<std::uint32_t>& some);

/// For each of `wanted` its position in `known`, both ordered and without duplicates, or kUnknown.
inline constexpr std::uint32_t kUnknown = 0xffffffff;
std::vector<std::uint32_t> positions_in(const table::Keys& known, const table::Keys& wanted);

/// The values at `positions`, in that order.
template <class T>
std::vector<T> taken(const std::vector<T>& values, std::span<const std::uint32_t> positions, int threads) {
  auto some = large_array<T>(positions.size(), threads);
  parallel_for(std::ssize(positions), 1 << 18, threads, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
      some[i] = values[positions[i]];
  });
  return some;
}
table::Factor taken(const table::Factor& factor, std::span<const std::uint32_t> positions, int threads);
table::Keys taken(const table::Keys& ids, std::span<const std::uint32_t> positions, int threads);

}  // namespace evenface::study
