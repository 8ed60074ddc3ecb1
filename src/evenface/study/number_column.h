#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "evenface/core/error.h"

// What the numbers of a column must be. Private to `study`.
namespace evenface::study {

/// Where a column stands, for messages about one of its rows.
struct NumberColumn {
  const std::filesystem::path& file;
  const std::string& name;
  std::int64_t first_row;
};

/// Throws InputError naming the row of the first value that is not as it should be; `width` values make a row.
template <class T, class Holds>
void require_each(const std::vector<T>& values, const NumberColumn& column, std::int64_t width, Holds holds,
                  const char* expected) {
  const auto bad = std::ranges::find_if_not(values, holds);
  if (bad == values.end()) return;
  throw InputError(
      {.file = column.file.string(),
       .at = fmt::format("row {}, column {}", column.first_row + (bad - values.begin()) / width, column.name),
       .found = std::isnan(*bad) ? "no number" : fmt::format("{}", *bad),
       .expected = expected,
       .remedy = "correct the cell, or leave the row out"});
}

}  // namespace evenface::study
