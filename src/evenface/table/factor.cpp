#include "evenface/table/factor.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "evenface/core/error.h"

namespace evenface::table {

std::optional<std::int32_t> Factor::code_of(std::string_view level) const {
  const auto found = std::ranges::find(levels, level);
  if (found == levels.end()) return std::nullopt;
  return static_cast<std::int32_t>(found - levels.begin());
}

std::string_view Factor::level_at(std::int64_t row) const {
  const std::int32_t code = codes[static_cast<std::size_t>(row)];
  return code == kMissing ? std::string_view() : std::string_view(levels[static_cast<std::size_t>(code)]);
}

Factor factor_of(std::string name, std::span<const std::string> texts, std::vector<std::string> levels) {
  const bool open = levels.empty();
  if (open) {
    std::unordered_map<std::string_view, bool> seen;
    for (const std::string& t : texts)
      if (!t.empty() && seen.try_emplace(t, true).second) levels.push_back(t);
    std::ranges::sort(levels);
  }
  std::unordered_map<std::string_view, std::int32_t> code;
  for (std::size_t i = 0; i < levels.size(); ++i) code.emplace(levels[i], static_cast<std::int32_t>(i));

  Factor factor{std::move(name), {}, std::vector<std::int32_t>(texts.size(), Factor::kMissing)};
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (texts[row].empty()) continue;
    const auto found = code.find(texts[row]);
    if (found == code.end())
      throw InputError({.file = {},
                        .at = fmt::format("row {}, column {}", row + 1, factor.name),
                        .found = fmt::format("unknown level \"{}\"", texts[row]),
                        .expected = fmt::format("one of {}", fmt::join(levels, ", ")),
                        .remedy = "correct the cell"});
    factor.codes[row] = found->second;
  }
  factor.levels = std::move(levels);
  return factor;
}

namespace {

std::vector<std::string> crossed_levels(std::span<const Factor> factors, std::string_view separator) {
  std::vector<std::string> crossed = factors[0].levels;
  for (const Factor& next : factors.subspan(1)) {
    std::vector<std::string> levels;
    for (const std::string& a : crossed)
      for (const std::string& b : next.levels) levels.push_back(fmt::format("{}{}{}", a, separator, b));
    crossed = std::move(levels);
  }
  return crossed;
}

bool all_differ(std::vector<std::string> names) {
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) == names.end();
}

}  // namespace

Factor cross(std::span<const Factor> factors) {
  require(!factors.empty(), "a crossing needs at least one attribute");
  Factor crossed = factors[0];
  for (const Factor& next : factors.subspan(1)) {
    require(next.rows() == crossed.rows(), "crossed attributes must have the same number of rows", crossed.rows(),
            next.rows());
    crossed.name += "," + next.name;
    for (std::size_t row = 0; row < crossed.codes.size(); ++row) {
      const std::int32_t a = crossed.codes[row], b = next.codes[row];
      crossed.codes[row] = a < 0 || b < 0 ? Factor::kMissing : a * next.level_count() + b;
    }
  }
  crossed.levels = crossed_levels(factors, " ");
  if (!all_differ(crossed.levels)) crossed.levels = crossed_levels(factors, " / ");
  return crossed;
}

Factor with_levels(const Factor& factor, const std::vector<std::string>& levels) {
  if (factor.levels == levels) return factor;
  Factor mapped{factor.name, levels, {}};
  std::vector<std::int32_t> to(factor.levels.size());
  for (std::size_t i = 0; i < factor.levels.size(); ++i)
    to[i] = mapped.code_of(factor.levels[i]).value_or(Factor::kMissing);
  mapped.codes.reserve(factor.codes.size());
  for (const std::int32_t code : factor.codes) {
    const std::int32_t c = code < 0 ? Factor::kMissing : to[static_cast<std::size_t>(code)];
    if (code >= 0 && c < 0)
      throw InputError({.file = {},
                        .at = "column " + factor.name,
                        .found = fmt::format("unknown level \"{}\"", factor.levels[static_cast<std::size_t>(code)]),
                        .expected = fmt::format("one of {}", fmt::join(levels, ", ")),
                        .remedy = "use the same names for the same classes in both files"});
    mapped.codes.push_back(c);
  }
  return mapped;
}

Factor take(const Factor& factor, std::span<const std::int64_t> rows) {
  Factor taken{factor.name, factor.levels, {}};
  taken.codes.reserve(rows.size());
  for (const std::int64_t row : rows) taken.codes.push_back(factor.codes[static_cast<std::size_t>(row)]);
  return taken;
}

}  // namespace evenface::table
