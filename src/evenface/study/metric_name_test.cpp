#include "evenface/study/metric_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "evenface/core/error.h"

namespace evenface::study {
namespace {
using stats::Average;
using stats::Measure;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Levels = std::vector<std::string>;

const Levels kEmotions{"anger", "fear", "happy"};
const Levels kBinary{"no", "yes"};

/// What the call throws, as users see it.
template <class F>
std::string message_of(F&& call) {
  try {
    call();
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

std::string refusal_of(std::string_view text) {
  return message_of([&] { parse_metric(text); });
}

TEST(MetricName, HasTaskMeasureAndArgument) {
  EXPECT_EQ(parse_metric("accuracy"), (MetricName{"", "accuracy", ""}));
  EXPECT_EQ(parse_metric(" recall ( fear ) "), (MetricName{"", "recall", "fear"}));
  EXPECT_EQ(parse_metric("race.recall(Black)"), (MetricName{"race", "recall", "Black"}));
  EXPECT_EQ(parse_metric("label.race.f1(macro)"), (MetricName{"label.race", "f1", "macro"}));
  EXPECT_EQ(parse_metric("\"age (years).old\".mae"), (MetricName{"age (years).old", "mae", ""}));
  EXPECT_EQ(parse_metric("émotion.accuracy"), (MetricName{"émotion", "accuracy", ""}));
}

TEST(MetricName, OtherWordsBecomeTheCanonicalOne) {
  for (const auto& [word, measure] :
       {std::pair("true_positive_rate", "recall"), std::pair("tpr", "recall"), std::pair("fpr", "false_positive_rate"),
        std::pair("fnr", "false_negative_rate"), std::pair("true_negative_rate", "specificity"),
        std::pair("auc", "roc_auc"), std::pair("f1_score", "f1")})
    EXPECT_EQ(parse_metric(word).measure, measure);
}

TEST(MetricName, ClassesMayHoldAnything) {
  EXPECT_EQ(parse_metric("recall(East Asian)").argument, "East Asian");
  EXPECT_EQ(parse_metric("recall(sad, or (very) sad)").argument, "sad, or (very) sad");
  EXPECT_EQ(parse_metric(R"(recall("a "") b"))").argument, "a \") b");
  EXPECT_EQ(parse_metric(R"(recall( " x " ))").argument, " x ");
}

TEST(MetricName, AQuotedMacroIsAClass) {
  const Levels levels{"macro", "micro", "x"};
  const auto average = [&](const char* text) { return resolve(parse_metric(text), levels, {}).average; };
  EXPECT_EQ(average("f1(macro)"), Average::kMacro);
  EXPECT_EQ(average("f1(micro)"), Average::kMicro);
  EXPECT_EQ(average("f1(\"macro\")"), Average::kOneClass);
}

RC_GTEST_PROP(MetricName, IsReadAsItIsWritten, ()) {
  const auto text = [] {
    return *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab. (),\"-\t%macro")));
  };
  MetricName name{text(), "recall", text()};
  RC_PRE(name.task.empty() || name.task.front() != '.');
  name.quoted = name.argument == "macro" || name.argument == "micro";
  const MetricName read = parse_metric(name.text());
  RC_ASSERT(read == name);
}

RC_GTEST_PROP(MetricName, AnyTextIsReadOrRefused, (const std::string& text)) {
  try {
    const MetricName name = parse_metric(text);
    RC_ASSERT(parse_metric(name.text()) == name);
  } catch (const InputError&) {
  }
}

