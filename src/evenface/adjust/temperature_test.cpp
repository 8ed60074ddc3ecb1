#include "evenface/adjust/temperature.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"

namespace evenface::adjust {
namespace {
using nlohmann::json;

/// The logits of tests/reference/make_adjust_reference.py.
ClassRows waves(int classes, int rows, double sharpness) {
  ClassRows r{.classes = classes};
  for (int i = 0; i < rows; ++i) {
    for (int k = 0; k < classes; ++k) r.logits.push_back(sharpness * std::sin(0.7 * k + 0.37 * i + 0.05 * k * i));
    r.truth.push_back(0);
    r.truth.back() = std::sin(1.3 * i) > -0.4 ? largest(r.row(static_cast<std::size_t>(i))) : i * 7 % classes;
  }
  return r;
}

TEST(Temperature, MatchesSciPyAndScikitLearn) {
  const json reference = json::parse(read_file(std::filesystem::path(EVENFACE_SOURCE) / "tests/reference/adjust.json"));
  ASSERT_EQ(reference["temperature"].size(), 3u);
  for (const json& t : reference["temperature"]) {
    const TemperatureFit fit = fit_temperature(waves(t["classes"], t["rows"], t["sharpness"]), {});
    // A minimiser of values finds its place to about the root of the machine's precision.
    EXPECT_NEAR(fit.rule.temperature, t["temperature"], 1e-6);
    EXPECT_NEAR(fit.nll_before, t["nll_before"], 1e-12);
    EXPECT_NEAR(fit.nll_after, t["nll_after"], 1e-12);
    EXPECT_NEAR(*fit.ece_before.ece.value, t["ece_before"], 1e-9);
    EXPECT_NEAR(*fit.ece_after.ece.value, t["ece_after"], 1e-6);
    EXPECT_GT(fit.ece_before.null.mean, 0);
  }
}

TEST(Temperature, OfTwoClassesHasAClosedForm) {
  // Three of four rows are right at a margin of 6: the best margin is log 3.
  ClassRows rows{.classes = 2, .logits = {0, 6, 0, 6, 6, 0, 0, 6}, .truth = {1, 1, 0, 0}};
  const TemperatureFit fit = fit_temperature(rows, {});
  EXPECT_NEAR(fit.rule.temperature, 6 / std::log(3), 1e-12);
  EXPECT_NEAR(*fit.ece_after.ece.value, 0, 1e-12);
  EXPECT_NEAR(*fit.ece_before.ece.value, 1 / (1 + std::exp(-6)) - 0.75, 1e-12);
}

TEST(Temperature, WeightsCountAsRows) {
  ClassRows twice = waves(3, 90, 2), weighted = twice;
  for (std::size_t i = 0; i < 30; ++i) {
    twice.truth.push_back(twice.truth[i]);
    for (std::size_t c = 0; c < 3; ++c) twice.logits.push_back(twice.logits[3 * i + c]);
  }
  for (std::size_t i = 0; i < 90; ++i) weighted.weight.push_back(i < 30 ? 2 : 1);
  const TemperatureFit a = fit_temperature(twice, {}), b = fit_temperature(weighted, {});
  EXPECT_NEAR(a.rule.temperature, b.rule.temperature, 1e-12);
  EXPECT_NEAR(*a.ece_before.ece.value, *b.ece_before.ece.value, 1e-12);
}

TEST(Temperature, RefusesWhereNoneIsBest) {
  EXPECT_THROW(fit_temperature({.classes = 2, .logits = {0, 1, 2, 1}, .truth = {1, 0}}, {}), InputError);  // all right
  EXPECT_THROW(fit_temperature({.classes = 2, .logits = {0, 1, 2, 1}, .truth = {0, 1}}, {}), InputError);  // all wrong
  EXPECT_THROW(fit_temperature({.classes = 2, .logits = {0, std::nan("")}, .truth = {0}}, {}), InputError);
  EXPECT_THROW(fit_temperature({.classes = 2}, {}), InputError);
}

RC_GTEST_PROP(Temperature, ScalesWithTheLogits, ()) {
  const double factor = *rc::gen::inRange(1, 100) / 10.0;
  ClassRows rows = waves(4, 200, 2);
  const double before = fit_temperature(rows, {}).rule.temperature;
  for (double& z : rows.logits) z *= factor;
  RC_ASSERT(std::abs(fit_temperature(rows, {}).rule.temperature / (before * factor) - 1) < 1e-9);
}

RC_GTEST_PROP(Temperature, IsAMinimum, ()) {
  const int rows = *rc::gen::inRange(20, 200);
  const ClassRows r = waves(3, rows, *rc::gen::inRange(1, 60) / 10.0);
  const TemperatureFit fit = fit_temperature(r, {});
  RC_ASSERT(fit.nll_after <= fit.nll_before + 1e-12);
  for (const double factor : {.5, .99, 1.01, 2.0})
    RC_ASSERT(negative_log_likelihood(r, fit.rule.temperature * factor) > fit.nll_after);
}

}  // namespace
}  // namespace evenface::adjust
