#include "evenface/stats/parity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"

namespace evenface::stats {
namespace {

Cells cells_of(const std::string& truth, const std::string& predicted, const std::string& group) {
  Cells cells(3, 2, 1);
  for (std::size_t i = 0; i < truth.size(); ++i)
    cells.add(group[i] - 'a', truth[i] - '0', std::array{predicted[i] - '0'});
  return cells;
}

// oracle: fairlearn_docs.json
TEST(Parity, MatchesFairlearnsGuide) {
  const Cells cells = cells_of("011110101000111111", "001011100111100110", "bbabbcccaacabccbcc");
  const Parity demographic = demographic_parity(cells, 0, 1, {}), odds = equalized_odds(cells, 0, 1, {});
  EXPECT_NEAR(*demographic.difference.value, 0.25, 1e-15);
  EXPECT_NEAR(*demographic.ratio.value, 2.0 / 3, 1e-15);
  EXPECT_NEAR(*odds.difference.value, 1, 1e-15);
  EXPECT_NEAR(*odds.ratio.value, 0, 1e-15);
  EXPECT_NEAR(*equal_opportunity(cells, 0, 1, {}).difference.value, 0.2, 1e-15);
  EXPECT_NEAR(*equal_opportunity(cells, 0, 1, {}).ratio.value, 2.0 / 3, 1e-15);
}

// Fairlearn 0.15 on 300 rows: tests/reference/disparity_reference.py, which draws the same rows.
TEST(Parity, MatchesFairlearnOnMoreRows) {
  Cells cells(4, 2, 1);
  for (int i = 0; i < 300; ++i)
    cells.add(i * i % 11 % 4, i * 7 % 10 < 6, std::array{i * 13 % 17 < 5 + 2 * (i % 4) ? 1 : 0});
  const Parity demographic = demographic_parity(cells, 0, 1, {}), odds = equalized_odds(cells, 0, 1, {});
  EXPECT_NEAR(*demographic.difference.value, 0.026831251385912, 1e-12);
  EXPECT_NEAR(*demographic.ratio.value, 0.944639316760714, 1e-12);
  EXPECT_NEAR(*odds.difference.value, 0.106060606060606, 1e-12);
  EXPECT_NEAR(*odds.ratio.value, 0.794117647058824, 1e-12);
}

TEST(Parity, ListsGroupsWithoutARate) {
  Cells cells(4, 2, 1);
  const auto add = [&](std::int64_t g, int truth, int predicted, int rows) {
    for (int i = 0; i < rows; ++i) cells.add(g, truth, std::array{predicted});
  };
  add(0, 1, 1, 40), add(0, 0, 0, 40);
  add(1, 1, 0, 40), add(1, 0, 1, 40);
  add(2, 0, 0, 40);  // no positives
  const Parity odds = equalized_odds(cells, 0, 1, {.min_rows = 30});
  EXPECT_THAT(odds.left_out, testing::ElementsAre(2, 3));
  EXPECT_EQ(*odds.difference.value, 1);
  EXPECT_THAT(demographic_parity(cells, 0, 1, {.min_rows = 30}).left_out, testing::ElementsAre(3));
  const Parity strict = equal_opportunity(cells, 0, 1, {.min_rows = 41});
  EXPECT_FALSE(strict.difference.estimable());
  EXPECT_THAT(strict.ratio.reason, testing::HasSubstr("0 groups with the rows for this rate"));
}

TEST(Parity, HasNoRatioWhereNobodyIsSelected) {
  Cells cells(2, 2, 1);
  for (int i = 0; i < 80; ++i) cells.add(i % 2, i % 3 == 0, std::array{i % 5 == 0 ? 2 : 0});
  const Parity p = demographic_parity(cells, 0, 1, {});
  EXPECT_EQ(*p.difference.value, 0);
  EXPECT_GT(p.difference.interval->high, 0.02);
  EXPECT_FALSE(p.ratio.estimable());
  EXPECT_THROW(demographic_parity(cells, 1, 1, {}), InputError);
  EXPECT_THROW(demographic_parity(cells, 0, 2, {}), InputError);
  EXPECT_THROW(demographic_parity(cells, 0, 1, {.level = 1}), InputError);
}

// Conservative: all rates are held at once with 95 % at least (three standard errors of 500 draws).
TEST(EqualizedOdds, Covers) {
  Stream s(21, "odds");
  constexpr int draws = 500;
  int difference = 0, ratio = 0;
  for (int d = 0; d < draws; ++d) {
    Cells cells(3, 2, 1);
    for (int i = 0; i < 450; ++i) {
      const int group = i % 3, truth = i % 2;
      const double chance = truth ? 0.8 - 0.05 * group : 0.2 + 0.1 * group;
      cells.add(group, truth, std::array{s.uniform() < chance ? 1 : 0});
    }
    const Parity odds = equalized_odds(cells, 0, 1, {});
    difference += odds.difference.interval->low <= 0.2 && 0.2 <= odds.difference.interval->high;
    ratio += odds.ratio.interval->low <= 0.5 && 0.5 <= odds.ratio.interval->high;
  }
  const double least = draws * (0.95 - 3 * std::sqrt(0.05 * 0.95 / draws));
  EXPECT_GE(difference, least);
  EXPECT_GE(ratio, least);
}

}  // namespace
}  // namespace evenface::stats
