#include "evenface/adjust/rule.h"

#include <algorithm>
#include <limits>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "evenface/adjust/decide.h"
#include "evenface/adjust/id_sketch.h"
#include "evenface/core/error.h"

namespace evenface::adjust {
namespace {
using nlohmann::json;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Rule example() {
  Rule rule{.columns = {"file", "label", "pred", {"race", "gender"}, {"p"}, {"no", "yes"}, "yes", ScoreKind::kRank},
            .seed = 18446744073709551615u,
            .fit_rows = 3,
            .fit_ids = id_sketch(std::vector<std::string>{"a", "b", "c"}),
            .method = {}};
  rule.method =
      ThresholdRule{Criterion::kOdds,
                    {{"Black \"x\"", {{0.1, {true, kInfinity}}, {0.2, {true, -kInfinity}}, {0.7, {true, 1.0 / 3}}}},
                     {"Ä", {{1, {false, 2.5}}}}}};
  return rule;
}

TEST(Rule, ComesBackAsItWas) {
  Rule rule = example();
  EXPECT_EQ(parse_rule(rule_text(rule), "r.json"), rule);
  rule.columns.scores = {"a", "b", "c"}, rule.columns.classes = {"x", "y", "z"};
  rule.method = ShiftRule{{0.1, -0.30000000000000004, 0.2}};
  EXPECT_EQ(parse_rule(rule_text(rule), "r.json"), rule);
  rule.method = TemperatureRule{1.7};
  EXPECT_EQ(parse_rule(rule_text(rule), "r.json"), rule);
  EXPECT_EQ(rule_text(parse_rule(rule_text(rule), "r.json")), rule_text(rule));
}

TEST(Rule, CutOffAnywhereIsRefused) {
  const std::string text = rule_text(example());
  for (std::size_t length = 0; length + 2 < text.size(); ++length)
    EXPECT_THROW(parse_rule(text.substr(0, length), "r.json"), InputError) << length;
}

/// The message for the example's JSON with one value replaced.
std::string refusal(const char* pointer, const json& value) {
  json document = json::parse(rule_text(example()));
  document[json::json_pointer(pointer)] = value;
  try {
    parse_rule(document.dump(), "r.json");
  } catch (const InputError& e) {
    EXPECT_EQ(e.problem().file, "r.json");
    EXPECT_FALSE(e.problem().remedy.empty());
    return e.what();
  }
  return "accepted";
}

TEST(Rule, WrongValuesAreRefusedByName) {
  using testing::HasSubstr;
  EXPECT_THAT(refusal("/schema", "evenface.findings"), HasSubstr("schema"));
  EXPECT_THAT(refusal("/version", 2), HasSubstr("version: 2"));
  EXPECT_THAT(refusal("/method", "magic"), HasSubstr("thresholds, shifts, temperature"));
  EXPECT_THAT(refusal("/seed", -1), HasSubstr("seed"));
  EXPECT_THAT(refusal("/columns/score_kind", "votes"), HasSubstr("one of probability, logit, rank"));
  EXPECT_THAT(refusal("/columns/scores", json::array()), HasSubstr("columns.scores"));
  EXPECT_THAT(refusal("/columns/classes", {"yes", "yes"}), HasSubstr("different classes"));
  EXPECT_THAT(refusal("/rule/groups", json::array()), HasSubstr("rule.groups"));
  EXPECT_THAT(refusal("/rule/groups/1/group", "Black \"x\""), HasSubstr("no other group"));
  EXPECT_THAT(refusal("/rule/groups/0/steps/2/weight", 0.6), HasSubstr("rule.groups[0].steps"));
  EXPECT_THAT(refusal("/rule/groups/0/steps/2/weight", "0.7"), HasSubstr("a number"));
  EXPECT_THAT(refusal("/rule/groups/1/steps/0/positive", "left"), HasSubstr("above, below, all, none"));
  EXPECT_THAT(refusal("/rule/groups/1/steps/0/threshold", nullptr), HasSubstr("threshold"));
  EXPECT_THAT(refusal("/fitted_on/id_sketch/0", "xyz"), HasSubstr("hexadecimal"));
  EXPECT_THAT(refusal("/rule", json::object()), HasSubstr("the key is missing"));
  EXPECT_THROW(parse_rule("[1, 2]", "r.json"), InputError);
  EXPECT_THROW(parse_rule("", "r.json"), InputError);
}

TEST(Lots, FollowTheirShare) {
  constexpr int kRows = 20000;
  for (const double share : {0.05, 0.5, 0.9}) {
    int positive = 0;
    for (int i = 0; i < kRows; ++i) positive += drawn_positive(share, 1, "row " + std::to_string(i));
    // Five standard deviations of a binomial count.
    EXPECT_NEAR(positive, kRows * share, 5 * std::sqrt(kRows * share * (1 - share)));
  }
}

RC_GTEST_PROP(Lots, AreTheSameForTheSameId, (const std::string& id, std::uint64_t seed)) {
  bool before = false;
  for (const double share : {0.0, 0.2, 0.4, 0.6, 0.8, 1.0}) {
    const bool now = drawn_positive(share, seed, id);
    RC_ASSERT(now == drawn_positive(share, seed, id));
    RC_ASSERT(now || !before);  // once positive, positive at every higher share
    before = now;
  }
  RC_ASSERT(before);
}

TEST(IdSketch, NoticesTheSameRows) {
  std::vector<std::string> fit, other;
  for (int i = 0; i < 5000; ++i) fit.push_back("f" + std::to_string(i)), other.push_back("t" + std::to_string(i));
  const auto sketch = id_sketch(fit);
  EXPECT_EQ(sketch.size(), 256u);
  EXPECT_EQ(found_again(sketch, fit), 256);
  EXPECT_EQ(found_again(sketch, other), 0);
  // A tenth of them: hypergeometric with mean 25.6 and SD under sqrt(25.6).
  EXPECT_NEAR(static_cast<double>(found_again(sketch, std::span(fit).first(500))), 25.6, 5 * std::sqrt(25.6));
  std::ranges::reverse(fit);
  EXPECT_EQ(id_sketch(fit), sketch);
}

}  // namespace
}  // namespace evenface::adjust
