#include <map>
#include <utility>

#include "evenface/study/judge_family.h"
#include "evenface/study/judge_share.h"

namespace evenface::study {
namespace {

/// What is exchanged between the judged groups: each row, or what the rows of one person in one group add up to.
std::vector<stats::Unit> units_of(const Outcomes& o, std::size_t crossing, const NumberOf& number,
                                  const std::vector<std::int64_t>& judged) {
  const table::Factor& group = o.crossings[crossing].group;
  std::vector<std::int64_t> place(group.levels.size(), -1);
  for (std::size_t i = 0; i < judged.size(); ++i)
    place[static_cast<std::size_t>(judged[i])] = static_cast<std::int64_t>(i);
  std::vector<stats::Unit> units;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::size_t> of_persons;
  for (std::size_t row = 0; row < group.codes.size(); ++row) {
    const std::int64_t at = place[static_cast<std::size_t>(group.codes[row])];
    if (at < 0) continue;
    const std::optional<double> x = number(row);
    if (!x) continue;
    std::size_t unit = units.size();
    if (o.person.rows() > 0) unit = of_persons.try_emplace({at, person_of(o, row)}, unit).first->second;
    if (unit == units.size()) units.push_back({.group = at, .n = 0});
    const double weight = o.weights.empty() ? 1 : o.weights[row];
    units[unit].n += weight, units[unit].right += weight * *x;
  }
  return units;
}

}  // namespace

std::optional<double> mean_over_runs(std::size_t runs,
                                     const std::function<std::optional<double>(std::size_t run)>& of) {
  double sum = 0, n = 0;
  for (std::size_t run = 0; run < runs; ++run)
    if (const auto x = of(run)) sum += *x, n += 1;
  return n > 0 ? std::optional(sum / n) : std::nullopt;
}

void refer_mean_to_chance(const Outcomes& o, const NumberOf& number, const JudgeOptions& options,
                          const Context& context, Judgement& j) {
  const std::vector<std::int64_t> judged = judged_groups(j);
  if (judged.size() < 2 || options.permutations == 0) return;
  const auto units = units_of(o, j.crossing, number, judged);
  if (!can_exchange(units.size(), options)) return;
  refer_to_chance(options, j, [&](const stats::Figure& figure) {
    return unit_null(units, static_cast<std::int64_t>(judged.size()), figure, options.permutations,
                     static_cast<std::uint64_t>(options.seed), context);
  });
}

}  // namespace evenface::study
