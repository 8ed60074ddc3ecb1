#include "evenface/train/loop.h"

#include <algorithm>
#include <numeric>
#include <set>

#include <ATen/ops/equal.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "evenface/core/scratch.h"
#include "evenface/train/sample_set.h"

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

/// A linear model that notes which rows each step of training asks for.
class Recorder : public Learner {
 public:
  at::Tensor training_logits(std::span<const std::int64_t> rows, const StepAddress& address) override {
    epochs.resize(static_cast<std::size_t>(address.epoch) + 1);
    epochs.back().insert(epochs.back().end(), rows.begin(), rows.end());
    dropout.push_back(dropout_seed(address));
    return logits(rows);
  }
  at::Tensor logits(std::span<const std::int64_t> rows) override {
    return bias_.expand({static_cast<std::int64_t>(rows.size()), 5});
  }
  std::vector<ParameterGroup> parameter_groups(double) override { return {{.parameters = arrays()}}; }
  std::vector<net::NamedTensor> arrays() override { return {{"bias", bias_}}; }

  std::vector<std::vector<std::int64_t>> epochs;
  std::vector<std::uint64_t> dropout;

 private:
  at::Tensor bias_ = at::zeros({5}).requires_grad_(true);
};

/// Three epochs over twenty rows.
Recorder recorded(std::int64_t seed) {
  const Scratch scratch;
  write_sample_set(scratch.path(), {.train = 20});
  const Examples examples = read_examples(scratch.path(), {}, {});
  TrainOptions options;
  options.seed = seed, options.epochs = 3, options.batch = 8;
  Recorder recorder;
  run_loop(options, examples, std::vector<double>(examples.ids.size(), 1.0), recorder, scratch / "checkpoints", "key",
           {.threads = 1});
  return recorder;
}

TEST(Loop, TakesEachRowOnceAnEpochInAnOrderOfItsOwn) {
  const Recorder one = recorded(1), again = recorded(1), other = recorded(2);
  ASSERT_EQ(one.epochs.size(), 3u);
  for (std::vector<std::int64_t> rows : one.epochs) {
    std::ranges::sort(rows);
    std::vector<std::int64_t> all(20);
    std::iota(all.begin(), all.end(), 0);
    EXPECT_EQ(rows, all);
  }
  EXPECT_NE(one.epochs[0], one.epochs[1]);
  EXPECT_NE(one.epochs[1], one.epochs[2]);
  EXPECT_EQ(one.epochs, again.epochs);
  EXPECT_NE(one.epochs[0], other.epochs[0]);
}

TEST(Loop, DrawsDropoutAnewAtEachStep) {
  const Recorder one = recorded(1), other = recorded(2);
  std::set<std::uint64_t> seeds(one.dropout.begin(), one.dropout.end());
  seeds.insert(other.dropout.begin(), other.dropout.end());
  EXPECT_EQ(seeds.size(), 2u * 3 * 3) << "two seeds, three epochs of three steps";
}

TEST(Targets, HoldTheCodesTaskByTask) {
  const std::vector<std::int64_t> rows{2, 0};
  const at::Tensor targets = targets_of(three_rows(), rows);
  EXPECT_TRUE(at::equal(targets, at::tensor(std::vector<std::int64_t>{-1, 0, 0, 1}).reshape({2, 2})));
}

}  // namespace
}  // namespace evenface::train
