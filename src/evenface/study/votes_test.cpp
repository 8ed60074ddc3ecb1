#include "evenface/study/votes.h"

#include <gmock/gmock.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/core/testing.h"
#include "evenface/study/annotators.h"
#include "evenface/study/ids.h"
#include "evenface/study/judgement.h"
#include "evenface/study/testing.h"
#include "evenface/table/manifest.h"

namespace evenface::study {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const OutcomeColumns kColumns{
    .truth = {"label"}, .predicted = {"guess"}, .by = {{"group"}}, .votes = {"votes_none", "votes_sad", "votes_happy"}};
const std::string kHeader = "id,label,guess,group,votes_happy,votes_sad,votes_none\n";

struct Files : TestFiles {
  Outcomes load(const std::string& rows, const OutcomeColumns& columns = kColumns) const {
    return TestFiles::load(kHeader + rows, columns);
  }
  RunSource parquet(const std::string& name, const table::Table& table,
                    const std::map<std::string, std::string>& metadata = {}) const {
    table::TableWriter writer(folder / name, metadata);
    writer.append(table);
    writer.commit();
    return {folder / name, std::nullopt};
  }
};

std::vector<double> votes_on(const Outcomes& o, const std::string& id) {
  const auto row = static_cast<std::size_t>(std::ranges::find(o.keys, key_of(id)) - o.keys.begin());
  std::vector<double> votes;
  for (const auto& column : o.votes.of) votes.push_back(column[row]);
  return votes;
}

constexpr const char* kThree =
    "a,happy,happy,A,7,2,1\n"
    "b,sad,happy,A,4,5,1\n"
    "c,sad,sad,B,0,3,0\n";

TEST(Votes, StandInTheOrderOfTheClassesThenOfOthers) {
  const Files files;
  const Outcomes o = files.load(kThree);
  EXPECT_THAT(o.votes.classes, ElementsAre("happy", "sad", "votes_none"));
  EXPECT_THAT(votes_on(o, "a"), ElementsAre(7, 2, 1));
  EXPECT_THAT(votes_on(o, "c"), ElementsAre(0, 3, 0));
  EXPECT_TRUE(o.votes.are_counts());
  EXPECT_THAT(o.notes, IsEmpty());
  OutcomeColumns columns = kColumns;
  columns.votes = {"votes_happy", "votes_none", "votes_sad"};
  EXPECT_EQ(files.load(kThree, columns).votes.of, o.votes.of);
}

TEST(Votes, AreNumbersNotBelowZero) {
  const Files files;
  const auto message = [&](const std::string& cell) {
    return message_of([&] { files.load("a,happy,happy,A,7,2,1\nb,sad,sad,A,4," + cell + ",1\n"); });
  };
  EXPECT_THAT(message("-1"), HasSubstr("row 3, column votes_sad: -1\n  expected  a number of votes"));
  EXPECT_THAT(message("nan"), HasSubstr("row 3, column votes_sad: no number"));
  EXPECT_THAT(message(""), HasSubstr("row 3, column votes_sad: no number"));
  EXPECT_THAT(message("inf"), HasSubstr("row 3, column votes_sad: inf"));
}

TEST(Votes, AreNotedWhereThereAreNone) {
  const Outcomes o = Files().load("a,happy,happy,A,0,0,0\nb,sad,sad,A,1,2,0\nc,,sad,A,0,0,0\n");
  EXPECT_THAT(o.notes, ElementsAre("1 row without a true value of label was left out.",
                                   "1 row without votes is in no figure of votes."));
}

TEST(Votes, MayBeSoftLabels) {
  const Outcomes o = Files().load("a,happy,happy,A,.7,.2,.1\nb,sad,sad,A,0,1,0\n");
  EXPECT_FALSE(o.votes.are_counts());
  ASSERT_EQ(o.notes.size(), 1u);
  EXPECT_THAT(o.notes[0], HasSubstr("soft labels"));
  EXPECT_THAT(annotators_of(o, 0, {})->all.agreement.reason, HasSubstr("soft labels"));
}

TEST(Votes, NeedAColumnForEachTrueClass) {
  const Files files;
  OutcomeColumns columns = kColumns;
  const auto message = [&] { return message_of([&] { files.load(kThree, columns); }); };
  columns.votes = {"votes_happy", "votes_none"};
  EXPECT_THAT(message(), HasSubstr("--votes: no column holds votes of sad"));
  columns.votes = {"votes_happy"};
  EXPECT_THAT(message(), HasSubstr("--votes: a single column of numbers"));
  columns.votes = {"votes_happy", "votes_sad", "votes_happy"};
  EXPECT_THAT(message(), HasSubstr("--votes: two columns hold votes of happy"));
  columns.votes = kColumns.votes, columns.truth = columns.predicted = {"label", "guess"};
  EXPECT_THAT(message(), HasSubstr("--votes: truth of 2 tasks"));
  EXPECT_THAT(files.load("a,happy,happy,A,1,2,0\nb,sad,angry,A,1,2,0\n").notes,
              testing::Contains("No column holds votes of \"angry\": a prediction of it has none."));
}

TEST(Votes, AreTheSameInAllFiles) {
  const Files files;
  const RunSource a = files.csv("a.csv", kHeader + kThree);
  const RunSource b = files.csv("b.csv", kHeader + "a,happy,sad,A,7,2,1\nb,sad,sad,A,5,5,1\nc,sad,sad,B,0,3,0\n");
  EXPECT_NO_THROW(load_outcomes({a, files.csv("copy.csv", kHeader + kThree)}, {}, kColumns));
  EXPECT_THAT(message_of([&] { load_outcomes({a, b}, {}, kColumns); }),
              HasSubstr("row 3, column votes_happy: \"5\" for the id \"b\""));
}

TEST(Votes, MayBeVectorsInTheOrderOfThePredictedLevels) {
  const Files files;
  table::Table t;
  t.add("id", table::Texts{"a", "b"});
  t.add("label", table::Factor{"label", {"sad", "happy"}, {0, 1}});
  t.add("guess", table::Factor{"guess", {"happy", "sad"}, {0, 1}});
  t.add("group", table::Factor{"group", {"A"}, {0, 0}});
  t.add("votes", table::Vectors{2, {1, 9, 6, 4}});
  const RunSource run = files.parquet("t.parquet", t);
  OutcomeColumns columns = kColumns;
  columns.votes = {"votes"};
  const Outcomes o = load_outcomes({run}, {}, columns);
  EXPECT_THAT(o.votes.classes, ElementsAre("sad", "happy"));
  EXPECT_THAT(votes_on(o, "a"), ElementsAre(9, 1));
  EXPECT_THAT(votes_on(o, "b"), ElementsAre(4, 6));
  columns.votes = {"votes", "id"};
  EXPECT_THAT(message_of([&] { load_outcomes({run}, {}, columns); }), HasSubstr("two uses"));
}

TEST(Votes, AreTakenFromTheDataSet) {
  const Files files;
  table::Table rows;
  rows.add("id", table::Texts{"c", "a", "b"});
  rows.add("image", table::Texts{"c.jpg", "a.jpg", "b.jpg"});
  rows.add("split", table::Factor{"split", table::split_levels(), {2, 2, 2}});
  rows.add("label.label", table::Factor{"label.label", {"happy", "sad"}, {0, 1, 1}});
  rows.add("attr.group", table::Factor{"attr.group", {"A"}, {0, 0, 0}});
  rows.add("votes.label", table::Vectors{2, {8, 2, 3, 7, 4, 6}});
  files.parquet("manifest.parquet", rows, table::manifest_metadata({"set", "images"}));
  OutcomeColumns columns{.truth = {"label"}, .predicted = {"guess"}, .by = {{"group"}}};
  columns.data = files.folder.path().string();
  const RunSource run = files.csv("t.csv", "id,guess\na,happy\nb,sad\n");
  const Outcomes o = load_outcomes({run}, {}, columns);
  EXPECT_THAT(votes_on(o, "a"), ElementsAre(3, 7));
  columns.votes = {"votes.label"};
  EXPECT_EQ(load_outcomes({run}, {}, columns).votes.of, o.votes.of);
}

/// Rows of random votes by ten annotators, a fourth of them without a prediction.
Outcomes random_votes(std::int64_t n) {
  Stream draw(1, "votes");
  Outcomes o{.tasks = {"t"}};
  o.runs_before = 1;
  table::Factor guess{"guess", {"x", "y", "z"}, {}};
  o.votes = {guess.levels, std::vector(3, std::vector<double>(static_cast<std::size_t>(n)))};
  o.crossings = {{{"g"}, {0}, table::Factor{"g", {"1", "2"}, {}}}};
  for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
    o.keys.push_back(i);
    guess.codes.push_back(static_cast<std::int32_t>(draw.below(4)) - 1);
    o.crossings[0].group.codes.push_back(static_cast<std::int32_t>(draw.below(2)));
    for (int voter = 0; voter < 10; ++voter) ++o.votes.of[draw.below(3)][i];
  }
  o.truth = {guess};
  o.predicted = {{guess}};
  return o;
}

