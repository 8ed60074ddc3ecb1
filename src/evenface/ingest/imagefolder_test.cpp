#include "evenface/ingest/imagefolder.h"

#include <gmock/gmock.h>

#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/ingest/testing.h"
#include "evenface/table/table.h"

namespace evenface::ingest {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class Folder : public testing::Test {
 protected:
  Draft read(IngestOptions options = {}) const {
    options.source = (folder_ / "faces").string();
    return ImageFolder().read(options);
  }
  void put(const std::string& name, const std::string& text = "x") { write_file(folder_ / ("faces/" + name), text); }
  static std::vector<std::string> words(const Draft& draft, const std::string& column) {
    std::vector<std::string> rows;
    for (std::int64_t i = 0; i < draft.row_count(); ++i) {
      const DraftRow& row = draft.rows[static_cast<std::size_t>(i)];
      rows.push_back(row.id + " " + std::to_string(row.split) + " " +
                     std::string(column_named(draft, column, "").level_at(i)));
    }
    return rows;
  }
  const Scratch folder_;
};

TEST_F(Folder, TakesClassesFromFolders) {
  for (const char* name : {"sad/1.jpg", "happy/2.PNG", "happy/deep/3.jpeg", "happy/notes.txt", ".DS_Store"}) put(name);
  IngestOptions options;
  options.task = "emotion";
  const Draft draft = read(options);
  EXPECT_THAT(words(draft, "label.emotion"),
              ElementsAre("happy/2.PNG -1 happy", "happy/deep/3.jpeg -1 happy", "sad/1.jpg -1 sad"));
  EXPECT_THAT(draft.notes, ElementsAre("1 files are no pictures: left out"));
  EXPECT_EQ(draft.info.name, "faces");
}

TEST_F(Folder, TakesSplitsFromFoldersAboveTheClasses) {
  for (const char* name : {"train/sad/1.jpg", "valid/sad/1.jpg", "Test/happy/1.jpg", "train/stray.jpg"}) put(name);
  const Draft draft = read();
  EXPECT_THAT(words(draft, "label.class"),
              UnorderedElementsAre("train/sad/1.jpg 0 sad", "valid/sad/1.jpg 1 sad", "Test/happy/1.jpg 2 happy"));
  ASSERT_EQ(draft.rejected.size(), 1u);
  EXPECT_EQ(draft.rejected[0].row.id, "train/stray.jpg");
  EXPECT_EQ(draft.rejected[0].reason, "no class");
}

TEST_F(Folder, RefusesSplitsBesideClasses) {
  for (const char* name : {"train/sad/1.jpg", "happy/1.jpg"}) put(name);
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("some folders are splits (train), others are not (happy)"));
}

TEST_F(Folder, ReadsMetadataInEveryForm) {
  put("train/metadata.csv", "file_name,mood,label\n1.jpg,a,x\nsub/2.jpg,b,y\n");
  put("test/metadata.jsonl",
      "{\"file_name\": \"3.jpg\", \"mood\": \"c\", \"label\": 5}\n\n[1]\n{\"file_name\": \"4.jpg\", \"mood\": null}\n");
  table::Table rows;
  rows.add("file_name", table::Texts{"5.jpg"});
  rows.add("mood", table::Factor{"mood", {"a", "b"}, {1}});
  rows.add("label", std::vector<std::int64_t>{7});
  make_folder(folder_ / "faces/val");
  table::TableWriter writer(folder_ / "faces/val/metadata.parquet");
  writer.append(rows);
  writer.commit();
  put("train/1.jpg");
  put("train/6.jpg");
  IngestOptions options;
  options.column = {"attr.mood=mood"};
  const Draft draft = read(options);
  EXPECT_THAT(words(draft, "mood"), UnorderedElementsAre("train/1.jpg 0 a", "train/sub/2.jpg 0 b", "test/3.jpg 2 c",
                                                         "test/4.jpg 2 ", "val/5.jpg 1 b"));
  EXPECT_THAT(column_named(draft, "label", "").levels, ElementsAre("5", "7", "x", "y"));
  ASSERT_EQ(draft.rejected.size(), 1u);
  EXPECT_EQ(draft.rejected[0].row.number, 3);
  EXPECT_THAT(draft.notes, ElementsAre(HasSubstr("1 pictures are in no table, e.g. train/6.jpg")));
}

TEST_F(Folder, TakesTheSplitOfAPictureFromItsFolder) {
  put("metadata.csv", "file_name,label\ntrain/1.jpg,x\nother/2.jpg,y\n3.jpg,y\n");
  EXPECT_THAT(words(read(), "label"), ElementsAre("train/1.jpg 0 x", "other/2.jpg -1 y", "3.jpg -1 y"));
}

TEST_F(Folder, RefusesTwoMetadataFilesAndDifferentColumns) {
  put("metadata.csv", "file_name\n");
  put("metadata.jsonl", "");
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("there are metadata.csv and metadata.jsonl"));
}

TEST_F(Folder, RefusesTablesWithDifferentLabels) {
  put("train/metadata.csv", "file_name,label\n1.jpg,x\n");
  put("test/metadata.csv", "file_name\n1.jpg\n");
  EXPECT_THAT(message_of([&] { read(); }), HasSubstr("give every table the same columns"));
}

TEST_F(Folder, RefusesAFile) {
  put("a.csv");
  IngestOptions options;
  options.source = (folder_ / "faces/a.csv").string();
  EXPECT_THAT(message_of([&] { ImageFolder().read(options); }), HasSubstr("this is a file"));
}

}  // namespace
}  // namespace evenface::ingest
