#include <algorithm>

#include "evenface/study/finding.h"

namespace evenface::study {
namespace {
using nlohmann::json;

struct Flips {
  std::int64_t n = 0;
  double lost = 0, won = 0;
};

/// The true class of a row over all tasks, "White Male" for race and gender.
table::Factor true_class(const Outcomes& o) { return cross(o.truth); }

/// Per group, which true classes flipped; rows are means over pairs of runs.
std::vector<std::vector<Flips>> flips_of(const Outcomes& o, const table::Factor& truth) {
  std::vector<std::vector<Flips>> flips(static_cast<std::size_t>(o.group().level_count()),
                                        std::vector<Flips>(static_cast<std::size_t>(truth.level_count())));
  const stats::PairedCells shape(1, o.runs_before, o.runs_after);
  for (std::int64_t row = 0; row < o.rows(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    Flips& f = flips[static_cast<std::size_t>(o.group().codes[i])][static_cast<std::size_t>(truth.codes[i])];
    const stats::Pattern pattern = o.pattern(row);
    const double before = share_right(shape, pattern, stats::Arm::kBefore);
    const double after = share_right(shape, pattern, stats::Arm::kAfter);
    ++f.n, f.lost += before * (1 - after), f.won += after * (1 - before);
  }
  return flips;
}

json by_true_class(const std::vector<Flips>& flips, const table::Factor& truth) {
  std::vector<std::size_t> order;
  for (std::size_t y = 0; y < flips.size(); ++y)
    if (flips[y].n > 0) order.push_back(y);
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t y) { return flips[y].lost + flips[y].won; });
  json list = json::array();
  for (const std::size_t y : order)
    list.push_back({{"label", truth.levels[y]}, {"n", flips[y].n}, {"lost", flips[y].lost}, {"won", flips[y].won}});
  return list;
}

}  // namespace

Findings find_group_change(const Comparison& c) {
  const table::Factor truth = true_class(c.outcomes);
  const auto flips = flips_of(c.outcomes, truth);
  const auto before = mean_counts(cells_of(c.outcomes), stats::Arm::kBefore);
  const auto after = mean_counts(cells_of(c.outcomes), stats::Arm::kAfter);
  const bool one_run = !c.result.several_seeds;
  Findings findings;
  for (const stats::GroupChange& g : c.result.groups) {
    const auto i = static_cast<std::size_t>(g.group);
    Finding f{.id = "group_change/" + c.group_name(g.group), .kind = "group_change"};
    f.subject = {{"group", c.group_name(g.group)}, {"levels", levels_of_group(c.outcomes, g.group)}};
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
                  {"largest_loss_not_excluded", change.interval ? json(std::max(0.0, -change.interval->low)) : json()},
                  {"by_true_class", by_true_class(flips[i], truth)}};
    if (g.outcome == stats::Outcome::kLost) f.severity = "warning";
    if (g.outcome == stats::Outcome::kWon) f.severity = "notice";
    if (g.outcome == stats::Outcome::kNotEstimable && g.p_adjusted < 1 - c.options.level) f.severity = "warning";
    findings.push_back(std::move(f));
  }
  return findings;
}

}  // namespace evenface::study
