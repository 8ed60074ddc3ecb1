#include <clocale>
#include <locale>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "evenface/study/condition/condition.h"
#include "evenface/study/condition/testing.h"

namespace evenface::study {
namespace {
using Kind = ConditionNode::Kind;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string refusal(const std::string& text) {
  return refusal_of([&] { parse_condition(text); });
}

/// The only test of a condition.
FigureTest test_of(const std::string& text) {
  const Condition condition = parse_condition(text);
  EXPECT_EQ(condition.tests.size(), 1u) << text;
  EXPECT_EQ(condition.root.kind, Kind::kTest) << text;
  return std::get<FigureTest>(condition.tests.front().what);
}

double threshold_of(const std::string& number) { return test_of("mae < " + number).threshold; }

/// The tree with its tests by number.
std::string tree_of(const ConditionNode& node) {
  if (node.kind == Kind::kTest) return std::to_string(node.test);
  std::string text = node.kind == Kind::kAll ? "(all" : node.kind == Kind::kAny ? "(any" : "(not";
  for (const ConditionNode& part : node.parts) text += " " + tree_of(part);
  return text + ")";
}

/// Stands 1, 2, ... for comparisons.
std::string tree_of(std::string text) {
  for (std::size_t at = 0; (at = text.find('#', at)) != std::string::npos;) text.replace(at, 1, "accuracy > .5");
  return tree_of(parse_condition(text).root);
}

TEST(Condition, ReadsAFigureOverGroups) {
  const FigureTest t = test_of("gap(race.recall(Black), race*gender * \"age group\") < 0.10");
  EXPECT_EQ(t.request.kind, FigureKind::kGap);
  EXPECT_EQ(t.request.metric, (MetricName{"race", "recall", "Black"}));
  EXPECT_THAT(t.request.crossing, ElementsAre(PlacedName{"race"}, PlacedName{"gender"}, PlacedName{"age group"}));
  EXPECT_EQ(t.comparator, Comparator::kLess);
  EXPECT_EQ(t.threshold, 0.10);
  EXPECT_EQ(t.figure_text, "gap(race.recall(Black), race*gender * \"age group\")");
  EXPECT_EQ(t.required, "< 0.10");
  EXPECT_EQ(t.request.level, std::nullopt);
  EXPECT_FALSE(t.request.change);
}

TEST(Condition, ReadsAFigureOfAGroup) {
  const FigureTest t =
      test_of("recall(fear) of race=East Asian, \"age\"=70+,gender == \"Fe\"\"male\" >= 80 % with 90%");
  EXPECT_EQ(t.request.kind, FigureKind::kRate);
  EXPECT_EQ(t.request.metric, (MetricName{"", "recall", "fear"}));
  EXPECT_THAT(t.request.group, ElementsAre(GroupPart{{"race"}, {"East Asian"}}, GroupPart{{"age"}, {"70+"}},
                                           GroupPart{{"gender"}, {"Fe\"male"}}));
  EXPECT_EQ(t.comparator, Comparator::kAtLeast);
  EXPECT_EQ(t.threshold, 0.8);
  EXPECT_EQ(t.request.level, 0.9);
  EXPECT_EQ(t.required, ">= 80 % with 90%");
}

TEST(Condition, ReadsEveryFunction) {
  const auto canonical = [](const std::string& figure) { return text_of(test_of(figure + " < 1").request); };
  for (const char* text :
       {"gap(accuracy, race)", "ratio(accuracy, race)", "sd(accuracy, race)", "sd_corrected(accuracy, race)",
        "mean(accuracy, race)", "worst(recall(fear), race*gender)", "odds_difference(race)",
        "odds_difference(fear, race*gender)", "race.odds_difference(race)", "\"a b\".odds_difference(\"c d\", race)",
        "equalized_odds_ratio(race)", "change(accuracy)", "change(gap(accuracy, race))",
        "change(accuracy of race=\"East Asian\", gender=\"with\")", "accuracy of a=\"b c\"", "\"a b\".f1(\"macro\")"})
    EXPECT_EQ(canonical(text), text);
  EXPECT_EQ(canonical("equalized_odds_difference(race)"), "odds_difference(race)");
  for (const char* prefix : {"", "demographic_"}) {
    const std::string parity = std::string(prefix) + "parity_";
    EXPECT_EQ(canonical(parity + "difference(race)"), "gap(selection_rate, race)");
    EXPECT_EQ(canonical("a." + parity + "ratio(fear, race*gender)"), "ratio(a.selection_rate(fear), race*gender)");
  }
  EXPECT_EQ(canonical("tpr ( fear ) of \"race\" = Black"), "recall(fear) of race=Black");
}

TEST(Condition, ReadsVerdicts) {
  const auto verdict = [](const std::string& text) {
    return std::get<VerdictTest>(parse_condition(text).tests[0].what);
  };
  EXPECT_EQ(verdict("verdict = fairer").word, VerdictWord::kFairer);
  EXPECT_EQ(verdict("verdict==less fair").word, VerdictWord::kLessFair);
  EXPECT_TRUE(verdict("verdict==less fair").equal);
  EXPECT_FALSE(verdict("verdict != \"no evidence\"").equal);
  EXPECT_EQ(verdict("verdict != not  comparable").word, VerdictWord::kNotComparable);
  EXPECT_EQ(tree_of("verdict != less fair and #"), "(all 0 1)");
}

TEST(Condition, AndBindsTighterThanOrAndNotTighterThanBoth) {
  EXPECT_EQ(tree_of("# or # and # or #"), "(any 0 (all 1 2) 3)");
  EXPECT_EQ(tree_of("(# or #) and not # and #"), "(all (any 0 1) (not 2) 3)");
  EXPECT_EQ(tree_of("not not (((#)))"), "(not (not 0))");
  EXPECT_EQ(tree_of("not(# and #)or #"), "(any (not (all 0 1)) 2)");
  EXPECT_EQ(tree_of("#\n  and\t#\r\n"), "(all 0 1)");
}

TEST(Condition, NumbersAreThoseOfTheirDecimals) {
  for (const auto& [text, value] :
       {std::pair("0.1", 0.1), std::pair(".6", 0.6), std::pair("5.", 5.0), std::pair("+2", 2.0),
        std::pair("1e-3", 1e-3), std::pair("2.5E+1", 25.0), std::pair("1000000", 1e6)})
    EXPECT_EQ(threshold_of(text), value) << text;
  // 12.3 / 100 is another double than 0.123.
  EXPECT_EQ(test_of("accuracy > 12.3%").threshold, 0.123);
  EXPECT_EQ(test_of("accuracy > 1e1 %").threshold, 0.1);
  EXPECT_EQ(test_of("change(accuracy) > -1%").threshold, -0.01);
}

struct DecimalComma : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
};

TEST(Condition, NumbersDoNotDependOnTheLocale) {
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new DecimalComma));
  std::setlocale(LC_NUMERIC, "de_DE.UTF-8");  // where it is installed
  EXPECT_EQ(threshold_of("0.5"), 0.5);
  std::setlocale(LC_NUMERIC, "C");
  std::locale::global(before);
}

