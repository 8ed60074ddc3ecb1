#include "evenface/train/adamw.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>
#include <gtest/gtest.h>

#include "evenface/train/train_reference.h"

namespace evenface::train {
namespace {

at::Tensor wave(std::vector<std::int64_t> shape, double phase) {
  at::Tensor x = at::empty(shape, at::kFloat);
  const std::vector<float> values = reference::wave(x.numel(), phase);
  std::copy(values.begin(), values.end(), x.data_ptr<float>());
  return x;
}

struct Sample {
  at::Tensor matrix = wave({3, 4}, 0.1).requires_grad_(true);
  at::Tensor vector = wave({5}, 0.2).requires_grad_(true);

  AdamW optimiser() {
    return AdamW({{.parameters = {{"matrix", matrix}, {"vector", vector}}, .rate_factor = 1, .weight_decay = 0.1}});
  }
  void set_gradients(int step) {
    matrix.mutable_grad() = wave({3, 4}, 1.0 + step);
    vector.mutable_grad() = wave({5}, 2.0 + step);
  }
  void train(AdamW& optimiser, int begin, int end) {
    for (int step = begin; step < end; ++step) {
      set_gradients(step);
      optimiser.step(0.05 / (1 + step));
    }
  }
};

TEST(AdamW, MatchesPyTorchFused) {
  Sample s;
  AdamW optimiser = s.optimiser();
  s.train(optimiser, 0, 5);
  for (std::int64_t i = 0; i < 12; ++i) EXPECT_NEAR(s.matrix.data_ptr<float>()[i], reference::kAdamwMatrix[i], 1e-6);
  for (std::int64_t i = 0; i < 5; ++i) EXPECT_NEAR(s.vector.data_ptr<float>()[i], reference::kAdamwVector[i], 1e-6);
}

TEST(AdamW, GoesOnFromItsSavedStateBitForBit) {
  Sample whole, parted;
  AdamW once = whole.optimiser(), before = parted.optimiser();
  whole.train(once, 0, 5);
  parted.train(before, 0, 2);
  net::Weights checkpoint;
  before.save(checkpoint);
  AdamW after = parted.optimiser();
  after.load(checkpoint);
  parted.train(after, 2, 5);
  EXPECT_TRUE(at::equal(whole.matrix, parted.matrix));
  EXPECT_TRUE(at::equal(whole.vector, parted.vector));
}

TEST(AdamW, ScalesTheRateOfAGroup) {
  Sample slow, fast;
  AdamW tenth({{.parameters = {{"matrix", slow.matrix}}, .rate_factor = 0.1, .weight_decay = 0}});
  AdamW plain({{.parameters = {{"matrix", fast.matrix}}, .rate_factor = 1, .weight_decay = 0}});
  slow.set_gradients(0), fast.set_gradients(0);
  tenth.step(0.05), plain.step(0.005);
  EXPECT_TRUE(at::equal(slow.matrix, fast.matrix));
}

TEST(AdamW, ClipsLikePyTorch) {
  Sample s;
  AdamW optimiser = s.optimiser();
  s.set_gradients(0);
  EXPECT_NEAR(optimiser.clip_gradients(0.5), reference::kGradientNorm, 1e-5);
  const at::Tensor all = at::cat({s.matrix.grad().flatten(), s.vector.grad()});
  for (std::int64_t i = 0; i < 17; ++i) EXPECT_NEAR(all.data_ptr<float>()[i], reference::kClipped[i], 1e-6);
  s.set_gradients(0);
  optimiser.clip_gradients(100);
  EXPECT_TRUE(at::equal(s.vector.grad(), wave({5}, 2.0)));
}

}  // namespace
}  // namespace evenface::train
