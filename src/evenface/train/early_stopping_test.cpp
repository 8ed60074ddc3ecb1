#include "evenface/train/early_stopping.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace evenface::train {
namespace {

/// The epoch after which training stops, or 0.
std::int64_t stops_after(EarlyStopping& state, const std::vector<double>& scores, std::int64_t patience) {
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const auto epoch = static_cast<std::int64_t>(i) + 1;
    improved(state, epoch, scores[i]);
    if (out_of_patience(state, epoch, patience)) return epoch;
  }
  return 0;
}

TEST(EarlyStopping, StopsWhenPatienceRunsOut) {
  EarlyStopping state;
  EXPECT_EQ(stops_after(state, {.1, .3, .2, .25, .4}, 2), 4);
  EXPECT_EQ(state.best_epoch, 2);
  EXPECT_EQ(state.best_score, .3);
}

TEST(EarlyStopping, NewBestsRenewPatience) {
  EarlyStopping state;
  EXPECT_EQ(stops_after(state, {.1, .0, .2, .1, .3}, 2), 0);
  EXPECT_EQ(state.best_epoch, 5);
}

TEST(EarlyStopping, WithoutPatienceNeverStops) {
  EarlyStopping state;
  EXPECT_EQ(stops_after(state, {.5, .1, .1, .1, .1}, 0), 0);
  EXPECT_EQ(state.best_epoch, 1);
}

TEST(EarlyStopping, PrefersTheEarliestOfEqualsAndNoNan) {
  EarlyStopping state;
  EXPECT_TRUE(improved(state, 1, -.5));
  EXPECT_FALSE(improved(state, 2, -.5));
  EXPECT_FALSE(improved(state, 3, std::nan("")));
}

}  // namespace
}  // namespace evenface::train
