#include "evenface/study/coverage.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/parallel.h"

namespace evenface::study {
namespace {
using table::Factor;

constexpr std::int64_t kMostGroups = 10000;
constexpr std::uint8_t kBefore = 1, kAfter = 2;

/// Where the attributes of the primary crossing stand among the distinct ones.
std::vector<std::size_t> primary(const OutcomeColumns& columns) {
  const auto names = attributes_of(columns);
  std::vector<std::size_t> indices;
  for (const std::string& name : columns.by.front())
    indices.push_back(static_cast<std::size_t>(std::ranges::find(names, name) - names.begin()));
  return indices;
}

}  // namespace

Factor group_of(const std::vector<Factor>& attributes, const std::vector<std::size_t>& crossed, int threads) {
  std::vector<Factor> shapes;  // levels only
  double groups = 1;
  std::vector<std::string> names;
  for (const std::size_t a : crossed) {
    shapes.push_back({attributes[a].name, attributes[a].levels, {}});
    groups *= static_cast<double>(attributes[a].levels.size());
    names.push_back(attributes[a].name);
  }
  if (groups > kMostGroups)
    throw InputError({.file = {},
                      .at = fmt::format("--by {}", fmt::join(names, ",")),
                      .found = fmt::format("that makes {:.0f} groups", groups),
                      .expected = fmt::format("at most {} groups", kMostGroups),
                      .remedy = "is one of them a column of ids or of numbers? cross fewer attributes"});
  Factor group = cross(shapes);
  group.codes.resize(attributes[crossed.front()].codes.size());
  parallel_for(group.rows(), 1 << 18, threads, [&](std::int64_t begin, std::int64_t end) {
    for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row) {
      std::int32_t code = 0;
      for (const std::size_t a : crossed) code = code * attributes[a].level_count() + attributes[a].codes[row];
      group.codes[row] = code;
    }
  });
  return group;
}

LostRows lost_rows(const std::vector<RunRows>& runs, std::size_t runs_before,
                   std::span<const std::vector<std::uint32_t>> common, const OutcomeColumns& columns) {
  struct Lost {
    std::uint64_t key, check;
    std::uint8_t arm;
    std::int32_t group;
  };
  std::vector<Lost> found;
  LostRows lost;
  const bool known = !runs.front().attributes.empty();
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const RunRows some = taken(runs[r], others(runs[r].rows(), common[r]), 1);
    const Factor own = known ? group_of(some.attributes, primary(columns), 1) : Factor{};
    std::vector<std::int32_t> to;
    for (const std::string& level : own.levels) {
      if (!lost.group.code_of(level)) lost.group.levels.push_back(level);
      to.push_back(*lost.group.code_of(level));
    }
    for (std::size_t i = 0; i < some.ids.keys.size(); ++i)
      found.push_back({some.ids.keys[i], some.ids.checks[i], r < runs_before ? kBefore : kAfter,
                       known ? to[static_cast<std::size_t>(own.codes[i])] : Factor::kMissing});
  }
  const auto id_of = [](const Lost& l) { return std::pair(l.key, l.check); };
  std::ranges::stable_sort(found, {}, id_of);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i > 0 && id_of(found[i - 1]) == id_of(found[i])) {
      lost.arms.back() |= found[i].arm;
      continue;
    }
    lost.ids.keys.push_back(found[i].key), lost.ids.checks.push_back(found[i].check);
    lost.arms.push_back(found[i].arm);
    if (known) lost.group.codes.push_back(found[i].group);
  }
  return lost;
}

void count_coverage(const LostRows& lost, Outcomes& o) {
  for (const std::uint8_t arms : lost.arms) {
    std::int64_t& count = arms == kBefore ? o.rows_only_before : arms == kAfter ? o.rows_only_after : o.rows_in_some;
    ++count;
  }
  std::vector<GroupCoverage> all;
  for (const std::string& level : o.group().levels) all.push_back({.name = level});
  for (const std::int32_t code : o.group().codes) ++all[static_cast<std::size_t>(code)].common;
  std::vector<std::size_t> to;
  for (const std::string& level : lost.group.levels) {
    const auto found = std::ranges::find(all, level, &GroupCoverage::name);
    to.push_back(static_cast<std::size_t>(found - all.begin()));
    if (found == all.end()) all.push_back({.name = level});
  }
  for (std::size_t i = 0; i < lost.group.codes.size(); ++i) {
    GroupCoverage& g = all[to[static_cast<std::size_t>(lost.group.codes[i])]];
    ++(lost.arms[i] == kBefore ? g.only_before : lost.arms[i] == kAfter ? g.only_after : g.in_some);
  }
  std::erase_if(all, [](const GroupCoverage& g) { return g.all() == 0; });
  o.coverage = std::move(all);
}

}  // namespace evenface::study
