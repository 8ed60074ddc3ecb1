#include "evenface/balance/normalise.h"

#include <limits>

#include <gmock/gmock.h>

#include "evenface/core/error.h"

namespace evenface::balance {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

TEST(MeanOne, IsTheMeanOverTrainingRowsNotOverClasses) {
  // (3 * 1 + 1 * 3) / 4 = 1.5 before scaling.
  EXPECT_THAT(mean_one(std::vector<double>{1, 3}, std::vector<std::int64_t>{3, 1}),
              ElementsAre(DoubleEq(2.0 / 3), DoubleEq(2)));
}

TEST(MeanOne, AClassWithoutRowsHasNoSay) {
  EXPECT_THAT(mean_one(std::vector<double>{1, 3, 50}, std::vector<std::int64_t>{3, 1, 0}),
              ElementsAre(DoubleEq(2.0 / 3), DoubleEq(2), DoubleEq(100.0 / 3)));
}

TEST(MeanOne, RefusesWhatCannotBeScaled) {
  const std::vector<std::int64_t> one{1};
  EXPECT_THROW(mean_one(std::vector<double>{0}, one), InputError);
  EXPECT_THROW(mean_one(std::vector<double>{std::numeric_limits<double>::quiet_NaN()}, one), InputError);
  EXPECT_THROW(mean_one(std::vector<double>{1}, std::vector<std::int64_t>{0}), InputError);
  EXPECT_THROW(mean_one(std::vector<double>{1}, std::vector<std::int64_t>{-1}), InputError);
  EXPECT_THROW(mean_one(std::vector<double>{1, 1}, one), InputError);
}

}  // namespace
}  // namespace evenface::balance
