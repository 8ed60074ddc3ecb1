#include <algorithm>
#include <map>
#include <utility>

#include "evenface/study/judge_family.h"
#include "evenface/study/judge_share.h"

namespace evenface::study {
namespace {

/// Numbers the units of the judged groups: each row, or the rows of one person in one group.
class UnitNumbers {
 public:
  UnitNumbers(const Outcomes& o, std::size_t crossing, const std::vector<std::int64_t>& judged)
      : o_(o), group_(o.crossings[crossing].group), place_(group_.levels.size(), -1) {
    for (std::size_t i = 0; i < judged.size(); ++i)
      place_[static_cast<std::size_t>(judged[i])] = static_cast<std::int64_t>(i);
  }

  /// The place of the row's group among the judged ones; -1 where it is none, or the row counts for nothing.
  std::int64_t group_of(std::size_t row) const {
    return weight(row) > 0 ? place_[static_cast<std::size_t>(group_.codes[row])] : -1;
  }
  /// The number of its unit; a new one is counted.
  std::size_t unit_of(std::size_t row) {
    if (o_.person.rows() == 0) return count_++;
    const auto [at, is_new] = of_persons_.try_emplace({group_of(row), person_of(o_, row)}, count_);
    count_ += is_new;
    return at->second;
  }
  double weight(std::size_t row) const { return o_.weights.empty() ? 1 : o_.weights[row]; }
  std::size_t rows() const { return group_.codes.size(); }

 private:
  const Outcomes& o_;
  const table::Factor& group_;
  std::vector<std::int64_t> place_;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::size_t> of_persons_;
  std::size_t count_ = 0;
};

/// Whether a chance level is wanted, and can be had in bearable time. A ranking costs a step of each row in each draw;
/// where nobody is known each row is a unit.
bool is_wanted(const Outcomes& o, std::size_t rankings, const JudgeOptions& options, const Judgement& j) {
  if (judged_groups(j).size() < 2 || options.permutations == 0) return false;
  const bool by_row = rankings > 0 || o.person.rows() == 0;
  return !by_row || can_exchange(static_cast<std::size_t>(o.rows()) * std::max<std::size_t>(1, rankings), options);
}

/// What is exchanged between the judged groups.
std::vector<stats::Unit> units_of(UnitNumbers numbers, std::size_t ratios, const AddsOf& adds_of) {
  std::vector<stats::Unit> units;
  std::vector<stats::Ratio> adds(ratios);
  for (std::size_t row = 0; row < numbers.rows(); ++row) {
    const std::int64_t group = numbers.group_of(row);
    if (group < 0) continue;
    std::ranges::fill(adds, stats::Ratio{});
    adds_of(row, adds);
    if (std::ranges::all_of(adds, [](const stats::Ratio& r) { return r.whole == 0; })) continue;
    const std::size_t unit = numbers.unit_of(row);
    if (unit == units.size()) units.push_back({group, std::vector<stats::Ratio>(ratios)});
    const double weight = numbers.weight(row);
    for (std::size_t i = 0; i < ratios; ++i)
      units[unit].adds[i].part += weight * adds[i].part, units[unit].adds[i].whole += weight * adds[i].whole;
  }
  return units;
}

}  // namespace

void refer_units_to_chance(const Outcomes& o, std::size_t ratios, const AddsOf& adds_of, const JudgeOptions& options,
                           const Context& context, Judgement& j) {
  if (!is_wanted(o, 0, options, j)) return;
  const std::vector<std::int64_t> judged = judged_groups(j);
  const auto units = units_of({o, j.crossing, judged}, ratios, adds_of);
  if (!can_exchange(units.size(), options)) return;
  refer_to_chance(options, j, [&](const stats::Figure& figure) {
    return unit_null(units, std::ssize(judged), figure, options.permutations, static_cast<std::uint64_t>(options.seed),
                     context);
  });
}

void refer_means_to_chance(const Outcomes& o, const MeanMetric& metric, const JudgeOptions& options,
                           const Context& context, Judgement& j) {
  const auto runs = static_cast<std::size_t>(o.runs());
  const auto adds = [&](std::size_t row, std::span<stats::Ratio> ratios) {
    for (std::size_t i = 0; i < ratios.size(); ++i) {
      double sum = 0, n = 0;
      for (std::size_t run = 0; run < runs; ++run)
        if (const auto x = metric.number(run, row, i)) sum += *x, ++n;
      if (n > 0) ratios[i] = {sum / n, 1};
    }
  };
  refer_units_to_chance(o, metric.means, adds, options, context, j);
}

void refer_classes_to_chance(const Outcomes& o, std::optional<std::size_t> task, const stats::Metric& metric,
                             const JudgeOptions& options, const Context& context, Judgement& j) {
  if (!is_wanted(o, 0, options, j)) return;  // before the classes of all rows are gathered
  const auto classes = static_cast<int>(class_levels(o, task).size());
  const double share = 1.0 / o.runs();  // of each run in the mean over runs
  std::vector<std::vector<ClassCode>> runs;
  for (int run = 0; run < o.runs(); ++run) runs.push_back(class_codes(o, task, run));
  const auto adds = [&](std::size_t row, std::span<stats::Ratio> ratios) {
    for (const std::vector<ClassCode>& codes : runs)
      for (std::size_t i = 0; i < ratios.size(); ++i) {
        const stats::Ratio add = addend(metric, i, classes, codes[row].truth, codes[row].predicted);
        ratios[i].part += share * add.part, ratios[i].whole += share * add.whole;
      }
  };
  refer_units_to_chance(o, ratios_of(metric), adds, options, context, j);
}

std::optional<MeanMetric> mean_metric(const Outcomes& o, const MetricName& name, std::size_t crossing,
                                      const JudgeOptions& options) {
  switch (family_of(name)) {
    case MetricFamily::kScores:
      return mean_of_scores(o, name, crossing, options);
    case MetricFamily::kNumbers:
      return mean_of_errors(o, name);
    case MetricFamily::kVotes:
      return mean_of_votes(o, name);
    case MetricFamily::kClasses:
      break;
  }
  return std::nullopt;
}

void refer_rankings_to_chance(const Outcomes& o, const Rankings& rankings, const JudgeOptions& options,
                              const Context& context, Judgement& j) {
  const std::size_t count = static_cast<std::size_t>(o.runs()) * rankings.classes;
  if (!is_wanted(o, count, options, j)) return;
  const std::vector<std::int64_t> judged = judged_groups(j);
  std::vector<stats::Ranking> all(count);
  std::vector<std::int64_t> group_of_unit;
  UnitNumbers numbers(o, j.crossing, judged);
  for (std::size_t row = 0; row < numbers.rows(); ++row) {
    const std::int64_t group = numbers.group_of(row);
    if (group < 0) continue;
    const std::size_t unit = numbers.unit_of(row);
    if (unit == group_of_unit.size()) group_of_unit.push_back(group);
    for (std::size_t i = 0; i < count; ++i) {
      const auto [score, positive] = rankings.ranked(i / rankings.classes, row, i % rankings.classes);
      all[i].push_back({score, positive, numbers.weight(row), unit});
    }
  }
  refer_to_chance(options, j, [&](const stats::Figure& figure) {
    return ranking_null(all, group_of_unit, std::ssize(judged), rankings.measure, figure, options.permutations,
                        static_cast<std::uint64_t>(options.seed), context);
  });
}

}  // namespace evenface::study
