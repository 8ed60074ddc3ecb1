#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "evenface/stats/cluster.h"
#include "evenface/stats/unit_changes.h"
#include "evenface/study/judge_family.h"
#include "evenface/study/judge_share.h"

namespace evenface::study {
namespace {
using stats::ClusteredCount;
using stats::GroupCount;
using stats::PersonTotals;

/// Per group, and over all rows, what each person's rows add up to.
struct Persons {
  std::vector<PersonTotals> groups;
  PersonTotals all;
  std::vector<double> rows;  ///< [group], mean over runs
};

Persons totals_of(const Outcomes& o, std::size_t crossing, std::optional<std::size_t> task,
                  const stats::Metric& metric) {
  const table::Factor& group = o.crossings[crossing].group;
  const auto levels = static_cast<std::size_t>(group.level_count());
  Persons persons{std::vector<PersonTotals>(levels), {}, std::vector<double>(levels)};
  const double share = 1.0 / o.runs();  // of each run in the mean over runs
  for (int run = 0; run < o.runs(); ++run) {
    const std::vector<ClassCode> rows = class_codes(o, task, run);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!is_trial(metric, rows[i].truth, rows[i].predicted)) continue;
      const double weight = share * (o.weights.empty() ? 1 : o.weights[i]);
      if (weight <= 0) continue;
      const double right = is_success(metric, rows[i].truth, rows[i].predicted) ? weight : 0;
      persons.groups[static_cast<std::size_t>(group.codes[i])].add(person_of(o, i), weight, right);
      persons.all.add(person_of(o, i), weight, right);
      persons.rows[static_cast<std::size_t>(group.codes[i])] += share;
    }
  }
  return persons;
}

/// A group against all other rows; `all` is the count of all rows.
GroupRate rate_by_person(std::size_t group, const Persons& persons, const ClusteredCount& all,
                         const JudgeOptions& options) {
  const auto number = static_cast<std::int64_t>(group);
  if (persons.groups[group].persons() == 0) return {.group = number, .rate = stats::too_few_rows(0, options.min_group)};
  const ClusteredCount own = stats::clustered_count(persons.groups[group], options.level);
  // The rest holds nearly all persons, so that the design effect of all rows is its own.
  const GroupCount rest{(all.rows.n - own.rows.n) / all.design_effect,
                        (all.rows.right - own.rows.right) / all.design_effect};
  GroupRate rate = group_against_rest(number, own.effective, rest, options);
  rate.n = std::llround(persons.rows[group]), rate.right = own.rows.right;
  rate.rate =
      own.persons < options.min_group
          ? stats::not_estimable(rate.n, fmt::format("{} {}, fewer than {}", own.persons,
                                                     own.persons == 1 ? "person" : "persons", options.min_group))
          : rate_estimate(own.effective, rate.n, options.min_group, options);
  return rate;
}

}  // namespace

void judge_clustered(const Outcomes& o, std::optional<std::size_t> task, const stats::Metric& metric,
                     const JudgeOptions& options, const Context& context, Judgement& j) {
  const Persons persons = totals_of(o, j.crossing, task, metric);
  const std::vector<std::int64_t> rows = rows_by_group(o.crossings[j.crossing].group);
  const ClusteredCount all = stats::clustered_count(persons.all, options.level);
  j.test = "inversion of Newcombe's interval on effective rows, by person, against the rest";
  const double all_rows = std::accumulate(persons.rows.begin(), persons.rows.end(), 0.0);
  j.overall = rate_estimate(all.effective, std::llround(all_rows), 1, options);
  for (std::size_t g = 0; g < rows.size(); ++g) {
    if (rows[g] == 0) continue;
    j.groups.push_back(rate_by_person(g, persons, all, options));
    j.groups.back().rows = rows[g];
  }
  hold_together(options, j);
  refer_classes_to_chance(o, task, metric, options, context, j);
}

void judge_composite_by_person(const Outcomes& o, std::optional<std::size_t> task, const stats::Metric& metric,
                               const JudgeOptions& options, const Context& context, Judgement& j) {
  const stats::PairedUnits units = paired_units_of(o, j.crossing, task, metric, -1, context);
  const std::vector<std::int64_t> rows = rows_by_group(o.crossings[j.crossing].group);
  const auto estimate = [&](const stats::PairedUnits& of, std::int64_t group, std::int64_t least) {
    return stats::estimate_of(of, group, stats::Arm::kBefore, least, options.level);
  };
  j.test = "Welch's t over persons, against the rest";
  j.overall = estimate(paired_units_of(o, std::nullopt, task, metric, -1, context), 0, 1);
  for (std::int64_t g = 0; g < units.groups(); ++g) {
    if (rows[static_cast<std::size_t>(g)] == 0) continue;
    GroupRate rate{
        .group = g, .rows = rows[static_cast<std::size_t>(g)], .rate = estimate(units, g, options.min_group)};
    rate.n = rate.rate.n;
    const stats::PairedUnits others = units.rest_of(g);
    const auto own = value_of(units, g, stats::Arm::kBefore), rest = value_of(others, 0, stats::Arm::kBefore);
    if (own) rate.variance = own->variance, rate.effective = own->n;
    if (own && rest) compare_with_rest(*own, *rest, options.level, rate);
    j.groups.push_back(std::move(rate));
  }
  const double each = stats::simultaneous_level(options.level, std::max<std::size_t>(1, judged_groups(j).size()));
  for (GroupRate& g : j.groups)
    if (g.rate.estimable()) g.simultaneous = stats::estimate_of(units, g.group, stats::Arm::kBefore, 1, each).interval;
  refer_classes_to_chance(o, task, metric, options, context, j);
}

}  // namespace evenface::study
