#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace evenface::table {

/// A named categorical column: levels in a fixed order and one code per row,
/// an index into `levels` or kMissing. Labels, attributes, predictions and
/// groups are all factors.
struct Factor {
  static constexpr std::int32_t kMissing = -1;

  std::string name;
  std::vector<std::string> levels;
  std::vector<std::int32_t> codes;

  std::int64_t rows() const { return static_cast<std::int64_t>(codes.size()); }
  std::int32_t level_count() const { return static_cast<std::int32_t>(levels.size()); }
  /// The code of a level, if it is one.
  std::optional<std::int32_t> code_of(std::string_view level) const;
  /// The row's level, or an empty text where it is missing.
  std::string_view level_at(std::int64_t row) const;
};

/// A factor from texts; an empty text is missing. Without `levels` these are the
/// distinct texts in sorted order. Throws InputError naming the row of a text that is no level.
Factor factor_of(std::string name, std::span<const std::string> texts, std::vector<std::string> levels = {});

/// The factor of intersections: levels are the products in order, the last factor
/// varying fastest, joined by a space ("Black Male"), or by " / " where two products
/// would read alike; a row that misses any part is missing. Throws InputError unless all have the same number of rows.
Factor cross(std::span<const Factor> factors);

/// The same rows with codes that point into `levels`. Throws InputError naming a
/// level in use that `levels` lacks.
Factor with_levels(const Factor& factor, const std::vector<std::string>& levels);

/// The rows given by index, in that order.
Factor take(const Factor& factor, std::span<const std::int64_t> rows);

}  // namespace evenface::table
