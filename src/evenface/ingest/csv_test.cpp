#include "evenface/ingest/csv.h"

#include <gmock/gmock.h>

#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/ingest/testing.h"

namespace evenface::ingest {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

class AnyTable : public testing::Test {
 protected:
  Draft read(const std::string& text, IngestOptions options = {}) {
    options.source = (folder_ / "people.csv").string();
    write_file(options.source, text);
    return Csv().read(options);
  }
  const Scratch folder_;
};

TEST_F(AnyTable, MapsColumnsByOption) {
  IngestOptions options;
  options.column = {"id={face_id}/neutral", "image=neutral/{face_id}_03.jpg", "person=face_id", "attr.gender=sex",
                    "split=part"};
  const Draft draft = read("face_id,sex,age,part\n001,female,24,train\n002,NA,NA,\n", options);
  ASSERT_EQ(draft.row_count(), 2);
  EXPECT_EQ(draft.rows[0].id, "001/neutral");
  EXPECT_EQ(draft.rows[0].image, "neutral/001_03.jpg");
  EXPECT_EQ(draft.rows[0].person, "001");
  EXPECT_EQ(draft.rows[0].split, 0);
  EXPECT_EQ(draft.rows[1].split, table::Factor::kMissing);
  EXPECT_THAT(column_named(draft, "gender", "").codes, ElementsAre(0, -1));
  EXPECT_EQ(draft.repairs.at({"attr.gender", "NA", ""}), 1);
  EXPECT_THAT(draft.notes, ElementsAre(HasSubstr("columns that were not imported: age")));
  EXPECT_EQ(draft.root, folder_.path());
}

TEST_F(AnyTable, HoldsColumnsToTheirDeclaredLevels) {
  IngestOptions options;
  options.levels = {"label.race=White|Black|East Asian"};
  const Draft draft = read("image,label.race\n1.jpg,Black\n2.jpg,east_asian\n3.jpg,Martian\n4.jpg,\n", options);
  EXPECT_THAT(column_named(draft, "race", "").levels, ElementsAre("White", "Black", "East Asian"));
  EXPECT_THAT(column_named(draft, "race", "").codes, ElementsAre(1, 2, -1));
  EXPECT_EQ(draft.repairs.at({"label.race", "east_asian", "East Asian"}), 1);
  ASSERT_EQ(draft.rejected.size(), 1u);
  EXPECT_EQ(draft.rejected[0].reason, "unknown label");
  EXPECT_EQ(draft.rejected[0].row.number, 4);
  options.levels = {"label.rage=a|b"};
  EXPECT_THAT(message_of([&] { read("image,label.race\n1.jpg,Black\n", options); }),
              HasSubstr("no column label.rage is imported"));
  options.levels = {"label.race"};
  EXPECT_THAT(message_of([&] { read("image,label.race\n1.jpg,Black\n", options); }), HasSubstr("no levels"));
}

TEST_F(AnyTable, QuarantinesCellsThatCannotBeUsed) {
  const Draft draft = read(
      "image,split,weight\n,train,1\n2.jpg,holdout,1\n3.jpg,train,heavy\n4.jpg,train,-1\n5.jpg,train,inf\n6.jpg,train,"
      "2.5\n");
  ASSERT_EQ(draft.row_count(), 1);
  EXPECT_EQ(draft.rows[0].weight, 2.5);
  std::vector<std::string> found;
  for (const Rejected& r : draft.rejected) found.push_back(std::to_string(r.row.number) + " " + r.problem.found);
  EXPECT_THAT(found, ElementsAre("2 no picture is named", "3 unknown split \"holdout\"", "4 weight \"heavy\"",
                                 "5 weight \"-1\"", "6 weight \"inf\""));
}

TEST_F(AnyTable, RefusesNumbersAsCategories) {
  std::string text = "image,label.age\n";
  for (int i = 0; i < 1001; ++i) text += std::to_string(i) + ".jpg," + std::to_string(i) + "\n";
  EXPECT_THAT(message_of([&] { read(text); }), HasSubstr("1001 different values"));
}

TEST_F(AnyTable, RefusesAFolderAndAMissingColumn) {
  IngestOptions options;
  options.source = folder_.path().string();
  EXPECT_THAT(message_of([&] { Csv().read(options); }), HasSubstr("this is a folder"));
  options.column = {"image=path"};
  EXPECT_THAT(message_of([&] { read("file,race\na,b\n", options); }),
              HasSubstr("column path: there is no such column\n  expected  one of file, race"));
}

TEST_F(AnyTable, ReadsVotesInTheOrderOfTheLevels) {
  IngestOptions options;
  options.column = {"label.emotion=emotion", "votes.emotion=votes_*"};
  options.levels = {"label.emotion=sad|happy"};
  const Draft draft =
      read("image,emotion,votes_happy,votes_sad,votes_?\n1.jpg,happy,7,2,1\n2.jpg,sad,0.5,9,0\n3.jpg,sad,few,9,0\n",
           options);
  const table::Vectors& votes = draft.votes.at("votes.emotion");
  EXPECT_EQ(votes.width, 2);
  EXPECT_THAT(votes.values, ElementsAre(2, 7, 9, 0.5));
  ASSERT_EQ(draft.rejected.size(), 1u);
  EXPECT_EQ(draft.rejected[0].problem.at, "votes_happy");
  EXPECT_THAT(draft.notes, ElementsAre(HasSubstr("no level of label.emotion were left out: votes_?")));
}

TEST_F(AnyTable, KeepsVotesBesideTheirRows) {
  IngestOptions options;
  options.column = {"label.emotion=emotion", "votes.emotion=*"};
  Draft draft = read("image,emotion,happy,sad\n1.jpg,happy,1,0\n2.jpg,sad,0,2\n3.jpg,sad,0,3\n", options);
  keep_rows(draft, std::vector<std::int64_t>{0, 2});
  EXPECT_THAT(draft.votes.at("votes.emotion").values, ElementsAre(1, 0, 0, 3));
}

TEST_F(AnyTable, SaysWhatIsWrongWithVotes) {
  const std::string table = "image,emotion,votes_happy\n1.jpg,happy,1\n2.jpg,sad,2\n";
  const auto message = [&](std::vector<std::string> columns) {
    IngestOptions options;
    options.column = std::move(columns);
    return message_of([&] { read(table, options); });
  };
  EXPECT_THAT(message({"votes.emotion=votes_happy"}), HasSubstr("no single *"));
  EXPECT_THAT(message({"votes.emotion=n_*"}), HasSubstr("no column bears such a name"));
  EXPECT_THAT(message({"votes.emotion=votes_*"}), HasSubstr("no column label.emotion is imported"));
  EXPECT_THAT(message({"votes.emotion=votes_*", "label.emotion=emotion"}), HasSubstr("no column holds votes of sad"));
  EXPECT_THAT(message({"votes.emotion=votes_*", "votes.emotion=*"}), HasSubstr("mapped twice"));
}

}  // namespace
}  // namespace evenface::ingest
