#include <algorithm>

#include "evenface/study/finding.h"

namespace evenface::study {
namespace {
using nlohmann::json;

struct ClassFlips {
  std::int64_t n = 0;
  stats::Flips rows;
};

/// Which true classes of a group flipped; rows are means over pairs of runs.
json by_true_class(const Comparison& c, std::int64_t group, const std::vector<std::string>& classes) {
  std::vector<ClassFlips> flips(classes.size());
  std::vector<std::size_t> order;
  for (std::size_t y = 0; y < classes.size(); ++y) {
    const std::int64_t cell = group * std::ssize(classes) + static_cast<std::int64_t>(y);
    flips[y] = {c.class_cells.rows(cell), flips_of(c.class_cells, cell)};
    if (flips[y].n > 0) order.push_back(y);
  }
  std::ranges::stable_sort(order, std::greater(),
                           [&](std::size_t y) { return flips[y].rows.lost + flips[y].rows.won; });
  json list = json::array();
  for (const std::size_t y : order)
    list.push_back(
        {{"label", classes[y]}, {"n", flips[y].n}, {"lost", flips[y].rows.lost}, {"won", flips[y].rows.won}});
  return list;
}

/// The loss that the interval does not exclude; of an error rate a rise.
double largest_loss(const Comparison& c, const stats::Interval& change) {
  return std::max(0.0, c.error_rate ? change.high : -change.low);
}

}  // namespace

Findings find_group_change(const Comparison& c) {
  const std::vector<std::string> classes = class_levels(c.outcomes, c.task);
  const auto before = mean_counts(c.cells, stats::Arm::kBefore), after = mean_counts(c.cells, stats::Arm::kAfter);
  const bool one_run = !c.result.several_seeds;
  Findings findings;
  for (const stats::GroupChange& g : c.result.groups) {
    const auto i = static_cast<std::size_t>(g.group);
    Finding f{.id = "group_change/" + c.group_name(g.group), .kind = "group_change"};
    f.subject = {{"group", c.group_name(g.group)}, {"levels", levels_of_group(c.outcomes, 0, g.group)}};
    f.estimates = to_json(g.accuracy);
    f.test = family_test(c.result.test, c.result.groups.size(), c.options.level);
    f.p = g.p, f.p_adjusted = g.p_adjusted;
    const auto& change = g.accuracy.change;
    f.evidence = {{"n", g.n},
                  {"correct_before", before[i].right},
                  {"correct_after", after[i].right},
                  {"lost", one_run ? json(g.lost) : json()},
                  {"won", one_run ? json(g.won) : json()},
                  {"outcome", name_of(g.outcome)},
                  {"largest_loss_not_excluded", change.interval ? json(largest_loss(c, *change.interval)) : json()},
                  {"by_true_class", by_true_class(c, g.group, classes)}};
    if (g.outcome == stats::Outcome::kLost) f.severity = "warning";
    if (g.outcome == stats::Outcome::kWon) f.severity = "notice";
    if (g.outcome == stats::Outcome::kNotEstimable && g.p_adjusted < 1 - c.options.level) f.severity = "warning";
    findings.push_back(std::move(f));
  }
  return findings;
}

}  // namespace evenface::study
