#include "evenface/core/error.h"
#include "evenface/study/judge_family.h"
#include "evenface/study/judge_share.h"

namespace evenface::study {
namespace {

/// The share of a row's votes that chose its prediction, 0 without one; nothing without votes.
std::optional<double> share_of_votes(const Outcomes& o, const table::Factor& predicted, std::size_t row) {
  const double votes = o.votes.sum(row);
  if (votes == 0) return std::nullopt;
  const std::int32_t chosen = predicted.codes[row];
  return chosen < 0 ? 0 : o.votes.of[static_cast<std::size_t>(chosen)][row] / votes;
}

/// Those shares by group.
std::vector<stats::Moments> shares_by_group(const Outcomes& o, const table::Factor& group,
                                            const table::Factor& predicted) {
  std::vector<stats::Moments> shares(static_cast<std::size_t>(group.level_count()));
  for (std::size_t row = 0; row < group.codes.size(); ++row) {
    const auto share = share_of_votes(o, predicted, row);
    if (!share) continue;
    shares[static_cast<std::size_t>(group.codes[row])].add(*share, o.weights.empty() ? 1 : o.weights[row],
                                                           person_where_known(o, row));
  }
  return shares;
}

stats::Moments all_but(const std::vector<stats::Moments>& groups, std::int64_t group) {
  stats::Moments all;
  for (std::size_t g = 0; g < groups.size(); ++g)
    if (static_cast<std::int64_t>(g) != group) all += groups[g];
  return all;
}

}  // namespace

MeanMetric mean_of_votes(const Outcomes& o, const MetricName& name) {
  if (!o.votes.known())
    throw InputError({.file = {},
                      .at = "--metric " + name.text(),
                      .found = "this metric is about annotators' votes, and no column of votes was named",
                      .expected = "--votes with one column per class, or one of vectors",
                      .remedy = "for example --votes votes_anger,votes_fear,votes_joy"});
  return {.number = [&o, task = task_of(name, o.tasks).value_or(0)](std::size_t run, std::size_t row, std::size_t) {
    return share_of_votes(o, o.predicted[run][task], row);
  }};
}

void judge_votes(const Outcomes& o, const JudgeOptions& options, const Context& context, Judgement& j) {
  const MeanMetric metric = mean_of_votes(o, j.metric);
  const std::size_t task = task_of(j.metric, o.tasks).value_or(0);
  const table::Factor& group = o.crossings[j.crossing].group;
  std::vector<std::vector<stats::Moments>> runs;
  for (const auto& predicted : o.predicted) runs.push_back(shares_by_group(o, group, predicted[task]));
  const auto in_runs = [&](std::int64_t g, bool others) {
    std::vector<stats::Measured> each;
    for (const auto& shares : runs)
      each.push_back(stats::mean_of(others ? all_but(shares, g) : shares[static_cast<std::size_t>(g)],
                                    options.min_group, stats::Bounds{0, 1}));
    return each;
  };
  judge_figures(group, in_runs, options, j);
  refer_means_to_chance(o, metric, options, context, j);
}

}  // namespace evenface::study
