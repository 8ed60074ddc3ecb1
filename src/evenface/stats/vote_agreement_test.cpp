#include "evenface/stats/vote_agreement.h"

#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"

namespace evenface::stats {
namespace {

// The textbook table of 14 raters, 10 subjects and 5 categories that accompanies Fleiss' kappa; its mean agreement is
// .378 (and kappa .210: tests/reference/disparity_reference.py).
constexpr std::array<std::array<int, 5>, 10> kFleiss{{{0, 0, 0, 0, 14},
                                                      {0, 2, 6, 4, 2},
                                                      {0, 0, 3, 5, 6},
                                                      {0, 3, 9, 2, 0},
                                                      {2, 2, 8, 1, 1},
                                                      {7, 7, 0, 0, 0},
                                                      {3, 2, 6, 3, 0},
                                                      {2, 5, 3, 2, 2},
                                                      {6, 5, 2, 1, 0},
                                                      {0, 2, 2, 3, 7}}};

TEST(HumanAgreement, MatchesFleiss) {
  VoteTally votes;
  double by_kind[5] = {};
  for (const auto& row : kFleiss) {
    votes.add(row);
    for (std::size_t c = 0; c < 5; ++c) by_kind[c] += row[c] / 140.0;
  }
  const Estimate e = human_agreement(votes, 0.95);
  EXPECT_NEAR(*e.value, 0.378022, 5e-7);
  double chance = 0;
  for (const double share : by_kind) chance += share * share;
  EXPECT_NEAR((*e.value - chance) / (1 - chance), 0.209930704, 5e-9);
}

TEST(HumanAgreement, CountsRowsWithoutTwoVotes) {
  VoteTally votes;
  votes.add(std::array{1, 0}), votes.add(std::array{0, 0}), votes.add(std::array{2, 0});
  EXPECT_EQ(votes.rows(), 1);
  EXPECT_EQ(votes.rows_without(), 2);
  EXPECT_NE(human_agreement(votes, 0.95, 30).reason.find("1 rows with two votes, fewer than 30"), std::string::npos);
  EXPECT_FALSE(human_agreement(VoteTally(), 0.95).estimable());
  EXPECT_LT(human_agreement(votes, 0.95).interval->low, 0.5);
  EXPECT_THROW(votes.add(std::array{3, -1}), InputError);
}

/// Ten annotators who are wrong with chance `error`, independently, each wrong class alike.
std::vector<int> votes_of(Stream& s, double error, int classes, int annotators) {
  std::vector<int> votes(static_cast<std::size_t>(classes));
  const auto truth = s.below(static_cast<std::uint64_t>(classes));
  for (int i = 0; i < annotators; ++i) {
    const std::uint64_t shift = s.uniform() < error ? 1 + s.below(static_cast<std::uint64_t>(classes - 1)) : 0;
    ++votes[(truth + shift) % static_cast<std::uint64_t>(classes)];
  }
  return votes;
}

TEST(AnnotatorError, IsRecoveredFromVotes) {
  for (const int classes : {2, 8}) {
    Stream s(18, "votes", {static_cast<std::uint64_t>(classes)});
    constexpr int draws = 1000;
    int covered = 0;
    for (int d = 0; d < draws; ++d) {
      VoteTally votes;
      for (int row = 0; row < 60; ++row) votes.add(votes_of(s, 0.15, classes, 3 + row % 3));
      const Estimate e = annotator_error(human_agreement(votes, 0.95), classes);
      covered += e.interval->low <= 0.15 && 0.15 <= e.interval->high;
    }
    EXPECT_GE(covered, draws * (0.94 - 3 * std::sqrt(0.05 * 0.95 / draws))) << classes;
    EXPECT_LE(covered, draws * 0.985) << classes;
  }
}

TEST(AnnotatorError, HasNoAnswerAtChance) {
  VoteTally votes;
  for (int row = 0; row < 40; ++row) votes.add(std::array{1, 1});
  EXPECT_NE(annotator_error(human_agreement(votes, 0.95), 2).reason.find("no more than by chance"), std::string::npos);
  EXPECT_FALSE(annotator_error(human_agreement(VoteTally(), 0.95), 2).estimable());
  EXPECT_THROW(annotator_error(human_agreement(votes, 0.95), 1), InputError);
}

TEST(VoteTally, OfShardsAdds) {
  VoteTally whole;
  std::array<VoteTally, 64> shards;
  Stream s(19, "shards");
  for (std::size_t row = 0; row < 1000; ++row) {
    const auto votes = votes_of(s, 0.3, 4, 1 + static_cast<int>(s.below(9)));
    whole.add(votes), shards[row % 64].add(votes);
  }
  VoteTally sum;
  for (const VoteTally& shard : shards) sum += shard;
  EXPECT_EQ(sum.of(), whole.of());
  EXPECT_EQ(*human_agreement(sum, 0.95).value, *human_agreement(whole, 0.95).value);
}

}  // namespace
}  // namespace evenface::stats
