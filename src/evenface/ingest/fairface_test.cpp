#include "evenface/ingest/fairface.h"

#include <gmock/gmock.h>

#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/ingest/testing.h"

namespace evenface::ingest {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

class FairFaceLayout : public testing::Test {
 protected:
  Draft read() const { return FairFace().read({.layout = "fairface", .source = folder_.path().string()}); }
  void labels(const std::string& split, const std::string& text) {
    write_file(folder_ / ("fairface_label_" + split + ".csv"), text);
  }
  const Scratch folder_;
};

TEST_F(FairFaceLayout, MapsSpellingsBackAndCountsThem) {
  labels("train",
         "file,age,gender,race,service_test\n"
         "train/1.jpg,03-Sep,Male,East Asian,TRUE\n"
         "train/2.jpg,9-Mar,Female,Latino_Hispanic,False\n"
         "train/3.jpg,Oct-19,Female,White,true\n");
  labels("val",
         "file,age,gender,race,service_test\r\n"
         "fairface/val/1.jpg,70+,Male,Black,FALSE\r\n"
         "fairface/val/2.jpg,more than 70,Male,Middle Eastern,False\r\n");
  const Draft draft = read();
  ASSERT_EQ(draft.row_count(), 5);
  EXPECT_TRUE(draft.rejected.empty());
  std::vector<std::string> ids;
  for (const DraftRow& row : draft.rows) ids.push_back(row.id);
  EXPECT_THAT(ids, ElementsAre("train/1.jpg", "train/2.jpg", "train/3.jpg", "val/1.jpg", "val/2.jpg"));
  EXPECT_EQ(draft.rows[4].split, 1);
  EXPECT_EQ(draft.rows[4].number, 3);
  const table::Factor& age = column_named(draft, "age", "");
  EXPECT_THAT(age.codes, ElementsAre(1, 1, 2, 8, 8));
  EXPECT_THAT(column_named(draft, "service_test", "").codes, ElementsAre(1, 0, 1, 0, 0));
  std::vector<std::string> repairs;
  for (const auto& [key, rows] : draft.repairs)
    repairs.push_back(std::get<0>(key) + " " + std::get<1>(key) + " > " + std::get<2>(key) + " " +
                      std::to_string(rows));
  EXPECT_THAT(repairs,
              ElementsAre("attr.service_test FALSE > False 1", "attr.service_test TRUE > True 1",
                          "attr.service_test true > True 1", "image fairface/… > … 2", "label.age 03-Sep > 3-9 1",
                          "label.age 70+ > more than 70 1", "label.age 9-Mar > 3-9 1", "label.age Oct-19 > 10-19 1"));
}

TEST_F(FairFaceLayout, QuarantinesUnknownLabelsAndMalformedRows) {
  labels("train",
         "file,age,gender,race\ntrain/1.jpg,4-9,Male,White\ntrain/2.jpg,3-9,Male\ntrain/3.jpg,3-9,,White\ntrain/"
         "4.jpg,3-9,Male,White\n");
  const Draft draft = read();
  ASSERT_EQ(draft.row_count(), 1);
  EXPECT_EQ(draft.rows[0].number, 5);
  ASSERT_EQ(draft.rejected.size(), 3u);
  EXPECT_EQ(draft.rejected[0].reason, "malformed row");
  EXPECT_EQ(draft.rejected[0].row.number, 3);
  EXPECT_EQ(draft.rejected[1].reason, "unknown label");
  EXPECT_EQ(draft.rejected[1].problem.found, "\"4-9\"");
  EXPECT_EQ(draft.rejected[2].problem.at, "gender");
  EXPECT_THAT(draft.notes, ElementsAre(HasSubstr("fairface_label_val.csv is not there")));
}

TEST_F(FairFaceLayout, LeavesAPathThatClimbsToBeRefused) {
  labels("val", "file,age,gender,race\n../../val/1.jpg,3-9,Male,White\n");
  EXPECT_EQ(read().rows[0].image, "../../val/1.jpg");
}

TEST_F(FairFaceLayout, SaysWhatIsWrongWithAnotherSource) {
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("neither fairface_label_train.csv nor fairface_label_val.csv"));
  labels("train", "file,age,gender\ntrain/1.jpg,3-9,Male\n");
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("column race: there is no such column"));
  labels("train", "file;age;gender;race\ntrain/1.jpg;3-9;Male;White\n");
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("separated by"));
}

TEST_F(FairFaceLayout, SaysHowManyPicturesNoRowNames) {
  labels("train", "file,age,gender,race\ntrain/1.jpg,3-9,Male,White\n");
  for (const char* name : {"train/1.jpg", "train/2.jpg", "train/10.jpg", "train/.DS_Store", "train/notes.txt"})
    write_file(folder_ / name, "x");
  EXPECT_THAT(read().notes.back(), "2 pictures are in no table, e.g. train/10.jpg: they were left out");
}

}  // namespace
}  // namespace evenface::ingest
