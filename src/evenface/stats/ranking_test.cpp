#include "evenface/stats/ranking.h"

#include <gmock/gmock.h>

#include "evenface/core/random.h"
#include "evenface/stats/scores.h"

namespace evenface::stats {
namespace {
using testing::DoubleEq;
using testing::ElementsAre;

constexpr RankMeasure kBoth[] = {RankMeasure::kRocAuc, RankMeasure::kAveragePrecision};

/// Weighted rows, positives higher by and large, many of them tied.
Ranking random_ranking(std::size_t rows, std::uint64_t seed) {
  Stream s(seed, "test");
  Ranking ranking;
  for (std::size_t i = 0; i < rows; ++i) {
    const bool positive = s.uniform() < 0.4;
    ranking.push_back({static_cast<double>(s.below(9) + (positive ? 2 : 0)) / 10, positive, 0.5 + s.uniform(), i});
  }
  return ranking;
}

double value_in_cells(const Ranking& ranking, RankMeasure measure) {
  ScoreCells cells(1);
  for (const RankedRow& row : ranking) cells.add(0, row.score, row.positive, row.weight);
  return *(measure == RankMeasure::kRocAuc ? roc_auc : average_precision)(cells.of(0), 1).value;
}

TEST(RankMoves, HaveTheValueOfTheMeasure) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Ranking ranking = random_ranking(30 + seed, seed);
    for (const RankMeasure measure : kBoth)
      EXPECT_NEAR(rank_moves(ranking, measure)->value, value_in_cells(ranking, measure), 1e-8);
  }
}

TEST(RankMoves, AreWhatAHeavierRowMoves) {
  constexpr double kShare = 1e-6;
  const Ranking ranking = random_ranking(60, 7);
  double mass[2] = {0, 0};
  for (const RankedRow& row : ranking) mass[row.positive] += row.weight;
  for (const RankMeasure measure : kBoth) {
    const RankMoves moves = *rank_moves(ranking, measure);
    double sum[2] = {0, 0};
    for (std::size_t i = 0; i < ranking.size(); ++i) {
      Ranking heavier = ranking;
      heavier[i].weight += kShare * mass[ranking[i].positive];
      for (RankedRow& row : heavier)
        if (row.positive == ranking[i].positive) row.weight /= 1 + kShare;
      EXPECT_NEAR(moves.moves[i], (rank_moves(heavier, measure)->value - moves.value) / kShare, 1e-4);
      sum[ranking[i].positive] += ranking[i].weight * moves.moves[i];
    }
    EXPECT_NEAR(sum[0], 0, 1e-10);
    EXPECT_NEAR(sum[1], 0, 1e-10);
  }
}

TEST(RankMoves, OfTheAreaArePlacements) {
  // The positives outrank one and two of the two negatives, which outrank none and half of them.
  const Ranking ranking{{0.5, true}, {0.9, true}, {0.1, false}, {0.7, false}};
  EXPECT_THAT(rank_moves(ranking, RankMeasure::kRocAuc)->moves,
              ElementsAre(DoubleEq(0.5 - 0.75), DoubleEq(1 - 0.75), DoubleEq(1 - 0.75), DoubleEq(0.5 - 0.75)));
}

TEST(RankMoves, NeedBothClasses) {
  for (const RankMeasure measure : kBoth) {
    EXPECT_FALSE(rank_moves({}, measure));
    EXPECT_FALSE(rank_moves(Ranking{{0.5, true}, {0.2, true}}, measure));
    EXPECT_FALSE(rank_moves(Ranking{{0.5, true, 0}, {0.2, false}}, measure));
  }
}

}  // namespace
}  // namespace evenface::stats
