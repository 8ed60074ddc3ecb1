#include "evenface/study/row_units.h"

#include <vector>

namespace evenface::study {

stats::PairedUnits paired_units_of_means(const Outcomes& o, std::optional<std::size_t> crossing,
                                         const MeanMetric& metric, int half) {
  const table::Factor* group = crossing ? &o.crossings[*crossing].group : nullptr;
  const bool by_person = o.person.rows() > 0;
  stats::PairedUnits units({metric.means, false, metric.bounds}, group ? group->level_count() : 1, o.runs_before,
                           o.runs_after, by_person);
  std::vector<stats::Ratio> adds(static_cast<std::size_t>(o.runs()) * metric.means);
  for (const std::size_t row : weighty_rows(o, half)) {
    const double weight = o.weights.empty() ? 1 : o.weights[row];
    for (std::size_t i = 0; i < adds.size(); ++i) {
      const std::optional<double> x = metric.number(i / metric.means, row, i % metric.means);
      adds[i] = x ? stats::Ratio{*x, 1} : stats::Ratio{};
    }
    units.add(group ? group->codes[row] : 0, by_person ? person_of(o, row) : row, adds, weight);
  }
  return units;
}

stats::PairedUnits paired_units_of_rankings(const Outcomes& o, std::optional<std::size_t> crossing,
                                            const Rankings& rankings, int half) {
  const table::Factor* const group = crossing ? &o.crossings[*crossing].group : nullptr;
  const std::int64_t groups = group ? group->level_count() : 1;
  const std::vector<std::size_t> rows = weighty_rows(o, half);
  const auto group_of = [&](std::size_t row) { return group ? group->codes[row] : 0; };
  const auto weight_of = [&](std::size_t row) { return o.weights.empty() ? 1 : o.weights[row]; };

  const auto runs = static_cast<std::size_t>(o.runs());
  std::vector<std::vector<std::optional<double>>> numbers;  // [run x classes + class][row]
  std::vector<stats::Ranking> by_group(static_cast<std::size_t>(groups));
  for (std::size_t run = 0; run < runs; ++run)
    for (std::size_t c = 0; c < rankings.classes; ++c) {
      for (stats::Ranking& own : by_group) own.clear();
      for (const std::size_t row : rows) {
        const auto [score, positive] = rankings.ranked(run, row, c);
        by_group[static_cast<std::size_t>(group_of(row))].push_back({score, positive, weight_of(row), row});
      }
      auto& of_rows = numbers.emplace_back(o.keys.size());
      for (const stats::Ranking& own : by_group)
        if (const auto moved = stats::rank_moves(own, rankings.measure))
          for (std::size_t i = 0; i < own.size(); ++i) of_rows[own[i].unit] = moved->value + 2 * moved->moves[i];
    }

  // Over positives, then over negatives, of each class.
  const auto number = [&](std::size_t run, std::size_t row, std::size_t mean) -> std::optional<double> {
    const bool of_positives = mean % 2 == 0;
    if (rankings.ranked(run, row, mean / 2).second != of_positives) return std::nullopt;
    return numbers[run * rankings.classes + mean / 2][row];
  };
  return paired_units_of_means(o, crossing, {.means = 2 * rankings.classes, .number = number}, half);
}

}  // namespace evenface::study
