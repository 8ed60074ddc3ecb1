#include "evenface/study/condition/answer.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "evenface/study/condition/testing.h"

namespace evenface::study {
namespace {
using ::testing::HasSubstr;

/// holds > .5, fails > .5; unknown can't be estimated.
class Answers : public ::testing::Test {
 protected:
  Answers() {
    source_.add("accuracy", 0.6, {0.48, 0.7}, 500);
    source_.add("recall(fear) of gender=Female", 0.55, {0.43, 0.66}, 120);
    source_.add("gap(accuracy, race*gender)", 0.434, {0.35, 0.52}, 5162);
    source_.figures["recall(fear)"] = {stats::not_estimable(12, "12 rows, fewer than 30")};
    source_.figures["f1(fear)"] = {{.value = 0.4, .interval = {}, .n = 300, .method = {}, .reason = {}}};
  }
  ConditionResult evaluate(const std::string& text) const { return evaluate_condition(parse_condition(text), source_); }
  Answer answer(const std::string& text) const { return evaluate(text).answer; }
  std::string lines(const std::string& text) const { return describe(evaluate(text)); }

  FakeSource source_;
};

TEST_F(Answers, EachComparator) {
  for (const auto& [text, holds] :
       {std::pair("accuracy > .5", true), std::pair("accuracy > .6", false), std::pair("accuracy >= .6", true),
        std::pair("accuracy >= .61", false), std::pair("accuracy < .6", false), std::pair("accuracy < .61", true),
        std::pair("accuracy <= .6", true), std::pair("accuracy <= .59", false)})
    EXPECT_EQ(evaluate(text).holds(), holds) << text;
}

TEST_F(Answers, WithACoverageTheUnfavourableEndIsCompared) {
  for (const auto& [text, holds] : {std::pair("recall(fear) of gender=Female >= .5", true),
                                    std::pair("recall(fear) of gender=Female >= .5 with 95%", false),
                                    std::pair("recall(fear) of gender=Female >= .43 with 95%", true),
                                    std::pair("gap(accuracy, race*gender) < .5", true),
                                    std::pair("gap(accuracy, race*gender) < .5 with 95%", false),
                                    std::pair("gap(accuracy, race*gender) <= .52 with 95%", true)})
    EXPECT_EQ(evaluate(text).holds(), holds) << text;
}

TEST_F(Answers, TheSourceIsAskedForTheCoverage) {
  struct Coverage : FakeSource {
    mutable std::vector<std::optional<double>> asked;
    Figure figure(const FigureRequest& request) const override {
      asked.push_back(request.level);
      return {stats::not_estimable(0, "")};
    }
  } source;
  evaluate_condition(parse_condition("accuracy > .5 with 90% or recall < .5"), source);
  EXPECT_THAT(source.asked, ::testing::ElementsAre(0.9, std::nullopt));
}

TEST_F(Answers, WhatCannotBeEstimatedDoesNotHoldNorDoesItsOpposite) {
  EXPECT_EQ(answer("recall(fear) > 0"), Answer::kUnknown);
  EXPECT_FALSE(evaluate("recall(fear) >= 0").holds());
  EXPECT_FALSE(evaluate("not recall(fear) > .5").holds());
  EXPECT_EQ(lines("recall(fear) >= .5"), "recall(fear) is not estimable: 12 rows, fewer than 30; required >= .5");
  EXPECT_EQ(lines("f1(fear) > .1 with 95%"), "f1(fear) is 0.400 without an interval, n 300; required > .1 with 95%");
  EXPECT_TRUE(evaluate("f1(fear) > .1").holds());
}

TEST_F(Answers, NumbersThatAreNoneAreUnknown) {
  for (const double value : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    source_.add("mae", value, {value, value}, 10);
    EXPECT_EQ(answer("mae < 5"), Answer::kUnknown);
    EXPECT_EQ(answer("mae > 5"), Answer::kUnknown);
    EXPECT_THAT(lines("mae > 5"), HasSubstr("not estimable: its value is not finite"));
    source_.add("mae", 1, {0, value}, 10);
    EXPECT_EQ(answer("mae < 5 with 95%"), Answer::kUnknown);
  }
}

TEST_F(Answers, TruthTablesAreKleenes) {
  const std::string holds = "accuracy > .5", fails = "accuracy > .9", unknown = "recall(fear) > .5";
  const std::vector<std::pair<std::string, Answer>> all{
      {holds, Answer::kHolds}, {fails, Answer::kFails}, {unknown, Answer::kUnknown}};
  // As numbers: fails 0, unknown 1, holds 2; then and is the least, or the greatest, not the difference to 2.
  const auto number = [](Answer a) { return a == Answer::kFails ? 0 : a == Answer::kUnknown ? 1 : 2; };
  for (const auto& [a, x] : all) {
    EXPECT_EQ(number(answer("not " + a)), 2 - number(x));
    for (const auto& [b, y] : all) {
      EXPECT_EQ(number(answer(a + " and " + b)), std::min(number(x), number(y))) << a << b;
      EXPECT_EQ(number(answer(a + " or " + b)), std::max(number(x), number(y))) << a << b;
    }
  }
}

TEST_F(Answers, AFailingConditionIsShownWithItsFigures) {
  EXPECT_EQ(lines("gap(accuracy, race*gender) < 0.10"),
            "gap(accuracy, race*gender) is 0.434 [0.350, 0.520], n 5162; required < 0.10");
  EXPECT_EQ(lines("not gap(accuracy,\n  race*gender) < 50%"),
            "gap(accuracy,   race*gender) is 0.434 [0.350, 0.520], n 5162; required not < 50%");
  EXPECT_EQ(lines("accuracy > .5 and recall(fear) of gender=Female >= 0.5 with 95%"),
            "recall(fear) of gender=Female is 0.550 [0.430, 0.660], n 120; required >= 0.5 with 95%");
}

TEST_F(Answers, OnlyTheTestsThatMadeItFailAreToBlame) {
  const auto blamed = [&](const std::string& text) {
    std::string numbers;
    const ConditionResult result = evaluate(text);
    for (std::size_t i = 0; i < result.tests.size(); ++i)
      if (result.tests[i].to_blame) numbers += std::to_string(i);
    return numbers;
  };
  const std::string holds = "accuracy > .5", fails = "accuracy > .9", unknown = "recall(fear) > .5";
  EXPECT_EQ(blamed(holds), "");
  EXPECT_EQ(blamed(holds + " and " + fails + " and " + unknown), "12");
  EXPECT_EQ(blamed(fails + " or " + unknown), "01");
  EXPECT_EQ(blamed(fails + " or " + holds), "");
  EXPECT_EQ(blamed("not (" + fails + " or " + holds + ")"), "1");
  EXPECT_EQ(blamed("not (" + holds + " and " + holds + ")"), "01");
  EXPECT_EQ(blamed("(" + fails + " or " + unknown + ") and (" + fails + " or " + holds + ")"), "01");
  EXPECT_EQ(blamed("not not " + fails), "0");
}

TEST_F(Answers, ShowsAsManyDecimalsAsTell) {
  source_.add("accuracy", 0.79996, {0.7, 0.9}, 10);
  EXPECT_EQ(lines("accuracy >= 80%"), "accuracy is 0.79996 [0.70000, 0.90000], n 10; required >= 80%");
  source_.add("accuracy", 0.1, {0.1, 0.1}, 10);
  EXPECT_THAT(lines("accuracy < 0.1"), HasSubstr("is 0.100 ["));
  source_.add("accuracy", std::nextafter(0.1, 0), {0.1, 0.1}, 10);
  EXPECT_THAT(lines("accuracy >= 0.1"), HasSubstr("is 0.09999999999999999 ["));
}

TEST_F(Answers, GroupsThatAreLeftOutAreNamed) {
  source_.figures["gap(accuracy, race*gender)"].left_out = {"Black Male", "Indian Female"};
  EXPECT_EQ(lines("gap(accuracy, race*gender) < .5"),
            "gap(accuracy, race*gender) is 0.434 [0.350, 0.520], n 5162; required < .5; "
            "not estimable and left out: Black Male, Indian Female");
}

TEST_F(Answers, Verdicts) {
  source_.word = VerdictWord::kLessFair;
  EXPECT_TRUE(evaluate("verdict = less fair").holds());
  EXPECT_FALSE(evaluate("verdict != less fair").holds());
  EXPECT_TRUE(evaluate("verdict != fairer").holds());
  EXPECT_EQ(lines("verdict != less fair"), "verdict is less fair; required != less fair");
}

/// A tree of conditions that hold (2), fail (0) or can't be decided (1), with what it must come to.
struct Tree {
  std::string text;
  int value;
};

Tree tree(int depth) {
  const int kind = depth > 4 ? 0 : *rc::gen::inRange(0, 4);
  if (kind == 0) {
    const int value = *rc::gen::inRange(0, 3);
    return {value == 1 ? "recall(fear) > .5" : value == 2 ? "accuracy > .5" : "accuracy > .9", value};
  }
  const Tree a = tree(depth + 1);
  if (kind == 1) return {"not (" + a.text + ")", 2 - a.value};
  const Tree b = tree(depth + 1);
  return kind == 2 ? Tree{"(" + a.text + ") and (" + b.text + ")", std::min(a.value, b.value)}
                   : Tree{"(" + a.text + ") or (" + b.text + ")", std::max(a.value, b.value)};
}

RC_GTEST_FIXTURE_PROP(Answers, OfAnyTree, ()) {
  const Tree t = tree(0);
  const ConditionResult result = evaluate(t.text);
  RC_ASSERT(result.holds() == (t.value == 2));
  RC_ASSERT((result.answer == Answer::kUnknown) == (t.value == 1));
  // Something is to blame exactly when it does not hold.
  RC_ASSERT(std::ranges::any_of(result.tests, &TestResult::to_blame) == (t.value != 2));
}

}  // namespace
}  // namespace evenface::study
