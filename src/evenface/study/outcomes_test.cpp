#include "evenface/study/outcomes.h"

#include <cmath>

#include <gmock/gmock.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/core/testing.h"
#include "evenface/study/testing.h"
#include "evenface/table/manifest.h"

namespace evenface::study {
namespace {
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const OutcomeColumns kColumns{.id = "id", .truth = {"label"}, .predicted = {"guess"}, .by = {{"race", "gender"}}};

struct Files : TestFiles {
  Outcomes load(const std::string& text, const OutcomeColumns& columns = kColumns) const {
    return TestFiles::load(text, columns);
  }
  std::string message(const std::string& text, const OutcomeColumns& columns = kColumns) const {
    return message_of([&] { load(text, columns); });
  }
};

std::int64_t at(const Outcomes& o, const std::string& id) {
  return std::ranges::find(o.keys, key_of(id)) - o.keys.begin();
}

constexpr const char* kFour =
    "id,label,guess,race,gender\n"
    "a,x,x,B,F\n"
    "b,x,y,B,M\n"
    "c,y,y,W,F\n"
    "d,y,y,W,M\n";

TEST(Crossings, AreListsOfNames) {
  using Names = std::vector<std::vector<std::string>>;
  EXPECT_EQ(crossings_of({"race,gender", "race", "race*age", "race , gender"}),
            (Names{{"race", "gender"}, {"race"}, {"race", "age"}}));
  EXPECT_THAT(message_of([] { crossings_of({"race,,age"}); }), HasSubstr("--by race,,age: a name is empty"));
  EXPECT_THAT(message_of([] { crossings_of({"race,race"}); }), HasSubstr("crossed with itself"));
}

TEST(Outcomes, StandInTheOrderOfKeysWhateverTheFilesOrder) {
  const Files files;
  const std::string backwards =
      "id,label,guess,race,gender\n"
      "d,y,y,W,M\n"
      "c,y,y,W,F\n"
      "b,x,y,B,M\n"
      "a,x,x,B,F\n";
  const Outcomes o = load_outcomes({files.csv("a.csv", kFour)}, {files.csv("b.csv", backwards)}, kColumns);
  EXPECT_TRUE(std::ranges::is_sorted(o.keys));
  EXPECT_EQ(o.predicted[0][0].codes, o.predicted[1][0].codes);
  EXPECT_EQ(o.pattern(at(o, "a")), 3u);
  EXPECT_EQ(o.pattern(at(o, "b")), 0u);
}

TEST(Outcomes, OfOneFileAreCountedAlikeWhateverItsOrder) {
  const Files files;
  const Outcomes o = files.load(kFour);
  const Outcomes reversed = files.load(
      "id,label,guess,race,gender\n"
      "d,y,y,W,M\n"
      "c,y,y,W,F\n"
      "b,x,y,B,M\n"
      "a,x,x,B,F\n");
  for (const int half : {-1, 0, 1}) {
    const stats::PairedCells cells = cells_of(o, half), other = cells_of(reversed, half);
    for (std::int64_t g = 0; g < cells.groups(); ++g) EXPECT_EQ(cells.of(g), other.of(g));
  }
  EXPECT_EQ(o.group().level_at(at(o, "b")), "B M");
  EXPECT_EQ(o.pattern(at(o, "a")), 1u);
  EXPECT_EQ(o.pattern(at(o, "b")), 0u);
  EXPECT_THAT(o.notes, IsEmpty());
}

TEST(Outcomes, HoldSeveralCrossingsOfTheDistinctAttributes) {
  OutcomeColumns columns = kColumns;
  columns.by = {{"race", "gender"}, {"gender"}, {"gender", "race"}};
  const Outcomes o = Files().load(kFour, columns);
  ASSERT_EQ(o.attributes.size(), 2u);
  ASSERT_EQ(o.crossings.size(), 3u);
  EXPECT_THAT(o.by(), ElementsAre("race", "gender"));
  EXPECT_THAT(o.crossings[1].group.levels, ElementsAre("F", "M"));
  EXPECT_THAT(o.crossings[2].attributes, ElementsAre(1, 0));
  EXPECT_EQ(o.crossings[2].group.level_at(at(o, "b")), "M B");
}

TEST(Outcomes, GiveMissingGroupsALevelAndLeaveMissingTruthOut) {
  const Outcomes o = Files().load(
      "id,label,guess,race,gender\n"
      "a,x,x,,F\n"
      "b,x,,B,F\n"
      "c,,y,B,F\n"
      "d,y,y,B,F\n");
  EXPECT_EQ(o.rows(), 3);
  EXPECT_EQ(o.group().level_at(at(o, "a")), "missing F");
  EXPECT_EQ(o.rows_without_truth, 1);
  EXPECT_THAT(o.rows_without_prediction, ElementsAre(1));
  EXPECT_EQ(o.pattern(at(o, "b")), 0u);
  ASSERT_EQ(o.coverage.size(), 2u);
  EXPECT_EQ(o.coverage[0].name, "B F");
  EXPECT_EQ(o.coverage[0].common, 3);
  EXPECT_EQ(o.coverage[0].without_truth, 1);
  EXPECT_EQ(o.coverage[1].without_truth, 0);
  EXPECT_THAT(o.notes, ElementsAre("1 row without a value of race makes up the group \"missing\".",
                                   "1 row without a true value of label was left out.",
                                   "1 row without a prediction counts as wrong."));
}

TEST(Outcomes, NotePredictedClassesThatNoRowTrulyIs) {
  const Files files;
  const Outcomes o = files.load("id,label,guess,race,gender\na,x,x,B,F\nb,x,z,B,F\nc,y,z,B,F\n");
  EXPECT_THAT(o.truth[0].levels, ElementsAre("x", "y", "z"));
  EXPECT_THAT(o.notes,
              ElementsAre("1 row is of a class that was never predicted: \"y\".",
                          "2 rows were predicted to be a class that no row truly is: \"z\". That counts as wrong."));
  EXPECT_THAT(files.message("id,label,guess,race,gender\na,x,0,B,F\nb,y,1,B,F\n"),
              HasSubstr("no predicted class is a true one: 0, 1 are predicted\n  expected  classes such as x, y"));
}

TEST(Outcomes, RefuseColumnsOfIdsInPlaceOfClassesAndGroups) {
  const Files files;
  std::string many = "id,label,guess,race,gender\n", products = many;
  for (int i = 0; i < 10001; ++i) {
    const std::string n = std::to_string(i);
    many += n + ",x,x," + n + ",F\n";
    products += n + ",x,x," + std::to_string(i % 101) + "," + std::to_string(i % 100) + "\n";
  }
  EXPECT_THAT(files.message(many), HasSubstr("column race: holds more than 10000 different values"));
  EXPECT_THAT(files.message(products), HasSubstr("--by race,gender: that makes 10100 groups"));
  OutcomeColumns columns = kColumns;
  columns.truth = {"race"};
  EXPECT_THAT(files.message(many, columns), HasSubstr("column race: holds more than 1000 different values"));
  EXPECT_THAT(files.message("id,label,guess,race,gender\n"), HasSubstr("the table has no rows"));
}

TEST(Outcomes, ScaleWeightsToMeanOne) {
  const Files files;
  OutcomeColumns columns = kColumns;
  columns.weight = "w";
  const auto text = [](const std::string& weight) {
    return "id,label,guess,race,gender,w\na,x,x,B,F,0\nb,x,x,B,F," + weight + "\nc,y,y,B,F,1\n";
  };
  const Outcomes o = files.load(text("3"), columns);
  EXPECT_DOUBLE_EQ(o.weights[static_cast<std::size_t>(at(o, "b"))], 3 * 3 / 4.0);
  EXPECT_DOUBLE_EQ(o.weights[static_cast<std::size_t>(at(o, "c"))], 3 * 1 / 4.0);
  EXPECT_THAT(o.notes, ElementsAre("1 row with weight 0 counts for nothing."));
  EXPECT_THAT(files.message(text("-1"), columns), HasSubstr("row 3, column w: -1\n  expected  a weight"));
  EXPECT_THAT(files.message(text("inf"), columns), HasSubstr("row 3, column w: inf"));
  EXPECT_THAT(files.message(text(""), columns), HasSubstr("row 3, column w: no number"));
  EXPECT_THAT(files.message(text("heavy"), columns), HasSubstr("row 3, column w: \"heavy\""));
}

TEST(Outcomes, KnowWhoIsShown) {
  OutcomeColumns columns = kColumns;
  columns.person = "who";
  const Outcomes o = Files().load("id,label,guess,race,gender,who\na,x,x,B,F,p\nb,x,x,B,F,q\nc,y,y,B,F,p\n", columns);
  EXPECT_EQ(o.person.level_at(at(o, "c")), "p");
  EXPECT_EQ(o.person.level_at(at(o, "b")), "q");
}

TEST(Outcomes, JoinByTextsThoughKeysCollide) {
  // Two texts with the same 64-bit key, found by a search over 2^32 texts.
  const std::string one = "9e72143a7f2418b0", two = "4765cc6e0c781b93";
  ASSERT_EQ(key_of(one), key_of(two));
  const Files files;
  const std::string header = "id,label,guess,race,gender\n";
  const Outcomes o = files.load(header + one + ",x,x,B,F\n" + two + ",y,x,W,F\n");
  EXPECT_EQ(o.rows(), 2);

  const RunSource a = files.csv("a.csv", header + one + ",x,x,B,F\nc,y,y,B,F\n");
  const RunSource b = files.csv("b.csv", header + two + ",y,y,W,F\nc,y,y,B,F\n");
  const Outcomes joined = load_outcomes({a}, {b}, kColumns);
  EXPECT_THAT(joined.keys, ElementsAre(key_of("c")));
  EXPECT_EQ(joined.rows_only_before, 1);
  EXPECT_EQ(joined.rows_only_after, 1);
}

TEST(Outcomes, NameBothRowsOfAnIdThatStandsTwice) {
  const Files files;
  const std::string header = "id,label,guess,race,gender\n";
  EXPECT_THAT(files.message(header + "a,x,x,B,F\nb,x,x,B,F\nc,x,x,B,F\nb,y,y,B,F\na,y,y,B,F\n"),
              HasSubstr("row 5: the id \"b\" stands in row 3 too"));
  EXPECT_THAT(files.message(header + "a,x,x,B,F\n,x,x,B,F\n"), HasSubstr("row 3, column id: the id is missing"));
}

TEST(Outcomes, CountRowsThatFellOutByGroup) {
  const Files files;
  const std::string header = "id,label,guess,race,gender\n";
  const RunSource a = files.csv("a.csv", header + "a,x,x,B,F\nb,x,x,B,F\nc,y,y,W,F\n");
  const RunSource b = files.csv("b.csv", header + "a,x,x,B,F\nc,y,y,W,F\nd,y,y,N,F\ne,y,y,N,F\n");
  const RunSource c = files.csv("c.csv", header + "a,x,x,B,F\nb,x,x,B,F\nd,y,y,N,F\n");
  const Outcomes o = load_outcomes({a}, {b, c}, kColumns);
  EXPECT_EQ(o.rows(), 1);
  EXPECT_EQ(o.rows_only_before, 0);
  EXPECT_EQ(o.rows_only_after, 2);
  EXPECT_EQ(o.rows_in_some, 2);
  std::vector<std::string> counts;
  for (const GroupCoverage& g : o.coverage)
    counts.push_back(g.name + " " + std::to_string(g.common) + std::to_string(g.only_before) +
                     std::to_string(g.only_after) + std::to_string(g.in_some));
  EXPECT_THAT(counts, ElementsAre("B F 1001", "W F 0001", "N F 0020"));
}

TEST(Outcomes, RefuseFilesThatDisagreeAboutTruth) {
  const Files files;
  const RunSource a = files.csv("a.csv", kFour);
  std::string other = kFour;
  other.replace(other.find("c,y,y"), 5, "c,x,y");
  const RunSource b = files.csv("b.csv", other);
  EXPECT_THAT(message_of([&] { load_outcomes({a}, {b}, kColumns); }),
              HasSubstr("row 4, column label: \"x\" for the id \"c\"\n  expected  \"y\", as in "));
}

TEST(Scores, AreColumnsNamedAfterTheirClass) {
  const Files files;
  OutcomeColumns columns = kColumns;
  columns.scores = {"p_y", "p_x"};
  const std::string header = "id,label,guess,race,gender,p_x,p_y\n";
  const Outcomes o = files.load(header + "a,x,x,B,F,0.75,0.25\nb,y,y,B,F,0.5,0.5\n", columns);
  const Scores& scores = o.scores[0][0];
  ASSERT_EQ(scores.width, 2);
  EXPECT_EQ(scores.values[static_cast<std::size_t>(2 * at(o, "a"))], 0.75);
  EXPECT_EQ(scores.values[static_cast<std::size_t>(2 * at(o, "a") + 1)], 0.25);
  EXPECT_THAT(files.message(header + "a,x,x,B,F,0.75,nan\nb,y,y,B,F,0.5,0.5\n", columns),
              HasSubstr("row 2, column p_y: no number, where other classes of the row have one\n"));
  columns.scores = {"p_x", "race"};
  EXPECT_THAT(files.message(header + "a,x,x,B,F,1,0\n", columns), HasSubstr("column race: it is named for two uses"));
  columns.scores = {"p_x", "id2"};
  EXPECT_THAT(files.message("id,label,guess,race,gender,p_x,id2\na,x,x,B,F,1,0\nb,y,y,B,F,1,0\n", columns),
              HasSubstr("the name of the column id2 ends with no class"));
  columns.scores = {"p_x"};
  EXPECT_EQ(files.load(header + "a,x,x,B,F,0.75,0\nb,y,y,B,F,0.5,0\n", columns).scores[0][0].width, 1);
}

TEST(Scores, MayBeMissingInARow) {
  const Files files;
  OutcomeColumns columns = kColumns;
  columns.scores = {"p_x", "p_y"};
  const std::string header = "id,label,guess,race,gender,p_x,p_y\n";
  const Outcomes o = files.load(header + "a,x,x,B,F,0.75,0.25\nb,y,,B,F,,\nc,y,y,W,F,nan,nan\n", columns);
  EXPECT_EQ(o.rows_without_scores, 2);
  EXPECT_THAT(o.notes, Contains("2 rows without scores are in no figure of scores."));
  for (const GroupCoverage& g : o.coverage) EXPECT_EQ(g.without_scores, 1) << g.name;
  const Outcomes scored = rows_with_scores(o, 1);
  EXPECT_EQ(scored.rows(), 1);
  EXPECT_EQ(scored.keys[0], o.keys[static_cast<std::size_t>(at(o, "a"))]);
  EXPECT_THAT(files.message(header + "a,x,x,B,F,,\nb,y,y,B,F,,\n", columns), HasSubstr("no row has scores"));
}

TEST(Scores, AreVectorsInTheOrderOfThePredictedLevels) {
  const Files files;
  table::Table t;
  t.add("id", table::Texts{"a", "b"});
  t.add("label", table::Factor{"label", {"w", "x", "y"}, {1, 0}});
  t.add("guess", table::Factor{"guess", {"y", "x"}, {0, 1}});
  t.add("race", table::Factor{"race", {"B"}, {0, 0}});
  t.add("scores", table::Vectors{2, {0.75F, 0.25F, 0.125F, 0.875F}});
  table::TableWriter writer(files.folder / "t.parquet");
  writer.append(t);
  writer.commit();
  OutcomeColumns columns = kColumns;
  columns.by = {{"race"}}, columns.scores = {"scores"};
  const Outcomes o = load_outcomes({{files.folder / "t.parquet", std::nullopt}}, {}, columns);
  EXPECT_THAT(o.truth[0].levels, ElementsAre("w", "x", "y"));
  const auto first = o.scores[0][0].values.begin() + 3 * at(o, "a");
  EXPECT_THAT(std::vector<double>(first, first + 3), ElementsAre(0, 0.25, 0.75));
}

TEST(Numbers, AreReadInPlaceOfClasses) {
  const Files files;
  OutcomeColumns columns = kColumns;
  columns.numeric = true;
  const std::string header = "id,label,guess,race,gender\n";
  const Outcomes o = files.load(header + "a,30,28.5,B,F\nb,41,,B,F\nc,,3,B,F\n", columns);
  EXPECT_EQ(o.rows(), 2);
  EXPECT_EQ(o.rows_without_truth, 1);
  EXPECT_EQ(o.true_values[0][static_cast<std::size_t>(at(o, "a"))], 30);
  EXPECT_EQ(o.predicted_values[0][0][static_cast<std::size_t>(at(o, "a"))], 28.5);
  EXPECT_TRUE(std::isnan(o.predicted_values[0][0][static_cast<std::size_t>(at(o, "b"))]));
  EXPECT_THAT(o.rows_without_prediction, ElementsAre(1));
  EXPECT_THAT(files.message(header + "a,30,inf,B,F\n", columns), HasSubstr("row 2, column guess: inf"));
}

TEST(DataSets, GiveTruthGroupsAndPersonsById) {
  const Files files;
  table::Table rows;
  rows.add("id", table::Texts{"c", "a", "b"});
  rows.add("image", table::Texts{"c.jpg", "a.jpg", "b.jpg"});
  rows.add("split", table::Factor{"split", table::split_levels(), {2, 2, 0}});
  rows.add("person", table::Texts{"p", "q", "p"});
  rows.add("label.label", table::Factor{"label.label", {"x", "y"}, {0, 1, 1}});
  rows.add("attr.race", table::Factor{"attr.race", {"B", "W"}, {0, -1, 1}});
  table::TableWriter writer(files.folder / "manifest.parquet", table::manifest_metadata({"set", "images"}));
  writer.append(rows);
  writer.commit();
  OutcomeColumns columns = kColumns;
  columns.by = {{"race"}}, columns.data = files.folder.path().string();
  const Outcomes o = files.load("id,guess\na,y\nb,x\nc,x\n", columns);
  EXPECT_EQ(o.truth[0].level_at(at(o, "a")), "y");
  EXPECT_EQ(o.group().level_at(at(o, "a")), "missing");
  EXPECT_EQ(o.group().level_at(at(o, "b")), "W");
  EXPECT_EQ(o.person.level_at(at(o, "b")), "p");
  EXPECT_EQ(o.rows_seen_in_training, 1);
  EXPECT_EQ(o.pattern(at(o, "c")), 1u);
  EXPECT_THAT(files.message("id,guess\na,y\nz,x\n", columns),
              HasSubstr("1 of 2 predicted ids are not in this data set, e.g. \"z\""));
}

}  // namespace
}  // namespace evenface::study
