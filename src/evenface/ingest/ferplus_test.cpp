#include "evenface/ingest/ferplus.h"

#include <gmock/gmock.h>

#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/image/decode.h"
#include "evenface/ingest/testing.h"

namespace evenface::ingest {
namespace {
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kVoteHeader =
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n";

/// The grey values of a picture, all alike.
std::string pixels_of(int value) {
  std::string text = std::to_string(value);
  for (int i = 1; i < 48 * 48; ++i) text += " " + std::to_string(value);
  return text;
}

class FerPlusLayout : public testing::Test {
 protected:
  Draft read(const std::string& rule = "majority") const {
    return FerPlus().read({.layout = "ferplus",
                           .source = folder_.path().string(),
                           .output = (folder_ / "out").string(),
                           .label_rule = rule});
  }
  void write(const std::string& file, const std::string& text) const { write_file(folder_ / file, text); }
  static std::vector<std::string> ids(const Draft& draft) {
    std::vector<std::string> ids;
    for (const DraftRow& row : draft.rows) ids.push_back(row.id);
    return ids;
  }
  const Scratch folder_;
};

TEST_F(FerPlusLayout, ReadsLabelFilesWithoutAHeader) {
  write("FER2013Train/label.csv",
        "fer0000000.png,\"(0, 0, 48, 48)\",4,0,0,1,3,2,0,0,0,0\n"
        "fer0000001.png,\"(0, 0, 48, 48)\",0,10,0,0,0,0,0,0,0,0\n");
  write("FER2013Test/label.csv", "fer0032220.png,\"(0, 0, 48, 48)\",1,0,0,7,0,0,0,0,2,0\n");
  const Draft draft = read();
  EXPECT_THAT(ids(draft), ElementsAre("FER2013Train/fer0000001.png", "FER2013Test/fer0032220.png"));
  EXPECT_EQ(draft.rows[0].number, 2);
  EXPECT_EQ(draft.rows[1].split, 2);
  EXPECT_THAT(draft.columns.front().codes, ElementsAre(1, 3));
  EXPECT_THAT(draft.votes.at("votes.emotion").values, ElementsAre(0, 10, 0, 0, 0, 0, 0, 0, 1, 0, 0, 7, 0, 0, 0, 0));
  ASSERT_EQ(draft.rejected.size(), 1u);
  EXPECT_TRUE(draft.rejected[0].expected);
  EXPECT_EQ(draft.rejected[0].row.table, "FER2013Train/label.csv");
  EXPECT_EQ(draft.rejected[0].problem.found, "4 neutral, 1 sadness, 3 anger, 2 disgust");
  EXPECT_THAT(draft.notes, ElementsAre("FER2013Valid/label.csv is not there: its split is empty",
                                       HasSubstr("2 votes for unknown or no face")));
}

TEST_F(FerPlusLayout, SaysWhichOfTwoVotesItReads) {
  write("FER2013Test/label.csv", "fer0032235.png,\"(0, 0, 48, 48)\",7,1,0,0,0,0,0,0,2,0\n");
  write("fer2013new.csv", std::string(kVoteHeader) + "PrivateTest,fer0032235.png,9,0,0,0,0,0,0,0,1,0\n");
  const Draft draft = read();
  EXPECT_THAT(draft.votes.at("votes.emotion").values, ElementsAre(7, 1, 0, 0, 0, 0, 0, 0));
  EXPECT_THAT(draft.notes, Contains(HasSubstr("fer2013new.csv, which is there too")));
}

TEST_F(FerPlusLayout, TakesTheRuleThatIsAskedFor) {
  write("FER2013Train/label.csv", "fer0000000.png,\"(0, 0, 48, 48)\",4,0,0,1,3,2,0,0,0,0\n");
  EXPECT_EQ(read("majority").row_count(), 0);
  EXPECT_THAT(read("argmax").columns.front().codes, ElementsAre(0));
}

TEST_F(FerPlusLayout, QuarantinesMalformedRows) {
  write("FER2013Valid/label.csv",
        "fer1.png,\"(0, 0, 48, 48)\",0,10,0,0,0,0,0,0,0,0\n"
        "fer2.png,0,10,0,0,0,0,0,0,0,0\n"
        "fer3.png,\"(0, 0, 48, 48)\",0,ten,0,0,0,0,0,0,0,0\n");
  const Draft draft = read();
  EXPECT_EQ(draft.row_count(), 1);
  ASSERT_EQ(draft.rejected.size(), 2u);
  for (const Rejected& rejected : draft.rejected) {
    EXPECT_EQ(rejected.reason, "malformed row");
    EXPECT_EQ(rejected.row.table, "FER2013Valid/label.csv");
    EXPECT_FALSE(rejected.expected);
  }
  EXPECT_EQ(draft.rejected[0].row.number, 2);
  EXPECT_EQ(draft.rejected[1].problem.at, "happiness");
}

TEST_F(FerPlusLayout, JoinsVotesAndPixelsByRow) {
  write("fer2013new.csv", std::string(kVoteHeader) +
                              "Training,fer0000000.png,0,10,0,0,0,0,0,0,0,0\n"
                              "Training,,0,0,0,0,0,0,0,0,0,10\n"
                              "PublicTest,fer0000007.png,10,0,0,0,0,0,0,0,0,0\n"
                              "PublicTest,fer0000007.png,0,0,0,10,0,0,0,0,0,0\n"
                              "PrivateTest,fer0000009.png,10,0,0,0,0,0,0,0,0,0\n");
  write("fer2013.csv", "emotion,pixels,Usage\n3," + pixels_of(10) + ",Training\n0," + pixels_of(20) + ",Training\n6," +
                           pixels_of(30) + ",PublicTest\n4," + pixels_of(40) + ",PublicTest\n6,1 2 3,PrivateTest\n");
  const Draft draft = read();
  EXPECT_THAT(ids(draft), ElementsAre("FER2013Train/fer0000000.png", "FER2013Valid/fer0000007.png",
                                      "FER2013Valid/fer0000007-2.png"));
  const auto grey = [&](std::size_t row) {
    const image::Picture picture = image::decode(read_file(draft.root / draft.rows[row].image)).value();
    EXPECT_EQ(picture.width, 48);
    EXPECT_EQ(picture.height, 48);
    return static_cast<int>(picture.pixels.front());
  };
  EXPECT_EQ(grey(0), 10);
  EXPECT_EQ(grey(1), 30);
  EXPECT_EQ(grey(2), 40);
  ASSERT_EQ(draft.rejected.size(), 2u);
  EXPECT_EQ(draft.rejected[0].reason, "no face");
  EXPECT_TRUE(draft.rejected[0].expected);
  EXPECT_EQ(draft.rejected[1].problem.found, "3 numbers");
  EXPECT_THAT(draft.notes, ElementsAre(StartsWith("1 names of pictures occur twice")));
}

TEST_F(FerPlusLayout, WritesNoPictureOutsideItsFolder) {
  write("fer2013new.csv", std::string(kVoteHeader) + "Training,../../../climbs.png,0,10,0,0,0,0,0,0,0,0\n");
  write("fer2013.csv", "emotion,pixels,Usage\n3," + pixels_of(10) + ",Training\n");
  const Draft draft = read();
  ASSERT_EQ(draft.rejected.size(), 1u);
  EXPECT_EQ(draft.rejected[0].problem.at, "Image name");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
}

TEST_F(FerPlusLayout, RefusesPixelsOfOtherRows) {
  write("fer2013new.csv", std::string(kVoteHeader) + "Training,fer0000000.png,0,10,0,0,0,0,0,0,0,0\n");
  write("fer2013.csv", "emotion,pixels,Usage\n3," + pixels_of(10) + ",PrivateTest\n");
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("joined row by row"));
}

TEST_F(FerPlusLayout, JoinsVotesAndPicturesByName) {
  write("fer2013new.csv", std::string(kVoteHeader) + "Training,fer0000000.png,0,10,0,0,0,0,0,0,0,0\n");
  const Draft draft = read();
  EXPECT_EQ(draft.root, folder_.path());
  EXPECT_EQ(draft.rows[0].image, "FER2013Train/fer0000000.png");
}

TEST_F(FerPlusLayout, SaysWhatIsWrongWithAnotherSource) {
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("neither FER2013Train/label.csv nor fer2013new.csv"));
}

}  // namespace
}  // namespace evenface::ingest
