#include "evenface/stats/ranking_null.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "evenface/core/random.h"
#include "evenface/stats/scores.h"

namespace evenface::stats {
namespace {

double first_rate(std::span<const GroupCount> groups) { return groups[0].right / groups[0].n; }

/// Rows with ties and weights, each a unit of its own.
Ranking random_ranking(std::size_t rows, std::uint64_t seed) {
  Stream s(seed, "ranking");
  Ranking ranking;
  for (std::size_t i = 0; i < rows; ++i) {
    const bool positive = s.uniform() < 0.4;
    const auto tenths = static_cast<double>(s.below(6) + (positive ? 2 : 0));
    ranking.push_back({tenths / 10, positive, 0.5 + s.uniform(), i});
  }
  return ranking;
}

std::vector<std::int64_t> in_turn(std::size_t units, std::int64_t groups) {
  std::vector<std::int64_t> group_of_unit;
  for (std::size_t i = 0; i < units; ++i) group_of_unit.push_back(static_cast<std::int64_t>(i) % groups);
  return group_of_unit;
}

TEST(RankingNull, SeesTheValuesThatAnEvaluationSees) {
  const Ranking ranking = random_ranking(400, 1);
  const auto group_of_unit = in_turn(400, 2);
  ScoreCells cells(2);
  for (const RankedRow& row : ranking) cells.add(group_of_unit[row.unit], row.score, row.positive, row.weight);
  const std::pair<RankMeasure, Measured (*)(std::span<const ScoreCount>, std::int64_t)> measures[] = {
      {RankMeasure::kRocAuc, roc_auc}, {RankMeasure::kAveragePrecision, average_precision}};
  for (const auto& [measure, value_of] : measures) {
    const auto null = ranking_null({ranking}, group_of_unit, 2, measure, first_rate, 100, 1, {});
    EXPECT_NEAR(null.observed, *value_of(cells.of(0), 1).value, 1e-9);
  }
}

/// The gap of the two groups of every way to choose four of eight rows that leaves both groups with a value.
std::vector<double> all_gaps(const Ranking& ranking, RankMeasure measure) {
  std::vector<std::int64_t> group_of_unit{0, 0, 0, 0, 1, 1, 1, 1};
  std::vector<double> gaps;
  do {
    const auto null = ranking_null({ranking}, group_of_unit, 2, measure, gap, 1, 1, {});
    if (null.applicable()) gaps.push_back(null.observed);
  } while (std::ranges::next_permutation(group_of_unit).found);
  return gaps;
}

TEST(RankingNull, DrawsEveryExchangeAlikeOften) {
  const Ranking ranking{{0.9, true, 1, 0},  {0.8, true, 1, 1}, {0.8, false, 1, 2}, {0.7, true, 2, 3},
                        {0.5, false, 1, 4}, {0.4, true, 1, 5}, {0.4, false, 3, 6}, {0.1, false, 1, 7}};
  for (const RankMeasure measure : {RankMeasure::kRocAuc, RankMeasure::kAveragePrecision}) {
    // So that no exchange leaves a group without a value, each unit has a row of the other kind that hardly counts.
    Ranking twice = ranking;
    for (const RankedRow& row : ranking) twice.push_back({row.score - 1e-3, !row.positive, 1e-9, row.unit});
    const std::vector<double> gaps = all_gaps(twice, measure);
    ASSERT_EQ(gaps.size(), 70U);
    double mean = 0, squares = 0;
    for (const double g : gaps) mean += g / 70, squares += g * g / 70;
    constexpr std::int64_t draws = 20000;
    const auto null = ranking_null({twice}, std::vector<std::int64_t>{0, 0, 0, 0, 1, 1, 1, 1}, 2, measure, gap, draws,
                                   3, {.threads = 2});
    ASSERT_TRUE(null.applicable()) << null.reason;
    EXPECT_NEAR(null.mean, mean, 4 * std::sqrt((squares - mean * mean) / draws));
    const auto reached = std::ranges::count_if(gaps, [&](double g) { return g >= null.observed - 1e-12; });
    const double p = static_cast<double>(reached) / 70;
    EXPECT_NEAR(null.p, p, 4 * std::sqrt(p * (1 - p) / draws) + 1.0 / draws);
  }
}

TEST(RankingNull, AveragesRankingsAndDependsOnNoOrder) {
  Ranking a = random_ranking(200, 5), b = random_ranking(200, 6);
  const auto group_of_unit = in_turn(200, 3);
  const auto value = [&](std::vector<Ranking> rankings, int threads) {
    return ranking_null(std::move(rankings), group_of_unit, 3, RankMeasure::kRocAuc, gap, 300, 1, {.threads = threads});
  };
  const auto one = value({a, b}, 1);
  Stream s(7, "order");
  s.shuffle(a), s.shuffle(b);
  const auto other = value({a, b}, 4);
  for (std::size_t i = 0; i < one.draws.size(); ++i) EXPECT_NEAR(one.draws[i], other.draws[i], 1e-12);
  EXPECT_NEAR(value({a, a}, 1).observed, value({a}, 1).observed, 1e-12);
}

TEST(RankingNull, IsNotApplicableWhereGroupsLackPositives) {
  const Ranking ranking{{0.9, true, 1, 0}, {0.5, false, 1, 1}, {0.4, false, 1, 2}, {0.3, false, 1, 3}};
  const std::vector<std::int64_t> group_of_unit{0, 0, 1, 1};
  const auto null = ranking_null({ranking}, group_of_unit, 2, RankMeasure::kRocAuc, gap, 100, 1, {});
  EXPECT_THAT(null.reason, testing::HasSubstr("fewer than two groups have a value"));
}

}  // namespace
}  // namespace evenface::stats
