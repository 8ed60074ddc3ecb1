#pragma once
#include <span>
#include <string>
#include <vector>

#include "evenface/study/outcomes.h"

// How notes say which groups lost rows. Private to `study`.
namespace evenface::study {

struct GroupLoss {
  std::string name;
  std::int64_t lost = 0, all = 0;
};

/// "; most of a: 26 of 59 (p < 0.001 if all groups lost alike)" where a chi-square test speaks against that at 5 %;
/// else nothing.
std::string where_lost(std::span<const GroupLoss> groups);

/// The rows of each group of the primary crossing, and how many of them `is_lost`.
template <class IsLost>
std::vector<GroupLoss> losses_by_group(const Outcomes& o, const IsLost& is_lost) {
  std::vector<GroupLoss> groups;
  for (const std::string& level : o.group().levels) groups.push_back({.name = level});
  for (std::size_t row = 0; row < o.group().codes.size(); ++row) {
    GroupLoss& group = groups[static_cast<std::size_t>(o.group().codes[row])];
    ++group.all, group.lost += is_lost(row) ? 1 : 0;
  }
  return groups;
}

/// Notes the rows of the data set that belong to the same splits and have no prediction; `attributes` are theirs. Says
/// what the accuracy of the group that lost most would be, were they wrong.
void note_unpredicted(const std::vector<table::Factor>& attributes, Outcomes& outcomes);

}  // namespace evenface::study