TEST(Condition, AnErrorShowsThePlaceWhatWasExpectedAndAnExample) {
  EXPECT_EQ(refusal("gap(accuracy race) < 0.1"),
            "condition, column 14: \"race\" after the metric\n"
            "  gap(accuracy race) < 0.1\n"
            "               ^\n"
            "  expected  \",\"\n"
            "  to fix    name the groups: gap(accuracy, race); for example gap(accuracy, race*gender) < 0.10");
}

TEST(Condition, ErrorsSayWhatToDo) {
  const std::vector<std::tuple<std::string, int, std::string>> cases{
      {"", 1, "the condition ends where a figure was expected"},
      {"accuracy", 9, "the condition ends after a figure"},
      {"accuracy = 0.5", 10, "never exactly equal"},
      {"accuracy != 0.5", 10, "never exactly equal"},
      {"accuracy >= ", 13, "the condition ends where a number was expected"},
      {"accuracy >= recall(x)", 13, "\"recall\" where a number was expected"},
      {"accuracy >= 80", 13, "80% is written with its sign, or as 0.8"},
      {"accuracy >= -0.1", 13, "lies between 0 and 1"},
      {"change(accuracy) >= -2", 21, "lies between -1 and 1"},
      {"mae < 5%", 7, "mae is no share of rows"},
      {"accuracy >= 0,8", 14, "a comma in a number"},
      {"accuracy >= 0.8x", 13, "a number and a word in one"},
      {"mae < 1e999", 7, "too large or too small"},
      {"mae < nan", 7, "\"nan\" where a number was expected"},
      {"0.8 <= accuracy", 1, "a number where a figure was expected"},
      {"-.5 <= accuracy", 1, "a number where a figure was expected"},
      {"acuracy > .5", 1, "did you mean accuracy?"},
      {"gpa(accuracy, race) < .1", 1, "did you mean gap?"},
      {"race.gap(accuracy, race) < .1", 1, "gap(race.METRIC, race)"},
      {"gap(gap(accuracy, race), race) < .1", 5, "gap within gap"},
      {"gap(change(accuracy), race) < .1", 5, "write change(gap(METRIC, race))"},
      {"gap(accuracy, race, gender) < .1", 19, "attributes are crossed by a star"},
      {"gap(accuracy, race*race) < .1", 20, "race is given twice"},
      {"gap(accuracy, race", 19, "the condition ends after the groups"},
      {"gap accuracy < .1", 5, "write gap(METRIC, race)"},
      {"gap(accuracy, race) of gender=Female < .1", 21, "METRIC of attribute=level"},
      {"change(accuracy) of gender=Female > 0", 18, "write change(accuracy of gender=Female)"},
      {"change(change(accuracy)) > 0", 8, "a change of a change"},
      {"ratio(bias, race) > .8", 7, "may be negative"},
      {"worst(calibration_bias, race) > .8", 7, "may be negative, and has no worst"},
      {"gap(smile.ece(yes), race) < .1", 5, "ece grows as groups get smaller, and has no gap over groups"},
      {"change(mean(expected_calibration_error, race)) < 0", 13, "the error of one group is ece of race=Black"},
      {"odds_difference(East Asian, race) < .1", 22, "a name with spaces stands in quote marks"},
      {"odds_difference(macro, race) < .1", 17, "no macro average"},
      {"accuracy of race=Black and gender=Female > .5", 24, "separated by commas"},
      {"accuracy of race=Black, race=White > .5", 25, "race is given twice"},
      {"accuracy of race > .5", 18, "a group is written attribute=level"},
      {"accuracy of race= > .5", 19, "where a name was expected"},
      {"accuracy of race=\"\" > .5", 18, "an empty name"},
      {"accuracy of race=\"x > .5", 18, "the quote mark is not closed"},
      {"accuracy > .5 with 95", 20, "write 95%"},
      {"accuracy > .5 with 100%", 20, "from 50% to under 100%"},
      {"sd(accuracy, race) < .1 with 95%", 25, "sd_corrected has an interval"},
      {"change(sd(accuracy, race)) < .1 with 95%", 33, "sd has no interval"},
      {"ece of race=Black < .1 with 90%", 24, "calibration_bias and brier have an interval"},
      {"accuracy > .5 AND f1 > .5", 15, "\"AND\" after a comparison"},
      {"accuracy > .5 && f1 > .5", 15, "\"&\" after a comparison"},
      {"(accuracy > .5", 1, "the parenthesis is not closed"},
      {"accuracy > .5)", 14, "\")\" after a comparison"},
      {"(accuracy > .5 .6)", 16, "\".6\" after a comparison"},
      {"verdict > fairer", 9, "\">\" after \"verdict\""},
      {"verdict = fair", 11, "this is no verdict"},
      {"verdict = less", 11, "this is no verdict"},
      {"accuracy > .5 and\n\nf1 >", 24, "the condition ends where a number"},
      {"accuracy of r\xff=a > .5", -1, "byte 14: the byte 0xFF is no UTF-8"},
  };
  for (const auto& [text, column, words] : cases) {
    const std::string message = refusal(text);
    EXPECT_THAT(message, HasSubstr(words)) << text;
    EXPECT_THAT(message, HasSubstr("\n  expected  ")) << text;
    if (column < 0) continue;
    EXPECT_THAT(message, HasSubstr("condition, column " + std::to_string(column) + ":")) << text;
    EXPECT_THAT(message, HasSubstr("for example gap(accuracy, race*gender) < 0.10")) << text;
  }
}

