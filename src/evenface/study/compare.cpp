#include "evenface/study/compare.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "evenface/core/error.h"

namespace evenface::study {
namespace {

constexpr double kLeastCommonShare = 0.9;

/// A short name of an arm: the last part of its path that says something.
std::string arm_name(const std::vector<std::string>& paths) {
  std::filesystem::path path = std::filesystem::path(paths.front()).lexically_normal();
  if (path.filename().empty()) path = path.parent_path();
  return paths.size() == 1 ? path.stem().string()
                           : fmt::format("{} and {} more", path.stem().string(), paths.size() - 1);
}

FullVerdict full_verdict(const Comparison& c) {
  FullVerdict v{.spread = c.result.verdict, .with_losers = c.result.with_losers};
  const Outcomes& o = c.outcomes;
  const std::int64_t all =
      o.rows() + o.rows_without_truth + o.rows_in_some + std::max(o.rows_only_before, o.rows_only_after);
  const auto common = static_cast<double>(o.rows() + o.rows_without_truth);
  if (common < kLeastCommonShare * static_cast<double>(all))
    v.reasons.push_back(fmt::format("only {:.0f} of 100 rows are in both", 100 * common / static_cast<double>(all)));
  for (const GroupCoverage& g : o.coverage)
    if (const double share = static_cast<double>(g.common) / static_cast<double>(g.all()); share < kLeastCommonShare)
      v.reasons.push_back(fmt::format("only {:.0f} of 100 rows of {} are in both", 100 * share, g.name));
  if (o.rows_seen_in_training > 0)
    v.reasons.push_back(fmt::format("{} of the judged rows were seen in training", o.rows_seen_in_training));
  v.comparable = v.reasons.empty();
  const bool gains =
      std::ranges::any_of(c.result.groups, [](const auto& g) { return g.outcome == stats::Outcome::kWon; });
  v.by_levelling_down = v.spread == stats::Verdict::kFairer && !gains && *c.worst.change.value <= 0;
  return v;
}

}  // namespace

double median_rows(const stats::PairedCells& cells) {
  std::vector<std::int64_t> n;
  for (std::int64_t g = 0; g < cells.groups(); ++g) n.push_back(cells.rows(g));
  std::ranges::nth_element(n, n.begin() + static_cast<std::ptrdiff_t>(n.size() / 2));
  return static_cast<double>(n[n.size() / 2]);
}

Comparison compare(const CompareOptions& options, const Context& context) {
  require(!options.before.empty() && !options.after.empty(), "a comparison needs predictions before and after");
  Comparison c{.names = {arm_name(options.before), arm_name(options.after)},
               .before = runs_at(options.before, options.split),
               .after = runs_at(options.after, options.split),
               .options = options};
  c.outcomes = load_outcomes(c.before, c.after, options.columns(), context);
  const stats::PairedCells all = cells_of(c.outcomes, -1, context);
  const auto seed = static_cast<std::uint64_t>(options.seed);
  c.result = stats::compare_before_after(
      all, {options.level, options.min_group, options.margin, options.bootstrap, seed}, context);

  const auto judged = stats::estimable_groups(all, options.min_group);
  const stats::PairedCells cells = all.only(judged);
  const auto halves =
      std::pair(cells_of(c.outcomes, 0, context).only(judged), cells_of(c.outcomes, 1, context).only(judged));
  const auto worst = [&](stats::Arm arm) {
    stats::WorstGroup w = stats::cross_fitted_worst(halves.first, halves.second, arm, options.level);
    w.chosen = {judged[static_cast<std::size_t>(w.chosen.first)], judged[static_cast<std::size_t>(w.chosen.second)]};
    return w;
  };
  c.worst_before = worst(stats::Arm::kBefore), c.worst_after = worst(stats::Arm::kAfter);
  c.worst = stats::change_of_worst(c.worst_before, c.worst_after);

  const auto null = [&](stats::Arm arm, const stats::Figure& figure) {
    return stats::raw_null(cells, arm, figure, options.permutations, seed, context);
  };
  c.gap_before = null(stats::Arm::kBefore, stats::gap), c.gap_after = null(stats::Arm::kAfter, stats::gap);
  c.spread_before = null(stats::Arm::kBefore, stats::population_sd);
  c.spread_after = null(stats::Arm::kAfter, stats::population_sd);
  c.median_group_rows = median_rows(cells);
  c.detectable_gap = stats::detectable_gap(*c.result.over_groups.after.value, c.median_group_rows,
                                           (1 - options.level) / static_cast<double>(judged.size()));
  c.verdict = full_verdict(c);
  return c;
}

}  // namespace evenface::study
