#include "evenface/stats/score_association.h"

#include <array>
#include <cmath>

#include <gmock/gmock.h>

#include "evenface/core/error.h"

namespace evenface::stats {
namespace {
using ::testing::DoubleNear;
using ::testing::Eq;
using ::testing::Optional;

constexpr std::array<std::int32_t, 5> kMembers{1, 0, 1, 0, 1};
constexpr std::array<float, 5> kScores{0.3f, 0.1f, 0.86f, 0.06f, 0.75f};

TEST(ScoreAssociation, IsThatOfPublishedPenalties) {  // oracle losses: correlation of the scores, MMD of their sigmoid
  constexpr std::array<double, 5> kWeights{1, 2, 2.5, 1.2, 0.9};
  EXPECT_THAT(score_associations(kScores, kMembers, 2, {}, {})[1].correlation, Optional(DoubleNear(0.823209, 1e-6)));
  EXPECT_THAT(score_associations(kScores, kMembers, 2, kWeights, {})[1].correlation,
              Optional(DoubleNear(0.872562, 1e-6)));
  std::array<float, 5> sigmoid{};
  for (std::size_t i = 0; i < sigmoid.size(); ++i) sigmoid[i] = 1 / (1 + std::exp(-kScores[i]));
  const auto found = score_associations(sigmoid, kMembers, 2, {}, {});
  EXPECT_THAT(found[1].discrepancy->gaussian, DoubleNear(1.083264, 1e-5));
  EXPECT_THAT(found[1].discrepancy->laplace, DoubleNear(0.970659, 1e-5));
}

TEST(ScoreAssociation, OfTwoGroupsIsTheSameButForTheSign) {
  const auto found = score_associations(kScores, kMembers, 2, {}, {});
  EXPECT_THAT(*found[0].correlation, DoubleNear(-*found[1].correlation, 1e-12));
  EXPECT_THAT(found[0].discrepancy->gaussian, DoubleNear(found[1].discrepancy->gaussian, 1e-12));
}

TEST(ScoreAssociation, OfOneScoreForAllIsNothing) {
  const std::array<float, 4> same{0.5f, 0.5f, 0.5f, 0.5f};
  const std::array<std::int32_t, 4> groups{0, 1, 0, 1};
  const auto found = score_associations(same, groups, 3, {}, {});
  EXPECT_THAT(found[0].correlation, Eq(std::nullopt));
  EXPECT_THAT(found[0].discrepancy->laplace, DoubleNear(0, 1e-12));
  EXPECT_FALSE(found[2].discrepancy);  // nobody is in it
}

TEST(ScoreAssociation, RowsOfWeightTwoAreRowsTwice) {
  const std::array<float, 5> twice{0.2f, 0.2f, 0.9f, 0.4f, 0.4f};
  const std::array<float, 3> once{0.2f, 0.9f, 0.4f};
  const auto of_rows = score_associations(twice, std::array<std::int32_t, 5>{0, 0, 1, 1, 1}, 2, {}, {});
  const auto of_weights =
      score_associations(once, std::array<std::int32_t, 3>{0, 1, 1}, 2, std::array<double, 3>{2, 1, 2}, {});
  EXPECT_THAT(*of_weights[0].correlation, DoubleNear(*of_rows[0].correlation, 1e-12));
  EXPECT_THAT(of_weights[0].discrepancy->gaussian, DoubleNear(of_rows[0].discrepancy->gaussian, 1e-12));
}

TEST(ScoreAssociation, DoesNotDependOnThreads) {
  std::vector<float> scores;
  std::vector<std::int32_t> groups;
  for (int i = 0; i < 300; ++i) scores.push_back(static_cast<float>(i * 37 % 101) / 101), groups.push_back(i * 7 % 3);
  const auto one = score_associations(scores, groups, 3, {}, {.threads = 1});
  const auto four = score_associations(scores, groups, 3, {}, {.threads = 4});
  EXPECT_EQ(one[2].discrepancy->laplace, four[2].discrepancy->laplace);
}

TEST(ScoreAssociation, RefusesTablesThatDontFit) {
  EXPECT_THROW(score_associations(kScores, std::array<std::int32_t, 2>{0, 1}, 2, {}, {}), InputError);
}

}  // namespace
}  // namespace evenface::stats