TEST(SoftAccuracy, IsTheMeanShareOfVotesForThePrediction) {
  const Outcomes o = random_votes(400);
  const Judgement j = judge(o, 0, parse_metric("soft_accuracy"), {}, {});
  double sum[2] = {}, n[2] = {};
  for (std::size_t i = 0; i < 400; ++i) {
    const auto g = static_cast<std::size_t>(o.group().codes[i]);
    const std::int32_t guess = o.predicted[0][0].codes[i];
    n[g] += 1, sum[g] += guess < 0 ? 0 : o.votes.of[static_cast<std::size_t>(guess)][i] / 10;
  }
  EXPECT_NEAR(*j.overall.value, (sum[0] + sum[1]) / 400, 1e-12);
  for (std::size_t g = 0; g < 2; ++g) EXPECT_NEAR(*j.groups[g].rate.value, sum[g] / n[g], 1e-12);
  EXPECT_EQ(j.overall.method, "t");
  EXPECT_TRUE(j.gap.interval && j.spread.estimable() && j.groups[0].p_adjusted);
}

TEST(SoftAccuracy, OfUnanimousVotesForThePredictionHasWidth) {
  Outcomes o = random_votes(100);
  for (std::size_t i = 0; i < 100; ++i) {
    o.predicted[0][0].codes[i] = 0;
    o.votes.of[0][i] = 10, o.votes.of[1][i] = o.votes.of[2][i] = 0;
  }
  const Judgement j = judge(o, 0, parse_metric("soft_accuracy"), {}, {});
  EXPECT_EQ(*j.overall.value, 1);
  EXPECT_NEAR(j.overall.interval->low, stats::wilson_interval(100, 100, 0.95).low, 1e-12);
}

TEST(Annotators, AgreeAlikeByTallyAndByWeightedRows) {
  Outcomes o = random_votes(400);
  const AnnotatorFigures rows = annotators_of(o, 0, {})->all;
  o.weights.assign(400, 1);
  const AnnotatorFigures weighted = annotators_of(o, 0, {})->all;
  EXPECT_NEAR(*rows.agreement.value, *weighted.agreement.value, 1e-12);
  EXPECT_NEAR(rows.agreement.interval->low, weighted.agreement.interval->low, 1e-3);
  EXPECT_LT(*rows.agreement.value, 0.4);  // by chance 1/3
  EXPECT_FALSE(annotators_of(Outcomes{}, 0, {}));
}

TEST(Annotators, MustBeEnoughInAGroup) {
  const Annotators found = *annotators_of(Files().load(kThree), 0, {.min_group = 2});
  EXPECT_TRUE(found.groups[0].agreement.estimable());
  EXPECT_FALSE(found.groups[1].agreement.estimable());
}

}  // namespace
}  // namespace evenface::study
