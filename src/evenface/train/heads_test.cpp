#include "evenface/train/heads.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>
#include <gmock/gmock.h>

#include "evenface/core/error.h"
#include "evenface/train/adamw.h"
#include "evenface/train/loss.h"
#include "evenface/train/train_reference.h"

namespace evenface::train {
namespace {

at::Tensor wave(std::vector<std::int64_t> shape, double phase) {
  at::Tensor x = at::empty(shape, at::kFloat);
  const std::vector<float> values = reference::wave(x.numel(), phase);
  std::copy(values.begin(), values.end(), x.data_ptr<float>());
  return x;
}

template <std::size_t n>
void expect_near(const at::Tensor& values, const float (&expected)[n], double tolerance) {
  ASSERT_EQ(values.numel(), static_cast<std::int64_t>(n));
  const at::Tensor flat = values.detach().contiguous().flatten();
  for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(flat.data_ptr<float>()[i], expected[i], tolerance) << i;
}

const std::vector<std::int64_t> kClasses{3, 2};

at::Tensor targets() {
  const std::vector<std::int64_t> codes{0, 1, 2, 0, 1, 1, -1, 1, 2, 0, 0, 0};
  return at::tensor(codes).reshape({6, 2});
}

TEST(Loss, MatchesPyTorchWithWeightsSmoothingAndAMissingLabel) {
  const at::Tensor weights = 1 + 0.5 * wave({6}, 0.4);
  for (const double smoothing : {0.0, 0.1}) {
    const at::Tensor logits = (2 * wave({6, 5}, 0.3)).requires_grad_(true);
    const at::Tensor rows = cross_entropy_rows(logits, targets(), kClasses, smoothing);
    expect_near(rows, smoothing == 0 ? reference::kLossRows : reference::kSmoothLossRows, 1e-6);
    const at::Tensor loss = weighted_loss(logits, targets(), weights, kClasses, smoothing);
    EXPECT_NEAR(loss.item<float>(), reference::kLoss[smoothing == 0 ? 0 : 1], 1e-6);
    loss.backward();
    expect_near(logits.grad(), smoothing == 0 ? reference::kLossGradient : reference::kSmoothLossGradient, 1e-6);
  }
}

Heads sample_heads(double dropout = 0) {
  return Heads({.features = 7, .hidden = 4, .classes = 5, .input_dropout = dropout, .hidden_dropout = dropout}, 1);
}

void set_by_formula(const Heads& heads) {
  const c10::NoGradGuard no_gradients;
  double phase = 0.5;
  for (const auto& [name, tensor] : heads.trained())
    if (!name.starts_with("norm")) tensor.copy_(wave(tensor.sizes().vec(), phase)), phase += 1;
}

TEST(Heads, TrainLikePyTorch) {
  Heads heads = sample_heads();
  heads.standardise(std::vector<float>(7, 0.1f), std::vector<float>(7, 2.0f));
  set_by_formula(heads);
  AdamW optimiser({{.parameters = heads.trained(), .rate_factor = 1, .weight_decay = 0.01}});
  const at::Tensor features = wave({6, 7}, 0.6), weights = 1 + 0.5 * wave({6}, 0.4);
  for (const float expected : reference::kHeadLosses) {
    const at::Tensor loss = weighted_loss(heads.logits(features, 1), targets(), weights, kClasses, 0);
    EXPECT_NEAR(loss.item<float>(), expected, 2e-6);
    loss.backward();
    optimiser.step(0.02);
    optimiser.clear_gradients();
  }
  expect_near(heads.logits(features, std::nullopt), reference::kHeadLogits, 2e-5);
}

TEST(Heads, DropoutDependsOnTheSeedAlone) {
  const at::Tensor features = wave({64, 7}, 0.6);
  Heads a = sample_heads(0.5), b = sample_heads(0.5);
  const at::Tensor first = a.logits(features, 5);
  b.logits(features, 9);
  EXPECT_TRUE(at::equal(first, b.logits(features, 5)));
  EXPECT_FALSE(at::equal(first, b.logits(features, 6)));
  EXPECT_FALSE(at::equal(first, a.logits(features, std::nullopt)));
}

TEST(Heads, DropoutKeepsTheMeanOfEachInput) {
  Heads linear({.features = 1, .hidden = 0, .classes = 1, .input_dropout = 0.3, .hidden_dropout = 0}, 1);
  const at::Tensor ones = at::ones({200000, 1});
  // The mean of n draws of Bernoulli(.7)/.7 has SD sqrt(.3/.7/n) = .0015.
  const at::Tensor bias = linear.trained()[1].tensor, slope = linear.trained()[0].tensor;
  const double mean = ((linear.logits(ones, 3) - bias) / slope[0]).mean().item<double>();
  EXPECT_NEAR(mean, 1, 5 * 0.0015);
}

TEST(Heads, AreDrawnWithinTheBoundOfTheFanIn) {
  const Heads heads({.features = 400, .hidden = 100, .classes = 5}, 1);
  const at::Tensor weight = heads.trained()[0].tensor;
  EXPECT_LE(weight.abs().max().item<float>(), 1 / 20.0f);
  EXPECT_NEAR(weight.std().item<double>(), 1 / 20.0 / std::sqrt(3), 0.0005);
  EXPECT_FALSE(at::equal(weight, Heads({.features = 400, .hidden = 100, .classes = 5}, 2).trained()[0].tensor));
}

TEST(Heads, AFeatureThatDoesNotVaryIsOnlyCentred) {
  Heads heads = sample_heads();
  heads.standardise(std::vector<float>(7, 3), std::vector<float>(7, 0));
  EXPECT_TRUE(heads.logits(at::full({2, 7}, 4.0), std::nullopt).isfinite().all().item<bool>());
  EXPECT_EQ(heads.arrays()[1].tensor.min().item<float>(), 1);
}

TEST(Heads, AreSavedAndLoadedWhole) {
  net::Weights file;
  const Heads one({.features = 7, .hidden = 4, .classes = 5}, 1);
  Heads two({.features = 7, .hidden = 4, .classes = 5}, 2), wider({.features = 8, .hidden = 4, .classes = 5}, 2);
  save_arrays(one.arrays(), "heads.", file);
  load_arrays(file, "heads.", two.arrays(), "x");
  for (std::size_t i = 0; i < one.arrays().size(); ++i)
    EXPECT_TRUE(at::equal(one.arrays()[i].tensor, two.arrays()[i].tensor)) << one.arrays()[i].name;
  EXPECT_THROW(load_arrays(file, "heads.", wider.arrays(), "x"), InputError);
  EXPECT_THROW(load_arrays(file, "", two.arrays(), "x"), InputError);
}

}  // namespace
}  // namespace evenface::train
