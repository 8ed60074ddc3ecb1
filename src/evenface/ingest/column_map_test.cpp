#include "evenface/ingest/column_map.h"

#include <gmock/gmock.h>

#include "evenface/ingest/testing.h"

namespace evenface::ingest {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

const TextTable kTable{
    .path = "t.csv", .columns = {{"face_id", {"001", "002"}}, {"sex", {"female", ""}}}, .numbers = {2, 3}};

TEST(CellSource, IsAColumnOrATemplate) {
  EXPECT_EQ(CellSource("sex").value(kTable, 0), "female");
  const CellSource path("neutral/{face_id}_{sex}.jpg");
  EXPECT_EQ(path.value(kTable, 0), "neutral/001_female.jpg");
  EXPECT_EQ(path.value(kTable, 1), "neutral/002_.jpg");
  EXPECT_THAT(path.columns(), ElementsAre("face_id", "sex"));
}

std::string failure(const std::string& column) {
  IngestOptions options;
  options.column = {column};
  return message_of([&] { column_map(options, "t.csv", {"face_id", "sex"}); });
}

TEST(ColumnMap, RefusesWhatItCannotUnderstand) {
  EXPECT_THAT(failure("label.sex"), HasSubstr("there is no source"));
  EXPECT_THAT(failure("sex=sex"), HasSubstr("\"sex\" is no target"));
  EXPECT_THAT(failure("label.=sex"), HasSubstr("is no target"));
  EXPECT_THAT(failure("image={face_id.jpg"), HasSubstr("a brace isn't closed"));
  EXPECT_THAT(failure("label.sex=sex"), HasSubstr("no column names the pictures; there are face_id, sex"));
}

TEST(ColumnMap, TakesColumnsThatBearATargetsNameUnlessMapped) {
  IngestOptions options;
  options.column = {"image=path", "label.race=ethnicity"};
  const std::vector<std::string> names{"file_name", "path", "split", "label.race", "attr.tone", "label", "mood"};
  const ColumnMap map = column_map(options, "t.csv", names);
  std::vector<std::string> targets;
  for (const auto& [target, source] : map) targets.push_back(target);
  EXPECT_THAT(targets, ElementsAre("attr.tone", "image", "label.label", "label.race", "split"));
  EXPECT_THAT(map.at("image").columns(), ElementsAre("path"));
  EXPECT_THAT(map.at("label.race").columns(), ElementsAre("ethnicity"));
  EXPECT_THAT(unused_columns(map, {"mood"}, names), ElementsAre("file_name", "label.race"));
}

TEST(SplitOf, KnowsTheUsualWords) {
  EXPECT_EQ(split_of("Training"), 0);
  EXPECT_EQ(split_of("valid"), 1);
  EXPECT_EQ(split_of("TEST"), 2);
  EXPECT_EQ(split_of("holdout"), std::nullopt);
}

}  // namespace
}  // namespace evenface::ingest
