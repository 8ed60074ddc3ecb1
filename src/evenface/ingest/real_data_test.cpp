#include <cstdlib>

#include <gmock/gmock.h>

#include "evenface/core/parallel.h"
#include "evenface/core/scratch.h"
#include "evenface/ingest/ingest.h"
#include "evenface/table/manifest.h"

namespace evenface::ingest {
namespace {
using testing::ElementsAre;

/// Real faces lie outside the project; where they are is told by the environment.
class RealData : public testing::Test {
 protected:
  void SetUp() override {
    const char* shared = std::getenv("EVENFACE_SHARED");
    if (!shared) GTEST_SKIP() << "EVENFACE_SHARED names no folder with real faces";
    data_ = std::filesystem::path(shared) / "data";
  }
  static const ColumnCounts& counts(const ImportReport& report, const std::string& column) {
    return *std::ranges::find(report.columns, column, &ColumnCounts::column);
  }
  std::filesystem::path data_;
  const Scratch out_;
};

// The expected counts were made with Python's csv and hashlib modules on the same files.
TEST_F(RealData, FairFaceCountsAreThoseOfAnIndependentReader) {
  const ImportReport report = ingest({.layout = "fairface", .source = data_ / "fairface", .output = out_ / "faces"},
                                     {.threads = available_threads()});
  EXPECT_EQ(report.kept, 16000);
  EXPECT_EQ(report.quarantined, 0);
  EXPECT_TRUE(report.repairs.empty());
  const ColumnCounts& race = counts(report, "label.race");
  EXPECT_THAT(race.levels, ElementsAre("White", "Black", "Latino_Hispanic", "East Asian", "Southeast Asian", "Indian",
                                       "Middle Eastern"));
  EXPECT_THAT(race.split.at("train"), ElementsAre(2266, 1721, 1886, 1698, 1458, 1700, 1271));
  EXPECT_THAT(race.split.at("val"), ElementsAre(775, 591, 575, 592, 530, 525, 412));
  EXPECT_THAT(counts(report, "label.gender").split.at("train"), ElementsAre(6300, 5700));
  EXPECT_THAT(counts(report, "label.gender").split.at("val"), ElementsAre(2124, 1876));
  EXPECT_THAT(counts(report, "label.age").split.at("train"),
              ElementsAre(237, 1449, 1323, 3491, 2734, 1425, 860, 374, 107));
  EXPECT_THAT(counts(report, "label.age").split.at("val"), ElementsAre(73, 508, 437, 1219, 847, 469, 291, 120, 36));
  EXPECT_THAT(counts(report, "attr.service_test").split.at("train"), ElementsAre(6446, 5554));
  EXPECT_EQ(report.duplicates.groups, 9);
  EXPECT_EQ(report.duplicates.across_splits.size(), 3u);
  EXPECT_EQ(report.duplicates.disagreeing,
            (std::map<std::string, std::int64_t>{{"attr.service_test", 3}, {"label.age", 2}, {"label.gender", 1}}));
  EXPECT_EQ(report.sizes, (std::map<std::string, std::int64_t>{{"224x224", 16000}}));
}

TEST_F(RealData, HalfOfFairFacesValidationBecomesAStratifiedTestSplit) {
  const ImportReport report = ingest({.layout = "fairface",
                                      .source = data_ / "fairface",
                                      .output = out_ / "faces",
                                      .test_from = "val",
                                      .verify = false},
                                     {.threads = available_threads()});
  EXPECT_EQ(report.splits, (std::map<std::string, std::int64_t>{{"train", 12000}, {"val", 2000}, {"test", 2000}}));
  const auto rows =
      table::Manifest::open(out_ / "faces").reader().read({{"id"}, {"split"}, {"label.race"}, {"label.gender"}});
  const table::Factor cells = table::cross(std::vector{rows.factor("label.race"), rows.factor("label.gender")});
  std::vector<int> val(14), test(14);
  for (std::size_t i = 0; i < cells.codes.size(); ++i) {
    const auto cell = static_cast<std::size_t>(cells.codes[i]);
    if (rows.factor("split").codes[i] == 1) ++val[cell];
    if (rows.factor("split").codes[i] == 2) ++test[cell];
  }
  EXPECT_THAT(rows.factor("label.race").levels.front() + rows.factor("label.gender").levels.front(), "WhiteMale");
  EXPECT_EQ(val[0] + test[0], 408);
  for (std::size_t cell = 0; cell < 14; ++cell) EXPECT_LE(std::abs(val[cell] - test[cell]), 1) << cells.levels[cell];
  // Three pictures of val stand in train too: they must not be in test.
  EXPECT_EQ(report.duplicates.across_splits.size(), 3u);
  for (std::size_t i = 0; i < cells.codes.size(); ++i)
    for (const char* leak : {"val/3715.jpg", "val/2236.jpg", "val/1353.jpg"}) {
      if (rows.texts("id")[i] == leak) {
        EXPECT_EQ(rows.factor("split").codes[i], 1) << leak;
      }
    }
}

TEST_F(RealData, TheLondonSetComesThroughItsTable) {
  const ImportReport report = ingest({.layout = "csv",
                                      .source = data_ / "london/london_info.csv",
                                      .output = out_ / "london",
                                      .column = {"image=neutral/{face_id}_03.jpg", "id=face_id", "person=face_id",
                                                 "attr.gender=face_gender", "attr.ethnicity=face_eth"}},
                                     {.threads = available_threads()});
  EXPECT_EQ(report.kept, 102);
  EXPECT_EQ(report.sizes, (std::map<std::string, std::int64_t>{{"512x512", 102}}));
  EXPECT_THAT(counts(report, "attr.gender").levels, ElementsAre("female", "male"));
  EXPECT_THAT(counts(report, "attr.gender").all, ElementsAre(49, 53));
  EXPECT_THAT(counts(report, "attr.ethnicity").levels,
              ElementsAre("black", "east_asian", "east_asian/white", "west_asian", "white"));
}

}  // namespace
}  // namespace evenface::ingest
