#include "evenface/stats/association.h"

#include <array>
#include <cmath>

#include <gmock/gmock.h>

#include "evenface/core/error.h"

namespace evenface::stats {
namespace {
using ::testing::DoubleEq;
using ::testing::DoubleNear;

TEST(Association, RaceAndGenderOfFairFacesValidationFaces) {  // oracle fairface_val_representation
  const std::array<std::int64_t, 14> counts{799, 757, 777, 773, 753, 763, 793, 830, 813, 396, 735, 680, 1122, 963};
  const Association a = association(counts, 2);
  EXPECT_EQ(a.rows, 10954);
  EXPECT_EQ(a.test.df, 6);
  EXPECT_THAT(a.test.statistic, DoubleNear(124.3231, 5e-5));
  EXPECT_THAT(a.cramers_v, DoubleNear(0.106534, 5e-7));
  EXPECT_THAT(a.cramers_v_corrected, DoubleNear(0.103936, 5e-7));
  EXPECT_THAT(a.mutual_information, DoubleNear(0.00579246, 5e-9));
}

TEST(Association, OfIndependentAttributesIsNothing) {
  const std::array<std::int64_t, 6> counts{10, 20, 30, 20, 40, 60};
  const Association a = association(counts, 3);
  EXPECT_THAT(a.test.statistic, DoubleNear(0, 1e-12));
  EXPECT_THAT(a.test.p, DoubleNear(1, 1e-12));
  EXPECT_EQ(a.cramers_v_corrected, 0);
  EXPECT_THAT(a.mutual_information, DoubleNear(0, 1e-15));
}

TEST(Association, OfAnAttributeWithItselfIsWhole) {
  const std::array<std::int64_t, 9> counts{50, 0, 0, 0, 30, 0, 0, 0, 20};
  const Association a = association(counts, 3);
  EXPECT_THAT(a.cramers_v, DoubleEq(1));
  EXPECT_THAT(a.cramers_v_corrected, DoubleNear(1, 1e-12));
  EXPECT_THAT(a.mutual_information, DoubleNear(-.5 * std::log(.5) - .3 * std::log(.3) - .2 * std::log(.2), 1e-12));
}

TEST(Association, LeavesOutLevelsThatDontOccur) {
  const std::array<std::int64_t, 4> full{8, 2, 3, 7};
  const std::array<std::int64_t, 9> wider{8, 0, 2, 0, 0, 0, 3, 0, 7};
  EXPECT_EQ(association(wider, 3).test.df, 1);
  EXPECT_EQ(association(wider, 3).cramers_v, association(full, 2).cramers_v);
  EXPECT_EQ(association(wider, 3).test.least_expected, association(full, 2).test.least_expected);
}

TEST(Association, NeedsTwoLevelsOfEach) {
  const std::array<std::int64_t, 4> one_row{5, 6, 0, 0}, nobody{};
  EXPECT_EQ(association(one_row, 2).test.p, 1);
  EXPECT_EQ(association(one_row, 2).cramers_v, 0);
  EXPECT_EQ(association(nobody, 2).rows, 0);
  EXPECT_EQ(association(std::array<std::int64_t, 4>{1, 0, 0, 1}, 2).cramers_v_corrected, 0);  // two rows show nothing
}

TEST(CellAssociations, SayWhichLevelsGoTogether) {
  // Middle Eastern Male: 813 of 1,209 and 5,792 of 10,954, by the formulas.
  const std::array<std::int64_t, 14> counts{799, 757, 777, 773, 753, 763, 793, 830, 813, 396, 735, 680, 1122, 963};
  const auto cells = cell_associations(counts, 2);
  ASSERT_EQ(cells.size(), 14u);
  EXPECT_EQ(cells[8].row, 4);
  EXPECT_EQ(cells[8].column, 0);
  EXPECT_THAT(cells[8].expected, DoubleNear(639.266752, 1e-6));
  EXPECT_THAT(cells[8].residual, DoubleNear(10.612426, 1e-6));
  EXPECT_THAT(cells[8].npmi, DoubleNear(0.0924392, 1e-7));
  EXPECT_THAT(cells[8].p_adjusted / (14 * cells[8].p), DoubleNear(1, 1e-12));
  EXPECT_THAT(cells[9].residual,
              DoubleNear(-cells[8].residual, 1e-9));  // of two columns one takes what the other gives
}

TEST(CellAssociations, OfFewRowsAreFishers) {
  // 3 of 3 against 1 of 17: the chance of all three is 4 3 2 / (20 19 18).
  const auto cells = cell_associations(std::array<std::int64_t, 4>{3, 0, 1, 16}, 2);
  EXPECT_THAT(cells[0].p, DoubleNear(24.0 / 6840, 1e-12));
  EXPECT_EQ(cells[1].npmi, -1);
}

TEST(CellAssociations, OfWhatNeverPartsAreOne) {
  const auto cells = cell_associations(std::array<std::int64_t, 9>{50, 0, 0, 0, 0, 0, 0, 0, 20}, 3);
  ASSERT_EQ(cells.size(), 4u);  // a level that doesn't occur has no cell
  EXPECT_THAT(cells[0].npmi, DoubleNear(1, 1e-12));
  EXPECT_EQ(cells[3].row, 2);
  EXPECT_TRUE(cell_associations(std::array<std::int64_t, 4>{5, 6, 0, 0}, 2).empty());
}

TEST(Association, RefusesBrokenTables) {
  EXPECT_THROW(association(std::array<std::int64_t, 3>{1, 2, 3}, 2), InputError);
  EXPECT_THROW(association(std::array<std::int64_t, 2>{1, -2}, 2), InputError);
}

}  // namespace
}  // namespace evenface::stats
