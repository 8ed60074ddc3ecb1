#include "evenface/study/row_units.h"

#include <algorithm>
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

namespace {

/// A row in one group's ranking.
struct Ranked {
  double score;
  bool positive;
  double weight;
  std::size_t row;
};

/// Of each row twice its placement less the area; nothing where the group has no rows to outrank.
using Numbers = std::vector<std::optional<double>>;

/// Calls `visit(first, last)` for each stretch of rows with the same score, lowest first.
template <class Visit>
void each_tie(const std::vector<Ranked>& sorted, Visit visit) {
  for (std::size_t first = 0, last = 0; first < sorted.size(); first = last) {
    while (last < sorted.size() && sorted[last].score == sorted[first].score) ++last;
    visit(first, last);
  }
}

void place(std::vector<Ranked>& rows, Numbers& numbers) {
  std::ranges::sort(rows, {}, &Ranked::score);
  double mass[2] = {0, 0};  // of negatives and positives
  for (const Ranked& r : rows) mass[r.positive] += r.weight;
  if (mass[0] <= 0 || mass[1] <= 0) return;
  double area = 0, below[2] = {0, 0};
  each_tie(rows, [&](std::size_t first, std::size_t last) {
    double tied[2] = {0, 0};
    for (std::size_t i = first; i < last; ++i) tied[rows[i].positive] += rows[i].weight;
    const double outranked = (below[0] + tied[0] / 2) / mass[0];
    const double outranking = 1 - (below[1] + tied[1] / 2) / mass[1];
    for (std::size_t i = first; i < last; ++i) numbers[rows[i].row] = rows[i].positive ? outranked : outranking;
    area += tied[1] * outranked / mass[1];
    below[0] += tied[0], below[1] += tied[1];
  });
  for (const Ranked& r : rows) numbers[r.row] = 2 * *numbers[r.row] - area;
}

}  // namespace

stats::PairedUnits paired_units_of_rankings(const Outcomes& o, std::optional<std::size_t> crossing,
                                            const Rankings& rankings, int half) {
  const table::Factor* const group = crossing ? &o.crossings[*crossing].group : nullptr;
  const std::int64_t groups = group ? group->level_count() : 1;
  const std::vector<std::size_t> rows = weighty_rows(o, half);
  const auto group_of = [&](std::size_t row) { return group ? group->codes[row] : 0; };
  const auto weight_of = [&](std::size_t row) { return o.weights.empty() ? 1 : o.weights[row]; };

  const auto runs = static_cast<std::size_t>(o.runs());
  std::vector<Numbers> numbers;  // [run x classes + class]
  std::vector<std::vector<Ranked>> ranked(static_cast<std::size_t>(groups));
  for (std::size_t run = 0; run < runs; ++run)
    for (std::size_t c = 0; c < rankings.classes; ++c) {
      for (auto& of_group : ranked) of_group.clear();
      for (const std::size_t row : rows) {
        const auto [score, positive] = rankings.ranked(run, row, c);
        ranked[static_cast<std::size_t>(group_of(row))].push_back({score, positive, weight_of(row), row});
      }
      numbers.emplace_back(o.keys.size());
      for (auto& of_group : ranked) place(of_group, numbers.back());
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
