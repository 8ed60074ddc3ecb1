#include "evenface/study/condition/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evenface/study/condition/testing.h"

namespace evenface::study {
namespace {
using ::testing::AllOf;
using ::testing::HasSubstr;

const KnownNames kOneTask{.tasks = {{"emotion", {"anger", "fear", "happy"}}},
                          .attributes = {{"race", {"Black", "East Asian", "White"}}, {"gender", {"Female", "Male"}}}};
const KnownNames kMoreTasks{.tasks = {{"race", {"Black", "White"}}, {"smile", {"no", "yes"}, true}, {"age", {}}},
                            .attributes = kOneTask.attributes,
                            .positive = "White",
                            .comparison = true};

std::string refusal(const std::string& text, const KnownNames& known) {
  return refusal_of([&] { check_names(parse_condition(text), known); });
}

TEST(CheckNames, TakesWhatThereIs) {
  for (const char* text : {"accuracy > .5", "recall > .5", "gap(recall(fear), race*gender) < .1",
                           "emotion.f1(macro) > .5", "accuracy of race=East Asian, gender=Female > .5",
                           "odds_difference(fear, race) < .1 or parity_ratio(happy, race) > .8"})
    EXPECT_EQ(refusal(text, kOneTask), "no error") << text;
  for (const char* text : {"accuracy > .5", "race.recall > .5", "smile.recall > .5", "smile.roc_auc > .5",
                           "age.mae < 5", "change(age.bias) < 1", "race.parity_difference(gender) < .1",
                           "change(accuracy) > -1% and verdict != less fair"})
    EXPECT_EQ(refusal(text, kMoreTasks), "no error") << text;
}

TEST(CheckNames, ShowsTheNameThatIsNotKnown) {
  EXPECT_EQ(refusal("accuracy of gender=Female, race=Est Asian > .5", kOneTask),
            "condition, column 33: race has no level \"Est Asian\"\n"
            "  accuracy of gender=Female, race=Est Asian > .5\n"
            "                                  ^\n"
            "  expected  one of Black, East Asian, White\n"
            "  to fix    did you mean \"East Asian\"?; for example gap(accuracy, race*gender) < 0.10");
  const auto says = [](const char* text, const KnownNames& known, int column, const char* words) {
    EXPECT_THAT(refusal(text, known), AllOf(HasSubstr("column " + std::to_string(column) + ":"), HasSubstr(words)))
        << text;
  };
  says("gap(accuracy, race*gendre) < .1", kOneTask, 20, "did you mean gender?");
  says("not gap(recall(faer), race) < .1", kOneTask, 9, "there is no class \"faer\"");
  says("parity_difference(race) < .1", kOneTask, 1, "selection_rate is of one class, and there are 3");
  says("odds_difference(Fear, race) < .1", kOneTask, 17, "did you mean \"fear\"?");
  says("race.recall > .5", kOneTask, 1, "one of emotion");
  says("roc_auc(fear) > .5", kOneTask, 1, "needs the scores of emotion");
  says("soft_accuracy > .5", kOneTask, 1, "needs annotators' votes on emotion");
  says("mae < 5", kOneTask, 1, "emotion is predicted as classes");
  says("change(accuracy) > 0", kOneTask, 1, "evenface compare");
  says("accuracy > 0 and verdict = fairer", kOneTask, 18, "evenface compare");
  says("recall > .5", kMoreTasks, 1, "which of 3 tasks");
  says("age.recall > .5", kMoreTasks, 1, "age is predicted as numbers");
  says("race.roc_auc > .5", kMoreTasks, 1, "needs the scores of race");
  KnownNames wrong = kOneTask;
  wrong.positive = "fera";
  says("recall > .5", wrong, 1, "--positive: there is no class \"fera\"");
}

}  // namespace
}  // namespace evenface::study
