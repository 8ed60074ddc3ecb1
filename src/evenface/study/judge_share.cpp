#include "evenface/study/judge_share.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "evenface/stats/equivalence.h"
#include "evenface/stats/unit_changes.h"

namespace evenface::study {
using stats::Estimate;
using stats::GroupCount;
using stats::Interval;

Interval rate_interval(const GroupCount& count, const JudgeOptions& options, double level) {
  return stats::rate_interval(options.rate_interval(), count.right, count.n, level);
}

Estimate rate_estimate(const GroupCount& count, std::int64_t rows, std::int64_t min_rows, const JudgeOptions& options) {
  if (rows < std::max<std::int64_t>(1, min_rows)) return stats::too_few_rows(rows, min_rows);
  if (count.n <= 0) return stats::not_estimable(rows, "its rows weigh nothing");
  return {count.rate(), rate_interval(count, options, options.level), rows, name_of(options.rate_interval()), {}};
}

void compare_with_rest(stats::GroupValue own, stats::GroupValue rest, double level, GroupRate& group) {
  stats::as_noisy_by_row(own, rest);
  stats::Difference d = stats::welch(own, rest, level);
  group.rest = rest.value, group.p = d.p;
  group.difference = std::move(d.estimate), group.difference.n = group.n;
}

GroupRate group_against_rest(std::int64_t group, const GroupCount& own, const GroupCount& rest,
                             const JudgeOptions& options) {
  GroupRate g{.group = group, .effective = own.n, .rest_effective = rest.n};
  if (own.n > 1) g.variance = stats::value_of(own).variance;
  if (rest.n <= 0) return g;
  g.rest = rest.rate();
  if (own.n <= 0) return g;
  g.difference = {own.rate() - g.rest,
                  stats::newcombe_interval(own.right, own.n, rest.right, rest.n, options.level),
                  std::llround(own.n),
                  "Newcombe",
                  {}};
  g.p = stats::newcombe_p(own, rest);
  return g;
}

void hold_together(const JudgeOptions& options, Judgement& j) {
  const auto judged = std::ranges::count_if(j.groups, [](const GroupRate& g) { return g.rate.estimable(); });
  const double each =
      stats::simultaneous_level(options.level, static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, judged)));
  for (GroupRate& g : j.groups)
    if (g.rate.estimable()) g.simultaneous = rate_interval({g.effective, g.effective * *g.rate.value}, options, each);
}

namespace {
double gap_figure(std::span<const GroupCount> groups) { return stats::gap(groups); }
double spread_figure(std::span<const GroupCount> groups) { return stats::population_sd(groups); }
}  // namespace

void refer_to_chance(const JudgeOptions& options, Judgement& j, const NullOf& null) {
  if (judged_groups(j).size() < 2 || options.permutations == 0) return;
  stats::NullReference gap = null(gap_figure), spread = null(spread_figure);
  if (gap.applicable() && spread.applicable()) j.gap_null = std::move(gap), j.spread_null = std::move(spread);
}

bool by_rows(const Outcomes& o) { return o.weights.empty() && o.person.rows() == 0; }

void measure_spread_over_runs(const Outcomes& o, std::optional<std::size_t> task, const stats::Metric& metric,
                              const JudgeOptions& options, const Context& context, Judgement& j) {
  const std::vector<std::int64_t> judged = judged_groups(j);
  if (o.runs() == 1 || judged.size() < 2) return;
  const auto seed = static_cast<std::uint64_t>(options.seed);
  if (is_paired(metric) && by_rows(o)) {
    const stats::PairedCells cells = paired_cells_of(o, j.crossing, task, metric, -1, context).only(judged);
    j.spread = stats::arm_spread(cells, stats::Arm::kBefore, options.level,
                                 stats::bootstrap_spread(cells, options.bootstrap, seed, context));
  } else {
    j.spread =
        stats::arm_spread(paired_units_of(o, j.crossing, task, metric, -1, context).only(judged), stats::Arm::kBefore,
                          {.level = options.level, .bootstrap = options.bootstrap, .seed = seed}, context);
  }
}

bool can_exchange(std::size_t units, const JudgeOptions& options) {
  constexpr double kMostSteps = 4e9;
  return static_cast<double>(units) * static_cast<double>(options.permutations) <= kMostSteps;
}

std::vector<std::int64_t> judged_groups(const Judgement& j) {
  std::vector<std::int64_t> judged;
  for (const GroupRate& g : j.groups)
    if (g.rate.estimable()) judged.push_back(g.group);
  return judged;
}

std::vector<std::int64_t> rows_by_group(const table::Factor& group) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(group.level_count()));
  for (const std::int32_t code : group.codes) ++rows[static_cast<std::size_t>(code)];
  return rows;
}

stats::Person person_where_known(const Outcomes& o, std::size_t row) {
  return o.person.rows() > 0 ? stats::Person(person_of(o, row)) : std::nullopt;
}

std::int64_t units_in(const Outcomes& o, const table::Factor& group, std::int64_t level) {
  if (o.person.rows() == 0) return std::ranges::count(group.codes, level);
  std::set<std::uint64_t> persons;
  for (std::size_t row = 0; row < group.codes.size(); ++row)
    if (group.codes[row] == level) persons.insert(person_of(o, row));
  return static_cast<std::int64_t>(persons.size());
}

}  // namespace evenface::study
