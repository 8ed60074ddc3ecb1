#include "evenface/ingest/vote_label.h"

#include <array>

#include <gmock/gmock.h>

namespace evenface::ingest {
namespace {

constexpr std::size_t kClasses = 8;
constexpr int kNone = -1;

/// Votes for eight classes, unknown and no face; and the label by majority, probability and multi_target.
struct Voted {
  std::array<int, 10> votes;
  std::array<int, 3> labels;
};

/// Rows of FER+ (data/FER2013Valid/label.csv, github.com/microsoft/FERPlus, MIT), chosen for ties and close calls; the
/// labels are what its published reader (src/ferplus.py there) made of them.
constexpr std::array<Voted, 30> kPublished{
    {{{4, 0, 0, 0, 1, 0, 0, 4, 1, 0}, {-1, 0, 0}},  {{1, 0, 0, 1, 0, 2, 0, 6, 0, 0}, {7, 7, 7}},
     {{5, 5, 0, 0, 0, 0, 0, 0, 0, 0}, {-1, 0, 0}},  {{0, 1, 0, 6, 0, 0, 3, 0, 0, 0}, {3, 3, 3}},
     {{4, 0, 1, 2, 0, 0, 0, 0, 3, 0}, {-1, -1, 0}}, {{0, 0, 3, 1, 0, 0, 5, 0, 1, 0}, {6, 6, 6}},
     {{2, 1, 0, 3, 2, 1, 0, 0, 1, 0}, {-1, 3, -1}}, {{5, 0, 2, 0, 1, 1, 1, 0, 0, 0}, {0, 0, 0}},
     {{8, 0, 0, 0, 0, 0, 0, 0, 1, 1}, {0, 0, 0}},   {{0, 0, 3, 0, 0, 0, 2, 4, 1, 0}, {-1, 7, 7}},
     {{3, 0, 0, 0, 0, 0, 4, 0, 3, 0}, {-1, 6, 6}},  {{2, 0, 0, 2, 3, 1, 0, 0, 2, 0}, {-1, 4, -1}},
     {{3, 2, 4, 0, 0, 0, 0, 0, 1, 0}, {-1, 2, 2}},  {{1, 0, 3, 0, 2, 2, 0, 0, 2, 0}, {-1, 2, -1}},
     {{2, 0, 0, 4, 0, 0, 1, 1, 2, 0}, {-1, 3, -1}}, {{0, 0, 0, 3, 3, 1, 0, 0, 3, 0}, {-1, 3, 3}},
     {{0, 5, 0, 0, 5, 0, 0, 0, 0, 0}, {-1, 1, 1}},  {{3, 0, 0, 4, 0, 0, 0, 0, 3, 0}, {-1, 3, 3}},
     {{4, 0, 0, 2, 0, 0, 0, 0, 4, 0}, {-1, -1, 0}}, {{2, 0, 0, 1, 0, 0, 0, 3, 4, 0}, {-1, -1, -1}},
     {{2, 0, 0, 0, 3, 3, 0, 2, 0, 0}, {-1, -1, 4}}, {{3, 0, 0, 2, 2, 1, 0, 1, 1, 0}, {-1, 0, -1}},
     {{4, 0, 0, 4, 0, 0, 0, 0, 2, 0}, {-1, 0, 0}},  {{4, 1, 1, 0, 1, 1, 0, 0, 2, 0}, {0, 0, 0}},
     {{0, 0, 0, 4, 2, 3, 0, 1, 0, 0}, {-1, 3, 3}},  {{1, 0, 1, 3, 1, 0, 2, 0, 2, 0}, {-1, 3, -1}},
     {{3, 0, 3, 1, 0, 0, 2, 0, 0, 1}, {-1, 0, 0}},  {{2, 0, 1, 2, 0, 1, 0, 2, 2, 0}, {-1, 0, -1}},
     {{1, 0, 0, 3, 5, 0, 0, 1, 0, 0}, {4, 4, 4}},   {{0, 10, 0, 0, 0, 0, 0, 0, 0, 0}, {1, 1, 1}}}};

TEST(VoteLabel, IsThatOfThePublishedReader) {
  for (const auto& [votes, labels] : kPublished)
    for (std::size_t rule = 0; rule < labels.size(); ++rule)
      EXPECT_EQ(label_of_votes(votes, kClasses, vote_rules()[rule]).value_or(kNone), labels[rule])
          << testing::PrintToString(votes) << " by " << vote_rules()[rule];
}

TEST(VoteLabel, ByArgmaxLeavesAsideWhatIsNoClass) {
  EXPECT_EQ(label_of_votes(std::array{1, 0, 2, 0, 0, 0, 0, 0, 3, 4}, kClasses, "argmax"), 2);
  EXPECT_EQ(label_of_votes(std::array{0, 0, 0, 0, 0, 0, 0, 0, 0, 10}, kClasses, "argmax"), 0);
}

TEST(VoteLabel, IsNoneWhereAllVotesAreSingle) {
  const std::array<int, 10> single{1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  for (const char* rule : {"majority", "probability", "multi_target"})
    EXPECT_EQ(label_of_votes(single, kClasses, rule), std::nullopt);
}

TEST(VoteLabel, IsNoneWhereMostSawNoFace) {
  const std::array<int, 10> no_face{0, 2, 0, 0, 0, 0, 0, 0, 0, 8};
  for (const char* rule : {"majority", "probability", "multi_target"})
    EXPECT_EQ(label_of_votes(no_face, kClasses, rule), std::nullopt);
}

}  // namespace
}  // namespace evenface::ingest
