#include "evenface/core/options.h"

#include <gmock/gmock.h>

#include "evenface/core/error.h"

namespace evenface {
namespace {

struct Sample {
  std::int64_t epochs = 20;
  double rate = 1e-3;
  bool fast = false;
  std::string weighting = "uniform";
  std::vector<std::string> by, crossings;
  template <class V>
  static void fields(V& v) {
    v(&Sample::epochs, "epochs", {.help = "passes over the training rows", .min = 1, .max = 1000});
    v(&Sample::rate, "learning_rate", {.help = "peak learning rate", .min = 0});
    v(&Sample::fast, "fast", {.help = "bf16"});
    v(&Sample::weighting, "weighting", {.help = "how rows are weighted", .choices = {"uniform", "attention"}});
    v(&Sample::by, "by", {.help = "attributes"});
    v(&Sample::crossings, "crossings", {.help = "what is crossed", .whole_texts = true});
  }
};

TEST(Options, AreSetByTextAndShownAsToml) {
  Sample s;
  auto fields = fields_of(s);
  assign_text(field_named(fields, "epochs"), "7", "flag");
  assign_text(field_named(fields, "learning_rate"), "2", "flag");
  assign_text(field_named(fields, "fast"), "true", "flag");
  assign_text(field_named(fields, "by"), "race,gender", "flag");
  EXPECT_EQ(s.epochs, 7);
  EXPECT_EQ(s.rate, 2.0);
  EXPECT_TRUE(s.fast);
  EXPECT_THAT(s.by, testing::ElementsAre("race", "gender"));
  std::vector<std::string> shown;
  for (const Field& f : fields) shown.push_back(toml_value(f));
  EXPECT_THAT(shown, testing::ElementsAre("7", "2.0", "true", "\"uniform\"", "[\"race\",\"gender\"]", "[]"));
  EXPECT_EQ(fields[0].origin, "flag");
  EXPECT_EQ(fields[3].origin, "default");
  EXPECT_EQ(flag_of(fields[1]), "--learning-rate");
}

TEST(Options, LeaveCommasOfWholeTextsAlone) {
  Sample s;
  auto fields = fields_of(s);
  Field& field = field_named(fields, "crossings");
  assign_text(field, "race,gender", "--set");
  EXPECT_THAT(s.crossings, testing::ElementsAre("race,gender"));
  assign(field, std::vector<std::string>{"race,gender", "race"}, "flag");
  EXPECT_THAT(s.crossings, testing::ElementsAre("race,gender", "race"));
  EXPECT_EQ(expectation_of(field), "a text, repeatable");
}

std::string failure(const std::string& name, const std::string& text) {
  Sample s;
  auto fields = fields_of(s);
  try {
    assign_text(field_named(fields, name, "recipe.toml"), text, "flag");
  } catch (const InputError& e) {
    return e.what();
  }
  return "accepted";
}

TEST(Options, SayWhatWasExpected) {
  EXPECT_THAT(failure("epochs", "0"), testing::HasSubstr("expected  an integer from 1 to 1000"));
  EXPECT_THAT(failure("epochs", "seven"), testing::HasSubstr("epochs can't be \"seven\""));
  EXPECT_THAT(failure("weighting", "odd"), testing::HasSubstr("one of uniform, attention"));
  EXPECT_THAT(failure("epoch", "3"), testing::HasSubstr("did you mean `epochs`?"));
  EXPECT_THAT(failure("quux", "3"), testing::HasSubstr("recipe.toml, quux: there is no such option"));
}

}  // namespace
}  // namespace evenface