TEST(Condition, DeepNestingIsRefusedNotFollowed) {
  const std::string test = "accuracy > .5";
  const auto nested = [&](std::size_t n) { return std::string(n, '(') + test + std::string(n, ')'); };
  EXPECT_EQ(tree_of(parse_condition(nested(kDeepestCondition)).root), "0");
  EXPECT_THAT(refusal(nested(kDeepestCondition + 1)), HasSubstr("more than 100 parentheses"));
  EXPECT_THAT(refusal(std::string(100000, '(')), HasSubstr("more than 100 parentheses"));
  std::string nots;
  for (int i = 0; i < 100000; ++i) nots += "not ";
  EXPECT_THAT(refusal(nots + test), HasSubstr("more than 100 parentheses"));
  EXPECT_THAT(refusal("accuracy of race=" + std::string(100000, '(')), HasSubstr("where a name was expected"));
  EXPECT_THAT(refusal("recall" + std::string(100000, '(')), HasSubstr("the parenthesis is not closed"));
  std::string change;
  for (int i = 0; i < 100000; ++i) change += "change(";
  EXPECT_THAT(refusal(change), HasSubstr("a change of a change"));
}

TEST(Condition, LongOnesAreRead) {
  std::string text = "accuracy > .5";
  for (int i = 1; i < 20000; ++i) text += i % 2 ? " and accuracy > .5" : " or accuracy > .5";
  EXPECT_EQ(parse_condition(text).tests.size(), 20000u);
}