TEST(MetricName, ErrorsShowThePlaceAndTheNearestName) {
  EXPECT_EQ(refusal_of("race.recal(Black)"),
            "metric, column 6: there is no such metric\n"
            "  race.recal(Black)\n"
            "       ^\n"
            "  expected  one of accuracy, balanced_accuracy, recall, precision, f1, specificity, false_positive_rate, "
            "false_negative_rate, selection_rate, roc_auc, pr_auc, soft_recall, soft_false_positive_rate, ece, "
            "calibration_bias, brier, soft_accuracy, mae, bias\n"
            "  to fix    did you mean recall?; for example recall(CLASS), f1(macro) or TASK.accuracy");
  EXPECT_THAT(refusal_of("Gefühl.accuracy(x)"), HasSubstr("metric, column 16: accuracy takes no class"));
  EXPECT_THAT(refusal_of("recall(fear"), HasSubstr("column 7: the parenthesis is not closed"));
  EXPECT_THAT(refusal_of("recall()"), HasSubstr("column 8: no class is named"));
  EXPECT_THAT(refusal_of("recall(\"fear)"), HasSubstr("column 8: the quote mark is not closed"));
  EXPECT_THAT(refusal_of("recall(a \"b\")"), HasSubstr("column 10: a quote mark within a name"));
  EXPECT_THAT(refusal_of("recall(\"a\" b)"), HasSubstr("column 12: \"b\" after the name of the class"));
  EXPECT_THAT(refusal_of("accuracy recall"), HasSubstr("column 10: \"recall\" after the metric"));
  EXPECT_THAT(refusal_of("selection_rate(macro)"), HasSubstr("selection_rate has no macro average"));
  EXPECT_THAT(refusal_of("roc_auc(micro)"), HasSubstr("roc_auc has no micro average"));
  EXPECT_THAT(refusal_of(""), HasSubstr("column 1: the metric ends where a metric was expected"));
  EXPECT_THAT(refusal_of(".recall"), HasSubstr("no task is named"));
  EXPECT_THAT(refusal_of("recall(\xff)"), HasSubstr("byte 8: the byte 0xFF is no UTF-8"));
  EXPECT_THAT(refusal_of(std::string(100000, 'a')), HasSubstr("there is no such metric"));
}

TEST(MetricName, ALongTextIsShownAroundThePlace) {
  const std::string message = refusal_of("recall(" + std::string(500, 'x') + ")\n\"");
  EXPECT_THAT(message, HasSubstr("column 510"));
  EXPECT_THAT(message, HasSubstr("  … " + std::string(48, 'x') + ") \"\n" + std::string(54, ' ') + "^\n"));
}

TEST(Resolve, ABareMeasureMeansThePositiveClassOfTwoAndTheMeanOfMore) {
  const stats::Metric two = resolve(parse_metric("tpr"), kBinary, {});
  EXPECT_EQ(two.measure, Measure::kRecall);
  EXPECT_EQ(two.average, Average::kOneClass);
  EXPECT_EQ(two.positive, 1);
  EXPECT_EQ(resolve(parse_metric("tpr"), kBinary, "no").positive, 0);

  const stats::Metric more = resolve(parse_metric("recall"), kEmotions, {});
  EXPECT_EQ(more.average, Average::kMacro);
  EXPECT_THAT(more.classes, ElementsAre(0, 1, 2));
  const stats::Metric given = resolve(parse_metric("recall"), kEmotions, "fear");
  EXPECT_EQ(given.average, Average::kOneClass);
  EXPECT_EQ(given.positive, 1);
}

TEST(Resolve, EveryMeasureOfClasses) {
  const auto check = [](const char* text, Measure measure, Average average, int positive) {
    const stats::Metric metric = resolve(parse_metric(text), kEmotions, {});
    EXPECT_EQ(metric.measure, measure) << text;
    EXPECT_EQ(metric.average, average) << text;
    EXPECT_EQ(metric.positive, positive) << text;
  };
  check("recall(happy)", Measure::kRecall, Average::kOneClass, 2);
  check("precision(micro)", Measure::kPrecision, Average::kMicro, 0);
  check("f1(macro)", Measure::kF1, Average::kMacro, 0);
  check("fpr(fear)", Measure::kFalsePositiveRate, Average::kOneClass, 1);
  check("fnr(fear)", Measure::kFalseNegativeRate, Average::kOneClass, 1);
  check("specificity(fear)", Measure::kSpecificity, Average::kOneClass, 1);
  check("selection_rate(fear)", Measure::kSelectionRate, Average::kOneClass, 1);
  EXPECT_EQ(resolve(parse_metric("accuracy"), kBinary, {}).measure, Measure::kAccuracy);
  const stats::Metric balanced = resolve(parse_metric("balanced_accuracy"), kBinary, "yes");
  EXPECT_EQ(balanced.measure, Measure::kRecall);
  EXPECT_EQ(balanced.average, Average::kMacro);
  EXPECT_THAT(balanced.classes, ElementsAre(0, 1));
}

