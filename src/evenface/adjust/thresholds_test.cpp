#include "evenface/adjust/thresholds.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"

namespace evenface::adjust {
namespace {
using nlohmann::json;

std::vector<GroupRows> table(const std::string& labels, const std::vector<double>& scores, const std::string& groups) {
  std::map<char, std::vector<ScoredRow>> by_group;
  for (std::size_t i = 0; i < labels.size(); ++i) by_group[groups[i]].push_back({scores[i], labels[i] == '1'});
  std::vector<GroupRows> list;
  for (auto& [name, rows] : by_group) list.push_back({std::string(1, name), rows});
  return list;
}

struct Rates {
  double selection, tpr, fpr;
};

/// Expected over the lots.
Rates rates_of(const std::vector<ScoredRow>& rows, const GroupThresholds& rule) {
  double n = 0, p = 0, selected = 0, found = 0;
  for (const ScoredRow& row : rows) {
    const double share = row.weight * rule.positive_share(row.score);
    n += row.weight, selected += share;
    if (row.positive) p += row.weight, found += share;
  }
  return {selected / n, found / p, (selected - found) / (n - p)};
}

// The worked example of Fairlearn's user guide (oracle: fairlearn_docs.json).
const std::vector<GroupRows>& published() {
  static const std::vector<GroupRows> rows = table(
      "01101000010111000111", {0, 0, 1, 1, 2, 3, 3, 0, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 2}, "AAAAAAABBBBBBBCCCCCC");
  return rows;
}

ThresholdSettings settings(Criterion criterion, std::int64_t grid, bool flip = true) {
  return {.criterion = criterion, .flip = flip, .grid = grid, .min_group = 1};
}

TEST(Thresholds, MeetThePublishedParity) {
  const ThresholdFit fit = fit_thresholds(published(), settings(Criterion::kParity, 1000));
  EXPECT_DOUBLE_EQ(fit.common_rate, 0.572);
  for (std::size_t g = 0; g < 3; ++g)
    EXPECT_NEAR(rates_of(published()[g].rows, fit.rule.groups[g]).selection, 0.572, 1e-12);
}

TEST(Thresholds, MeetThePublishedOdds) {
  const ThresholdFit fit = fit_thresholds(published(), settings(Criterion::kOdds, 1000));
  for (std::size_t g = 0; g < 3; ++g) {
    const Rates r = rates_of(published()[g].rows, fit.rule.groups[g]);
    EXPECT_NEAR(r.fpr, 0.334, 1e-12);
    EXPECT_NEAR(r.tpr, 0.66733333, 5e-9);
  }
}

// The grid misses the corner: the exact optimum selects 4/7 and is right more often.
TEST(Thresholds, WithoutTheGridAreAtLeastAsGood) {
  const ThresholdFit grid = fit_thresholds(published(), settings(Criterion::kParity, 1000));
  const ThresholdFit exact = fit_thresholds(published(), settings(Criterion::kParity, 0));
  EXPECT_NEAR(grid.objective, 0.6899733333, 5e-11);
  EXPECT_NEAR(exact.common_rate, 4.0 / 7, 1e-12);
  EXPECT_NEAR(exact.objective, 0.69, 1e-12);

  const ThresholdFit odds = fit_thresholds(published(), settings(Criterion::kOdds, 0));
  EXPECT_NEAR(odds.common_rate, 1.0 / 3, 1e-12);
  EXPECT_NEAR(rates_of(published()[0].rows, odds.rule.groups[0]).tpr, 2.0 / 3, 1e-12);
  EXPECT_NEAR(odds.objective, fit_thresholds(published(), settings(Criterion::kOdds, 1000)).objective, 1e-12);
}

// 24 random tables x 3 criteria x flip: the script is tests/reference/make_adjust_reference.py.
TEST(Thresholds, OnAGridMatchFairlearn) {
  const json reference = json::parse(read_file(std::filesystem::path(EVENFACE_SOURCE) / "tests/reference/adjust.json"));
  ASSERT_EQ(reference["thresholds"].size(), 24u);
  const std::map<std::string, Criterion> criteria{
      {"parity", Criterion::kParity}, {"opportunity", Criterion::kOpportunity}, {"odds", Criterion::kOdds}};
  int same_rates = 0, better = 0, compared = 0;
  for (const json& t : reference["thresholds"]) {
    const auto groups = table(t["labels"], t["scores"].get<std::vector<double>>(), t["groups"]);
    for (const json& found : t["fairlearn"]) {
      const Criterion criterion = criteria.at(found["criterion"]);
      const ThresholdFit grid = fit_thresholds(groups, settings(criterion, 1000, found["flip"]));
      const ThresholdFit exact = fit_thresholds(groups, settings(criterion, 0, found["flip"]));
      EXPECT_NEAR(grid.objective, found["accuracy"], 1e-9) << found["criterion"];
      EXPECT_GE(exact.objective, grid.objective - 1e-12);
      ++compared, better += exact.objective > grid.objective + 1e-9;
      bool same = true;
      for (std::size_t g = 0; g < groups.size(); ++g) {
        const Rates r = rates_of(groups[g].rows, grid.rule.groups[g]);
        const auto& expected = found["selection_tpr_fpr"][groups[g].name];
        same = same && std::abs(r.selection - expected[0].get<double>()) < 1e-9 &&
               std::abs(r.tpr - expected[1].get<double>()) < 1e-9;
      }
      same_rates += same;
    }
  }
  EXPECT_EQ(compared, 144);
  EXPECT_EQ(same_rates, 144);
  EXPECT_GT(better, 72);  // the grid seldom holds the optimum
}

TEST(Thresholds, RefuseGroupsThatCantBeFitted) {
  ThresholdSettings s = settings(Criterion::kOdds, 0);
  s.min_group = 4;  // three rows of each class at least
  EXPECT_THROW(fit_thresholds(published(), s), InputError);
  EXPECT_THROW(fit_thresholds({published()[0]}, settings(Criterion::kParity, 0)), InputError);
  std::vector<GroupRows> one_class{{"A", {{0, true}, {1, false}}}, {"B", {{0, true}, {1, true}}}};
  EXPECT_THROW(fit_thresholds(one_class, settings(Criterion::kOdds, 0)), InputError);
  EXPECT_NO_THROW(fit_thresholds(one_class, settings(Criterion::kOpportunity, 0)));
}

std::vector<GroupRows> arbitrary_groups() {
  std::vector<GroupRows> groups;
  const int k = *rc::gen::inRange(2, 6);
  for (int g = 0; g < k; ++g) {
    const auto cells = *rc::gen::container<std::vector<std::tuple<int, bool, int>>>(
        rc::gen::tuple(rc::gen::inRange(0, 12), rc::gen::arbitrary<bool>(), rc::gen::inRange(1, 5)));
    groups.push_back({std::to_string(g), {{3, true}, {7, false}}});
    for (const auto& [score, positive, weight] : cells)
      groups.back().rows.push_back({score + (positive ? g : 0) * 0.7, positive, weight / 4.0});
  }
  return groups;
}

RC_GTEST_PROP(Thresholds, MeetTheirCriterionExactly, ()) {
  const auto groups = arbitrary_groups();
  const auto criterion = *rc::gen::element(Criterion::kParity, Criterion::kOpportunity, Criterion::kOdds);
  ThresholdSettings s = settings(criterion, 0, *rc::gen::arbitrary<bool>());
  s.objective = *rc::gen::element(Objective::kAccuracy, Objective::kBalancedAccuracy);
  const ThresholdFit fit = fit_thresholds(groups, s);
  const Rates first = rates_of(groups[0].rows, fit.rule.groups[0]);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Rates r = rates_of(groups[g].rows, fit.rule.groups[g]);
    double total = 0;
    for (const Step& step : fit.rule.groups[g].steps) total += step.weight;
    RC_ASSERT(std::abs(total - 1) < 1e-9);
    if (criterion == Criterion::kParity) RC_ASSERT(std::abs(r.selection - first.selection) < 1e-9);
    if (criterion != Criterion::kParity) RC_ASSERT(std::abs(r.tpr - first.tpr) < 1e-9);
    if (criterion == Criterion::kOdds) RC_ASSERT(std::abs(r.fpr - first.fpr) < 1e-9);
  }
}

/// What share of the rows, by weight, a rule decides right: computed anew from the definition.
double accuracy(const std::vector<GroupRows>& groups, const ThresholdFit& fit) {
  double right = 0, total = 0;
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (const ScoredRow& row : groups[g].rows) {
      const double share = fit.rule.groups[g].positive_share(row.score);
      right += row.weight * (row.positive ? share : 1 - share), total += row.weight;
    }
  return right / total;
}

RC_GTEST_PROP(Thresholds, ExactIsNeverBeatenByAnyGrid, ()) {
  const auto groups = arbitrary_groups();
  const auto criterion = *rc::gen::element(Criterion::kParity, Criterion::kOpportunity, Criterion::kOdds);
  const bool flip = *rc::gen::arbitrary<bool>();
  const ThresholdFit exact = fit_thresholds(groups, settings(criterion, 0, flip));
  RC_ASSERT(std::abs(exact.objective - accuracy(groups, exact)) < 1e-9);
  for (const std::int64_t grid : {7, 60, 1000})
    RC_ASSERT(fit_thresholds(groups, settings(criterion, grid, flip)).objective <= exact.objective + 1e-9);
}

RC_GTEST_PROP(Thresholds, FineGridsApproachTheExactOptimum, ()) {
  const auto groups = arbitrary_groups();
  const auto criterion = *rc::gen::element(Criterion::kParity, Criterion::kOpportunity, Criterion::kOdds);
  const double exact = fit_thresholds(groups, settings(criterion, 0)).objective;
  const double grid = fit_thresholds(groups, settings(criterion, 20000)).objective;
  // Of concave slopes none is steeper than one group's weight per row of its smallest class.
  double steepest = 1;
  for (const GroupRows& g : groups) steepest = std::max(steepest, static_cast<double>(g.rows.size()));
  RC_ASSERT(exact - grid <= steepest / 20000);
}

RC_GTEST_PROP(Thresholds, DoNotDependOnTheOrderOfRows, ()) {
  auto groups = arbitrary_groups();
  const auto criterion = *rc::gen::element(Criterion::kParity, Criterion::kOpportunity, Criterion::kOdds);
  const ThresholdFit before = fit_thresholds(groups, settings(criterion, 0));
  for (GroupRows& g : groups) std::ranges::reverse(g.rows);
  RC_ASSERT(fit_thresholds(groups, settings(criterion, 0)).rule == before.rule);
}

}  // namespace
}  // namespace evenface::adjust