/// Texts made of the language's own words: most are nearly right.
rc::Gen<std::string> nearly_right() {
  const auto words = rc::gen::elementOf(std::vector<std::string>{"gap(",
                                                                 "accuracy",
                                                                 "recall(",
                                                                 "fear",
                                                                 ")",
                                                                 ",",
                                                                 "race",
                                                                 "*",
                                                                 "gender",
                                                                 "<",
                                                                 ">=",
                                                                 "0.1",
                                                                 "80%",
                                                                 "with",
                                                                 "95%",
                                                                 "and",
                                                                 "or",
                                                                 "not",
                                                                 "(",
                                                                 "of",
                                                                 "=",
                                                                 "\"East Asian\"",
                                                                 "change(",
                                                                 "verdict",
                                                                 "!=",
                                                                 "less fair",
                                                                 "odds_difference(",
                                                                 "\"",
                                                                 "."});
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(words), [](const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += part + " ";
    return text;
  });
}

RC_GTEST_PROP(Condition, AnyWordsAreReadOrRefused, ()) {
  const std::string text = *nearly_right();
  try {
    for (const ConditionTest& test : parse_condition(text).tests)
      if (const auto* const figure = std::get_if<FigureTest>(&test.what)) {
        const std::string written = text_of(figure->request);
        RC_ASSERT(text_of(test_of(written + " < 0.1").request) == written);
      }
  } catch (const InputError&) {
  }
}

/// A name of any characters, the language's own among them.
rc::Gen<std::string> name() {
  const auto characters = rc::gen::elementOf(
      std::vector<std::string>{"a", "é", " ", "\"", "(", ")", "=", ",", "*", ".", "<", "-", "\n", "or", " and "});
  return rc::gen::map(rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(characters)),
                      [](const std::vector<std::string>& parts) {
                        std::string text;
                        for (const std::string& part : parts) text += part;
                        return text;
                      });
}

RC_GTEST_PROP(Condition, AFigureIsReadAsItIsWritten, ()) {
  FigureRequest request{.kind = *rc::gen::elementOf(std::vector{FigureKind::kRate, FigureKind::kGap, FigureKind::kWorst,
                                                                FigureKind::kOddsDifference, FigureKind::kMean}),
                        .change = *rc::gen::arbitrary<bool>()};
  request.metric = {"", "recall", *name()};
  if (*rc::gen::arbitrary<bool>()) request.metric.task = "a task";
  if (request.kind != FigureKind::kRate) request.crossing = {{*name()}, {"race"}};
  else request.group = {{{*name()}, {*name()}}, {{"race"}, {"x"}}};
  const std::string text = text_of(request) + " < 1";
  const FigureRequest read = test_of(text).request;
  RC_ASSERT(read.kind == request.kind && read.change == request.change);
  RC_ASSERT(read.metric == request.metric);
  RC_ASSERT(read.crossing == request.crossing && read.group == request.group);
}

}  // namespace
}  // namespace evenface::study