TEST(Resolve, ErrorsSayWhatToDo) {
  const auto message = [](const char* text, const Levels& levels, std::optional<std::string> positive = {}) {
    return message_of([&] { resolve(parse_metric(text), levels, positive); });
  };
  EXPECT_THAT(message("recall(faer)", kEmotions), AllOf(HasSubstr("no class \"faer\""), HasSubstr("anger, fear, happy"),
                                                        HasSubstr("did you mean \"fear\"?")));
  EXPECT_THAT(message("recall", {"cat", "dog"}), AllOf(HasSubstr("--positive"), HasSubstr("cat, dog")));
  EXPECT_THAT(message("recall", kBinary, "Yes"), AllOf(HasSubstr("--positive"), HasSubstr("did you mean \"yes\"?")));
  EXPECT_THAT(message("selection_rate", kEmotions), HasSubstr("selection_rate is of one class, and there are 3"));
  EXPECT_THAT(message("recall(x)", Levels(100000, "abc")), HasSubstr("and 99970 more"));
}

TEST(PositiveClass, IsTheOneThatReadsAsAYes) {
  EXPECT_EQ(positive_class({"0", "1"}, {}), 1);
  EXPECT_EQ(positive_class({"1", "-1"}, {}), 0);
  EXPECT_EQ(positive_class({"True", "False"}, {}), 0);
  EXPECT_THROW(positive_class({"1", "2"}, {}), InputError);
  EXPECT_THROW(positive_class({"yes"}, {}), InputError);
  EXPECT_THROW(positive_class({}, {}), InputError);
}

TEST(TaskOf, IsTheOneNamedOrTheOnlyOne) {
  const Levels tasks{"race", "gender"};
  EXPECT_EQ(task_of(parse_metric("gender.recall"), tasks), 1u);
  EXPECT_EQ(task_of(parse_metric("accuracy"), tasks), std::nullopt);
  EXPECT_EQ(task_of(parse_metric("accuracy"), {"race"}), 0u);
  EXPECT_THAT(message_of([&] { task_of(parse_metric("f1"), tasks); }), HasSubstr("write TASK.f1"));
  EXPECT_THAT(message_of([&] { task_of(parse_metric("age.f1"), tasks); }), HasSubstr("one of race, gender"));
}

TEST(Family, SaysWhatAMetricNeeds) {
  for (const char* text : {"roc_auc", "pr_auc(x)", "ece", "brier"}) EXPECT_TRUE(needs_scores(parse_metric(text)));
  for (const char* text : {"mae", "bias"}) EXPECT_TRUE(is_number(parse_metric(text)));
  for (const char* text : {"soft_accuracy", "label.vote_share"}) EXPECT_TRUE(needs_votes(parse_metric(text)));
  for (const char* text : {"accuracy", "recall(x)", "selection_rate"})
    EXPECT_EQ(family_of(parse_metric(text)), MetricFamily::kClasses);
  EXPECT_EQ(better(parse_metric("fpr")), Better::kLower);
  EXPECT_EQ(better(parse_metric("bias")), Better::kNearZero);
  EXPECT_EQ(better(parse_metric("recall")), Better::kHigher);
}

}  // namespace
}  // namespace evenface::study
