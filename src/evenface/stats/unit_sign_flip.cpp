#include <algorithm>
#include <cmath>

#include "evenface/core/random.h"
#include "evenface/stats/sign_flip.h"
#include "evenface/stats/unit_influence.h"

namespace evenface::stats {
namespace {

/// What each unit adds to the change if both arms had the ratios that lie midway between them: in sum the change.
std::vector<double> parts_of_change(const PairedUnits& all, const Linear& l) {
  const std::size_t ratios = all.ratios();
  const std::vector<Ratio> sums = sums_of(all, l.units, copies_of(l.units));
  std::vector<double> parts(l.units.size());
  for (std::size_t i = 0; i < ratios; ++i) {
    const Ratio &before = sums[i], &after = sums[ratios + i];
    const double midway = (before.part / before.whole + after.part / after.whole) / 2;
    for (std::size_t u = 0; u < parts.size(); ++u) {
      const Ratio &b = l.units[u].adds[i], &a = l.units[u].adds[ratios + i];
      parts[u] += ((a.part - a.whole * midway) / after.whole - (b.part - b.whole * midway) / before.whole) /
                  static_cast<double>(ratios);
    }
  }
  return parts;
}

/// Two-sided p of the sign flips of all units, by `draws` of them.
double drawn_sign_flip_p(const Linear& l, const std::vector<double>& parts, std::int64_t draws, Stream stream) {
  std::vector<std::pair<std::int64_t, double>> moved;  // units, and what each adds
  double change = 0;
  for (std::size_t u = 0; u < parts.size(); ++u) {
    const std::int64_t copies = std::llround(l.units[u].copies);
    constexpr double kRounding = 1e-12;
    if (copies == 0 || std::abs(parts[u]) < kRounding) continue;
    moved.emplace_back(copies, parts[u]);
    change += static_cast<double>(copies) * parts[u];
  }
  constexpr double kAsFar = 1 - 1e-9;
  std::int64_t as_far = 0;
  for (std::int64_t draw = 0; draw < draws; ++draw) {
    double sum = 0;
    for (const auto& [copies, part] : moved)
      sum += part * static_cast<double>(2 * stream.binomial(copies, 0.5) - copies);
    as_far += std::abs(sum) >= std::abs(change) * kAsFar ? 1 : 0;
  }
  return static_cast<double>(as_far + 1) / static_cast<double>(draws + 1);
}

}  // namespace

double sign_flip_p(const PairedUnits& all, const Linear& l, std::uint64_t key, const BeforeAfterSettings& settings) {
  const auto whole_change = [](const PairedUnit& unit) {
    const double change = unit.adds[1].part - unit.adds[0].part;
    return unit.adds[0].whole == unit.adds[1].whole && change == std::round(change);
  };
  if (all.by_person() && all.ratios() == 1 && std::ranges::all_of(l.units, whole_change)) {
    std::vector<std::int64_t> changes;
    for (const PairedUnit& unit : l.units) changes.push_back(std::llround(unit.adds[1].part - unit.adds[0].part));
    return sign_flip_p(changes);
  }
  return drawn_sign_flip_p(l, parts_of_change(all, l), settings.bootstrap,
                           Stream(settings.seed, "sign flips of units", {key}));
}

}  // namespace evenface::stats
