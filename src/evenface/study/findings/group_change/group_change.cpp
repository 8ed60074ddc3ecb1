#include <algorithm>

#include "evenface/study/finding.h"

namespace evenface::study {
namespace {
using nlohmann::json;

struct Flips {
  std::int64_t n = 0;
  double lost = 0, won = 0;
};

/// Which true classes of a group flipped; rows are means over pairs of runs.
std::vector<Flips> flips_of(const Comparison& c, std::int64_t group, std::size_t classes) {
  std::vector<Flips> flips(classes);
  for (std::size_t y = 0; y < classes; ++y) {
    const std::int64_t cell = group * static_cast<std::int64_t>(classes) + static_cast<std::int64_t>(y);
    for (const auto& [pattern, rows] : c.class_cells.of(cell)) {
      const double before = share_right(c.class_cells, pattern, stats::Arm::kBefore);
      const double after = share_right(c.class_cells, pattern, stats::Arm::kAfter);
      const auto n = static_cast<double>(rows);
      flips[y].n += rows, flips[y].lost += n * before * (1 - after), flips[y].won += n * after * (1 - before);
    }
  }
  return flips;
}

json by_true_class(const std::vector<Flips>& flips, const std::vector<std::string>& classes) {
  std::vector<std::size_t> order;
  for (std::size_t y = 0; y < flips.size(); ++y)
    if (flips[y].n > 0) order.push_back(y);
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t y) { return flips[y].lost + flips[y].won; });
  json list = json::array();
  for (const std::size_t y : order)
    list.push_back({{"label", classes[y]}, {"n", flips[y].n}, {"lost", flips[y].lost}, {"won", flips[y].won}});
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
    f.test = family_test(one_run ? "exact McNemar" : "t over rows and seeds", c.result.groups.size(), c.options.level);
    f.p = g.p, f.p_adjusted = g.p_adjusted;
    const auto& change = g.accuracy.change;
    f.evidence = {{"n", g.n},
                  {"correct_before", before[i].right},
                  {"correct_after", after[i].right},
                  {"lost", one_run ? json(g.lost) : json()},
                  {"won", one_run ? json(g.won) : json()},
                  {"outcome", name_of(g.outcome)},
                  {"largest_loss_not_excluded", change.interval ? json(largest_loss(c, *change.interval)) : json()},
                  {"by_true_class", by_true_class(flips_of(c, g.group, classes.size()), classes)}};
    if (g.outcome == stats::Outcome::kLost) f.severity = "warning";
    if (g.outcome == stats::Outcome::kWon) f.severity = "notice";
    if (g.outcome == stats::Outcome::kNotEstimable && g.p_adjusted < 1 - c.options.level) f.severity = "warning";
    findings.push_back(std::move(f));
  }
  return findings;
}

}  // namespace evenface::study
