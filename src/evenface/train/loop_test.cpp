#include "evenface/train/loop.h"

#include <ATen/ops/equal.h>
#include <ATen/ops/tensor.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace evenface::train {
namespace {

using testing::ElementsAre;

RC_GTEST_PROP(StepBorders, CutsIntoStepsThatBatchNormCanTake, ()) {
  const std::int64_t rows = *rc::gen::inRange(2, 5000), batch = *rc::gen::inRange(2, 300);
  const std::vector<std::int64_t> borders = step_borders(rows, batch);
  RC_ASSERT(borders.front() == 0 && borders.back() == rows);
  for (std::size_t s = 0; s + 1 < borders.size(); ++s) {
    const std::int64_t size = borders[s + 1] - borders[s];
    RC_ASSERT(size >= 2);
    RC_ASSERT(size <= std::max<std::int64_t>(batch, 3));
  }
}

TEST(StepBorders, AreNearlyEqual) { EXPECT_THAT(step_borders(10, 4), ElementsAre(0, 3, 6, 10)); }

Examples three_rows() {
  Examples e;
  e.ids = {"a", "b", "c"};
  e.tasks = {{"shape", {"round", "long"}}, {"tint", {"dark", "light"}}};
  e.labels = {{"shape", e.tasks[0].levels, {0, 1, -1}}, {"tint", e.tasks[1].levels, {1, 1, 0}}};
  e.cell = table::cross(e.labels);
  return e;
}

TEST(Tally, CountsPerTaskJointAndCell) {
  const Examples e = three_rows();
  Tally tally = empty_tally(e);
  // Predictions: (round, light), (long, dark), (round, dark).
  const at::Tensor logits = at::tensor({2.0, 1.0, 0.0, 1.0, 0.0, 1.0, 3.0, 1.0, 1.0, 0.0, 5.0, 0.0}).reshape({3, 4});
  const std::vector<std::int64_t> rows{0, 1, 2};
  count_correct(tally, e, rows, logits);
  EXPECT_EQ(tally.rows, 3);
  EXPECT_EQ(tally.tasks[0].rows, 2);
  EXPECT_EQ(tally.tasks[0].correct, 2);
  EXPECT_EQ(tally.tasks[1].rows, 3);
  EXPECT_EQ(tally.tasks[1].correct, 2);
  EXPECT_EQ(tally.joint.rows, 2);
  EXPECT_EQ(tally.joint.correct, 1);
  EXPECT_EQ(tally.cells[1].correct, 1);  // round light
  EXPECT_EQ(tally.cells[3].rows, 1);     // long light
  EXPECT_EQ(tally.cells[3].correct, 0);
  EXPECT_EQ(spread_over_cells(tally).mean, 0.5);
  EXPECT_EQ(spread_over_cells(tally).sd, 0.5);
  EXPECT_EQ(monitored("joint-accuracy", tally), 0.5);
  EXPECT_NEAR(monitored("task-accuracy", tally), (1 + 2.0 / 3) / 2, 1e-15);
  EXPECT_EQ(monitored("cell-accuracy", tally), 0.5);
  tally.loss = 1.5;
  EXPECT_EQ(monitored("loss", tally), -0.5);

  const nlohmann::json json = nlohmann::json::parse(nlohmann::json(tally).dump());
  EXPECT_EQ(nlohmann::json(json.get<Tally>()), json);
}

TEST(Targets, HoldTheCodesTaskByTask) {
  const std::vector<std::int64_t> rows{2, 0};
  const at::Tensor targets = targets_of(three_rows(), rows);
  EXPECT_TRUE(at::equal(targets, at::tensor(std::vector<std::int64_t>{-1, 0, 0, 1}).reshape({2, 2})));
}

}  // namespace
}  // namespace evenface::train
