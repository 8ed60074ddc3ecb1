#include "evenface/stats/unit_influence.h"

#include <algorithm>
#include <cmath>

#include "evenface/stats/before_after_rules.h"

namespace evenface::stats {
namespace {

bool has_part(const PairedUnit& unit) {
  return std::ranges::any_of(unit.adds, [](const Ratio& r) { return r.whole > 0; });
}

using Runs = std::pair<int, int>;

/// The influence of one unit on the mean of some runs.
double influence(const Linear& l, std::size_t unit, Runs runs) {
  double sum = 0;
  for (int run = runs.first; run < runs.second; ++run) sum += l.influence[static_cast<std::size_t>(run)][unit];
  return sum / (runs.second - runs.first);
}

}  // namespace

double mean_over(std::span<const double> values, Runs runs) {
  double sum = 0;
  for (int run = runs.first; run < runs.second; ++run) sum += values[static_cast<std::size_t>(run)];
  return sum / (runs.second - runs.first);
}

std::vector<double> copies_of(const std::vector<PairedUnit>& units) {
  std::vector<double> copies;
  for (const PairedUnit& unit : units) copies.push_back(unit.copies);
  return copies;
}

std::vector<Ratio> sums_of(const PairedUnits& all, const std::vector<PairedUnit>& units,
                           std::span<const double> copies) {
  std::vector<Ratio> sums(static_cast<std::size_t>(all.runs()) * all.ratios());
  for (std::size_t u = 0; u < units.size(); ++u) {
    if (copies[u] == 0) continue;
    for (std::size_t i = 0; i < sums.size(); ++i)
      sums[i].part += copies[u] * units[u].adds[i].part, sums[i].whole += copies[u] * units[u].adds[i].whole;
  }
  return sums;
}

std::vector<double> values_of(const PairedUnits& all, std::span<const Ratio> sums) {
  std::vector<double> values;
  for (std::size_t at = 0; at < sums.size(); at += all.ratios()) {
    const auto value = mean_of(sums.subspan(at, all.ratios()));
    if (!value) return {};
    values.push_back(*value);
  }
  return values;
}

Linear linear(const PairedUnits& all, std::int64_t group) {
  Linear l{.units = all.of(group)};
  for (const PairedUnit& unit : l.units) l.drawn += has_part(unit) ? unit.copies : 0;
  const std::vector<Ratio> sums = sums_of(all, l.units, copies_of(l.units));
  l.values = values_of(all, sums);
  if (!l.known()) return l;
  const std::size_t ratios = all.ratios();
  l.influence.assign(l.values.size(), std::vector<double>(l.units.size()));
  for (std::size_t i = 0; i < sums.size(); ++i)
    for (std::size_t u = 0; u < l.units.size(); ++u) {
      const Ratio& add = l.units[u].adds[i];
      l.influence[i / ratios][u] +=
          (add.part - add.whole * sums[i].part / sums[i].whole) / (sums[i].whole * static_cast<double>(ratios));
    }
  return l;
}

std::vector<Linear> linear_groups(const PairedUnits& all) {
  std::vector<Linear> groups;
  for (std::int64_t g = 0; g < all.groups(); ++g) groups.push_back(linear(all, g));
  return groups;
}

double variance(const Linear& l, const std::vector<double>& influences) {
  double squares = 0;
  for (std::size_t u = 0; u < influences.size(); ++u) squares += l.units[u].copies * influences[u] * influences[u];
  return l.drawn > 1 ? l.drawn / (l.drawn - 1) * without_rounding(squares) : 0;
}

std::vector<GroupValue> values_in(const std::vector<Linear>& groups, int run) {
  const auto r = static_cast<std::size_t>(run);
  std::vector<GroupValue> values;
  for (const Linear& l : groups) values.push_back({l.values[r], variance(l, l.influence[r]), l.drawn});
  return values;
}

GroupValue value_in(const PairedUnits& all, const Linear& l, Arm arm) {
  const Runs runs = all.runs_of(arm);
  std::vector<double> influences;
  for (std::size_t u = 0; u < l.units.size(); ++u) influences.push_back(influence(l, u, runs));
  return {mean_over(l.values, runs), variance(l, influences), l.drawn};
}

std::vector<GroupValue> values_in(const PairedUnits& all, const std::vector<Linear>& groups, Arm arm) {
  std::vector<GroupValue> values;
  for (const Linear& l : groups) values.push_back(value_in(all, l, arm));
  return values;
}

double change_of(const PairedUnits& all, const Linear& l) {
  return mean_over(l.values, all.runs_of(Arm::kAfter)) - mean_over(l.values, all.runs_of(Arm::kBefore));
}

double influence_on_change(const PairedUnits& all, const Linear& l, std::size_t unit) {
  return influence(l, unit, all.runs_of(Arm::kAfter)) - influence(l, unit, all.runs_of(Arm::kBefore));
}

double variance_of_moves(const MetricKind& kind, double squares, double fourths, double units) {
  if (units <= 1) return 0;
  return units / (units - 1) * (kind.decides ? with_two_more(squares, fourths) : without_rounding(squares));
}

double variance_of_change(const PairedUnits& all, const Linear& l) {
  double squares = 0, fourths = 0;
  for (std::size_t u = 0; u < l.units.size(); ++u) {
    const double square = std::pow(influence_on_change(all, l, u), 2);
    squares += l.units[u].copies * square, fourths += l.units[u].copies * square * square;
  }
  return variance_of_moves(all.kind(), squares, fourths, l.drawn);
}

double seed_variance(const PairedUnits& all, const std::vector<double>& values) {
  double sum = 0;
  for (const Arm arm : {Arm::kBefore, Arm::kAfter}) {
    const auto [first, last] = all.runs_of(arm);
    sum += sample_variance({values.begin() + first, values.begin() + last}) / (last - first);
  }
  return sum;
}

const char* method_of_change(const PairedUnits& all) {
  if (!one_run_each(all)) return all.by_person() ? "persons or seeds, whichever vary more, t" : kRowsOrSeeds;
  return all.by_person() ? "t over persons" : "t over effective rows";
}

}  // namespace evenface::stats
