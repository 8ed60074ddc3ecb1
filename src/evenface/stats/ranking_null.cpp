#include "evenface/stats/ranking_null.h"

#include <algorithm>

#include "evenface/core/error.h"
#include "evenface/stats/null_draws.h"

namespace evenface::stats {
namespace {

/// A group, while a ranking is read from the highest score down: what has been read, and the rows of the score that is
/// being read.
struct Reading {
  double positives = 0, negatives = 0, sum = 0;
  double tied_positives = 0, tied_negatives = 0;

  void end_of_score(RankMeasure measure) {
    if (measure == RankMeasure::kRocAuc) sum += tied_negatives * (positives + tied_positives / 2);
    positives += tied_positives, negatives += tied_negatives;
    if (measure == RankMeasure::kAveragePrecision && tied_positives > 0)
      sum += tied_positives * positives / (positives + negatives);
    tied_positives = tied_negatives = 0;
  }
  bool has_value() const { return positives > 0 && negatives > 0; }
  double value(RankMeasure measure) const {
    return measure == RankMeasure::kRocAuc ? sum / (positives * negatives) : sum / positives;
  }
};

/// The groups' values averaged over rankings; n is the weight of their rows.
class RankedGroups {
 public:
  RankedGroups(const std::vector<Ranking>& rankings, std::int64_t groups, RankMeasure measure)
      : rankings_(rankings), groups_(static_cast<std::size_t>(groups)), measure_(measure) {}

  std::vector<GroupCount> values(std::span<const std::int64_t> group_of_unit) const {
    std::vector<GroupCount> sums(groups_);
    std::vector<bool> known(groups_, true);
    for (const Ranking& ranking : rankings_) {
      const std::vector<Reading> read = readings(ranking, group_of_unit);
      for (std::size_t g = 0; g < groups_; ++g) {
        known[g] = known[g] && read[g].has_value();
        if (!known[g]) continue;
        const double n = read[g].positives + read[g].negatives;
        sums[g].n += n, sums[g].right += n * read[g].value(measure_);
      }
    }
    std::vector<GroupCount> counts;
    for (std::size_t g = 0; g < groups_; ++g)
      if (known[g]) counts.push_back(sums[g]);
    return counts;
  }

 private:
  std::vector<Reading> readings(const Ranking& ranking, std::span<const std::int64_t> group_of_unit) const {
    std::vector<Reading> read(groups_);
    for (std::size_t begin = 0, end = 0; begin < ranking.size(); begin = end) {
      for (end = begin; end < ranking.size() && ranking[end].score == ranking[begin].score; ++end) {
        Reading& own = read[group_at(group_of_unit, ranking[end])];
        (ranking[end].positive ? own.tied_positives : own.tied_negatives) += ranking[end].weight;
      }
      // A group that was closed already has nothing left to add.
      for (std::size_t i = begin; i < end; ++i) read[group_at(group_of_unit, ranking[i])].end_of_score(measure_);
    }
    return read;
  }
  static std::size_t group_at(std::span<const std::int64_t> group_of_unit, const RankedRow& row) {
    return static_cast<std::size_t>(group_of_unit[row.unit]);
  }

  const std::vector<Ranking>& rankings_;
  std::size_t groups_;
  RankMeasure measure_;
};

}  // namespace

NullReference ranking_null(std::vector<Ranking> rankings, std::span<const std::int64_t> group_of_unit,
                           std::int64_t groups, RankMeasure measure, const Figure& figure, std::int64_t draws,
                           std::uint64_t seed, const Context& context) {
  ensure(!rankings.empty(), "a ranking to judge");
  for (const std::int64_t g : group_of_unit) ensure(0 <= g && g < groups, "units of these groups");
  for (Ranking& ranking : rankings) {
    for (const RankedRow& row : ranking) ensure(row.unit < group_of_unit.size(), "a row of a unit with a group");
    std::ranges::sort(ranking, std::greater(), &RankedRow::score);
  }
  const RankedGroups ranked(rankings, groups, measure);
  const auto draw = [&](Stream stream) {
    std::vector<std::int64_t> dealt(group_of_unit.begin(), group_of_unit.end());
    stream.shuffle(dealt);
    return ranked.values(dealt);
  };
  return null_of_draws(ranked.values(group_of_unit), draw, figure, draws, seed, "permute rankings", context);
}

}  // namespace evenface::stats
