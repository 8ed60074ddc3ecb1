#include "evenface/study/annotators.h"

#include <algorithm>

#include "evenface/stats/measured.h"
#include "evenface/stats/vote_agreement.h"
#include "evenface/study/judge_share.h"

namespace evenface::study {
namespace {

/// Agreement by row, for rows that count alike and for others.
struct Rows {
  stats::VoteTally alike;
  stats::Moments weighted;

  Rows& operator+=(const Rows& other) {
    alike += other.alike, weighted += other.weighted;
    return *this;
  }
};

std::vector<Rows> rows_by_level(const Outcomes& o, const table::Factor& group) {
  std::vector<Rows> rows(static_cast<std::size_t>(group.level_count()));
  std::vector<int> votes(o.votes.of.size());
  for (std::size_t row = 0; row < group.codes.size(); ++row) {
    for (std::size_t c = 0; c < votes.size(); ++c) votes[c] = static_cast<int>(o.votes.of[c][row]);
    Rows& own = rows[static_cast<std::size_t>(group.codes[row])];
    own.alike.add(votes);
    if (const stats::VotePairs pairs = stats::vote_pairs(votes); pairs.all > 0)
      own.weighted.add(pairs.agreement(), o.weights.empty() ? 1 : o.weights[row], person_where_known(o, row));
  }
  return rows;
}

/// Classes that anybody chose: the others were no choice, or nobody errs towards them.
int chosen_classes(const Votes& votes) {
  return static_cast<int>(std::ranges::count_if(
      votes.of, [](const auto& column) { return std::ranges::any_of(column, [](double v) { return v > 0; }); }));
}

AnnotatorFigures figures_of(const Rows& rows, bool alike, int classes, const JudgeOptions& options) {
  AnnotatorFigures figures;
  figures.agreement =
      alike ? stats::human_agreement(rows.alike, options.level, options.min_group)
            : stats::estimate_of(stats::mean_of(rows.weighted, options.min_group, stats::Bounds{0, 1}), options.level);
  figures.error = classes < 2 ? stats::not_applicable(figures.agreement.n, "only one class was ever chosen")
                              : stats::annotator_error(figures.agreement, classes);
  return figures;
}

AnnotatorFigures not_known(const Outcomes& o) {
  const stats::Estimate none = stats::not_applicable(o.rows(), "soft labels don't tell how many annotators agree");
  return {none, none};
}

}  // namespace

std::optional<Annotators> annotators_of(const Outcomes& o, std::size_t crossing, const JudgeOptions& options) {
  if (!o.votes.known()) return std::nullopt;
  const table::Factor& group = o.crossings[crossing].group;
  if (!o.votes.are_counts())
    return Annotators{not_known(o), std::vector(static_cast<std::size_t>(group.level_count()), not_known(o))};
  const std::vector<Rows> rows = rows_by_level(o, group);
  const int classes = chosen_classes(o.votes);
  Annotators found;
  Rows all;
  for (const Rows& own : rows) {
    all += own;
    found.groups.push_back(figures_of(own, by_rows(o), classes, options));
  }
  found.all = figures_of(all, by_rows(o), classes, options);
  return found;
}

}  // namespace evenface::study
