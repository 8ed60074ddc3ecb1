#include "evenface/study/loss_words.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "evenface/stats/significance.h"
#include "evenface/study/coverage.h"
#include "evenface/study/row_words.h"

namespace evenface::study {
namespace {

double share_lost(const GroupLoss& g) {
  return g.all > 0 ? static_cast<double>(g.lost) / static_cast<double>(g.all) : 0;
}

const GroupLoss& most_lost(std::span<const GroupLoss> groups) {
  return *std::ranges::max_element(groups, {}, share_lost);
}

/// Percent of a group's rows that every task was right on, mean over runs; of its judged rows, and of these and the
/// lost.
std::pair<double, double> right_of(const Outcomes& o, const GroupLoss& group) {
  double right = 0, judged = 0;
  for (std::size_t row = 0; row < o.group().codes.size(); ++row) {
    if (o.group().levels[static_cast<std::size_t>(o.group().codes[row])] != group.name) continue;
    ++judged, right += static_cast<double>(std::popcount(o.pattern(static_cast<std::int64_t>(row)))) / o.runs();
  }
  return {judged > 0 ? 100 * right / judged : 0, 100 * right / static_cast<double>(group.all)};
}

}  // namespace

std::string where_lost(std::span<const GroupLoss> groups) {
  constexpr double kAlike = 0.05;
  std::vector<stats::GroupCount> counts;
  for (const GroupLoss& g : groups)
    if (g.all > 0) counts.push_back({static_cast<double>(g.all), static_cast<double>(g.lost)});
  if (counts.size() < 2) return "";
  const double p = stats::homogeneity(counts).p;
  if (p >= kAlike) return "";
  const GroupLoss& most = most_lost(groups);
  return fmt::format("; most of {}: {} of {} (p {} if all groups lost alike)", most.name, most.lost, most.all,
                     p < 0.0005 ? "< 0.001" : fmt::format("{:.3f}", p));
}

void note_unpredicted(const std::vector<table::Factor>& attributes, Outcomes& o) {
  if (attributes.empty() || attributes.front().rows() == 0) return;
  std::vector<GroupLoss> groups = losses_by_group(o, [](std::size_t) { return false; });
  const table::Factor lost = group_of(attributes, o.crossings.front().attributes, 1);
  for (const std::int32_t code : lost.codes) {
    const std::string& name = lost.levels[static_cast<std::size_t>(code)];
    auto at = std::ranges::find(groups, name, &GroupLoss::name);
    if (at == groups.end()) at = groups.insert(groups.end(), {.name = name});
    ++at->lost, ++at->all;
  }
  const std::string where = where_lost(groups);
  std::string note = rows_that(lost.rows(), " of the same split", "has", "have") + " no prediction" + where + ".";
  if (!where.empty() && !o.truth.empty()) {
    const GroupLoss& most = most_lost(groups);
    const auto [judged, with_lost] = right_of(o, most);
    note += fmt::format(" Taken as wrong, {:.1f} of 100 of {} are right, not {:.1f}.", with_lost, most.name, judged);
  }
  o.notes.push_back(std::move(note));
}

}  // namespace evenface::study
