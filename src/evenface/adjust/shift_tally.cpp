#include "evenface/adjust/shift_tally.h"

#include <limits>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/stats/cells.h"

namespace evenface::adjust {

ShiftTally::ShiftTally(const ClassRows& rows, const std::vector<std::int32_t>& group, std::int64_t groups,
                       const ShiftSettings& settings)
    : rows_(rows), group_(group), settings_(settings), groups_(static_cast<std::size_t>(groups)) {
  ensure(group.size() == rows.rows(), "one group per row");
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    Group& g = groups_.at(static_cast<std::size_t>(group[i]));
    const double w = stats::rounded_weight(rows.weight_of(i));
    g.rows += 1, g.mass += w, g.squares += w * w, mass_ += w;
  }
  for (std::size_t g = 0; g < groups_.size(); ++g)
    if (groups_[g].rows >= static_cast<double>(settings.min_group) && groups_[g].effective_rows() > 1)
      heard_.push_back(g);
  const std::size_t needed = settings.objective == ShiftObjective::kSpread ? 2 : 1;
  if (heard_.size() < needed)
    throw InputError(
        {.file = {},
         .at = {},
         .found = fmt::format("{} of {} groups have {} rows or more", heard_.size(), groups, settings.min_group),
         .expected = fmt::format("at least {}", needed),
         .remedy = "fit on more rows, or make larger groups with --by"});
}

void ShiftTally::decide(const std::vector<double>& shifts) {
  for (Group& g : groups_) g.right = 0;
  right_ = 0;
  std::vector<double> z(shifts.size());
  for (std::size_t i = 0; i < rows_.rows(); ++i) {
    const auto row = rows_.row(i);
    for (std::size_t c = 0; c < z.size(); ++c) z[c] = row[c] + shifts[c];
    if (largest(z) == rows_.truth[i]) change(i, 1);
  }
}

void ShiftTally::change(std::size_t row, int by) {
  const double w = by * stats::rounded_weight(rows_.weight_of(row));
  groups_[static_cast<std::size_t>(group_[row])].right += w;
  right_ += w;
}

double ShiftTally::group_accuracy() const {
  const double pooled = right_ / mass_;
  double sum = 0;
  for (const std::size_t i : heard_) {
    const Group& g = groups_[i];
    const double n = g.effective_rows();
    sum += (n * g.right / g.mass + settings_.shrink * pooled) / (n + settings_.shrink);
  }
  return sum / static_cast<double>(heard_.size());
}

double ShiftTally::spread() const {
  std::vector<stats::GroupCount> counts;
  counts.reserve(heard_.size());
  for (const std::size_t i : heard_) {
    const double n = groups_[i].effective_rows();
    counts.push_back({n, n * groups_[i].right / groups_[i].mass});
  }
  return stats::spread_of(stats::corrected_variance(counts));
}

double ShiftTally::value() const {
  if (settings_.objective == ShiftObjective::kGroupAccuracy) return group_accuracy();
  // Weights are sums of multiples of 2^-26: half of one is no loss but rounding.
  return right_ < least_right_ - 0x1p-27 ? -std::numeric_limits<double>::infinity() : -spread();
}

}  // namespace evenface::adjust
