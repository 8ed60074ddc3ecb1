#include "evenface/train/schedule.h"

#include <gtest/gtest.h>

#include "evenface/train/train_reference.h"

namespace evenface::train {
namespace {

// torch.optim.lr_scheduler: SequentialLR of LinearLR and CosineAnnealingLR.
TEST(Schedule, MatchesPyTorch) {
  const Schedule schedule{.peak = 3e-3, .steps = 20, .warmup = 4};
  for (std::int64_t step = 0; step < 20; ++step)
    EXPECT_NEAR(learning_rate_at(schedule, step), reference::kSchedule[step], 1e-15) << step;
}

TEST(Schedule, WithoutWarmUpStartsAtThePeak) {
  EXPECT_EQ(learning_rate_at({.peak = 2, .steps = 10, .warmup = 0}, 0), 2);
  EXPECT_GT(learning_rate_at({.peak = 2, .steps = 10, .warmup = 0}, 9), 0);
}

TEST(Schedule, MayWarmUpToTheEnd) { EXPECT_EQ(learning_rate_at({.peak = 2, .steps = 4, .warmup = 4}, 3), 2); }

}  // namespace
}  // namespace evenface::train
