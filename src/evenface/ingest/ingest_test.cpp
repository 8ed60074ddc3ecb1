#include "evenface/ingest/ingest.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/ingest/testing.h"
#include "evenface/table/manifest.h"

namespace evenface::ingest {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

/// The header of a PNG of that size; a decoder would need its pixels.
std::string png_header(std::uint32_t width, std::uint32_t height) {
  std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  for (const std::uint32_t side : {width, height})
    for (int shift = 24; shift >= 0; shift -= 8) png += static_cast<char>(side >> shift & 0xff);
  return png + std::string("\x08\x02\0\0\0\0\0\0\0", 9);
}

class Import : public testing::Test {
 protected:
  Import() {
    options_ = {.layout = "csv", .source = (folder_ / "in/t.csv").string(), .output = (folder_ / "out").string()};
  }
  /// Writes `good` sound pictures 0.jpg, 1.jpg, ... and the table that names them and the further rows.
  void table_of(int good, const std::string& further = "", const std::string& header = "image,label.race\n") {
    std::string text = header;
    for (int i = 0; i < good; ++i) {
      write_file(folder_ / ("in/" + std::to_string(i) + ".jpg"), jpeg_of(i));
      text += std::to_string(i) + ".jpg," + (i % 2 ? "Black" : "White") + "\n";
    }
    write_file(options_.source, text + further);
  }
  ImportReport import() const { return ingest(options_, {.threads = 2}); }
  json stored() const { return json::parse(read_file(folder_ / "out/import.json")); }
  std::vector<std::string> outputs() const {
    std::vector<std::string> names;
    if (fs::exists(options_.output))
      for (const auto& entry : fs::directory_iterator(options_.output)) names.push_back(entry.path().filename());
    return names;
  }
  const Scratch folder_;
  IngestOptions options_;
};

TEST_F(Import, WritesADataSetFolder) {
  table_of(4, "", "image,label.race\n");
  options_.licence = "CC0";
  const ImportReport report = import();
  EXPECT_EQ(report.kept, 4);
  EXPECT_THAT(outputs(), UnorderedElementsAre("manifest.parquet", "import.json", "quarantine.csv"));
  const auto manifest = table::Manifest::open(options_.output);
  EXPECT_EQ(manifest.info().licence, "CC0");
  EXPECT_EQ(manifest.root(), fs::canonical(folder_ / "in"));
  EXPECT_THAT(manifest.tasks(), ElementsAre("race"));
  const table::Table rows = manifest.reader().read({{"id"},
                                                    {"image"},
                                                    {"split"},
                                                    {"content"},
                                                    {"width"},
                                                    {"height"},
                                                    {"kin"},
                                                    {"weight"},
                                                    {"origin"},
                                                    {"label.race"}});
  EXPECT_EQ(rows.texts("id")[3], "3.jpg");
  EXPECT_EQ(rows.texts("image"), rows.texts("id"));
  EXPECT_EQ(rows.texts("kin"), rows.texts("id"));
  EXPECT_THAT(rows.integers("width"), ElementsAre(24, 24, 24, 24));
  EXPECT_THAT(rows.integers("height"), ElementsAre(20, 20, 20, 20));
  EXPECT_EQ(rows.factor("split").codes[0], table::Factor::kMissing);
  EXPECT_EQ(rows.factor("origin").level_at(0), "real");
  EXPECT_THAT(rows.factor("label.race").codes, ElementsAre(1, 0, 1, 0));
  EXPECT_THAT(stored()["columns"]["label.race"]["rows"], json({{"Black", 2}, {"White", 2}}));
}

TEST_F(Import, QuarantinesEveryKindOfBadPicture) {
  write_file(folder_ / "secret.jpg", jpeg_of(100));
  write_file(folder_ / "in/cut.jpg", jpeg_of(101, 64, 64).substr(0, 900));
  write_file(folder_ / "in/empty.png", "");
  write_file(folder_ / "in/huge.png", png_header(20000, 20000));
  write_file(folder_ / "in/text.jpg", "no picture");
  make_folder(folder_ / "in/folder.jpg");
  fs::create_symlink(folder_ / "secret.jpg", folder_ / "in/link.jpg");
  fs::create_symlink(folder_ / "in/0.jpg", folder_ / "in/inner.jpg");
  table_of(2,
           "cut.jpg,White\nempty.png,White\nhuge.png,White\ntext.jpg,White\nfolder.jpg,White\nlink.jpg,White\n"
           "inner.jpg,White\n../secret.jpg,White\n/etc/hostname,White\ngone.jpg,White\n./sub/../1.jpg,White\n");
  options_.max_bad = 0.9;
  const ImportReport report = import();
  EXPECT_EQ(report.read, 13);
  EXPECT_EQ(report.kept, 4);
  EXPECT_EQ(report.reasons, (std::map<std::string, std::int64_t>{
                                {"missing picture", 1}, {"outside the root", 3}, {"unreadable picture", 5}}));
  const auto list = table::TableReader::open(folder_ / "out/quarantine.csv")
                        .read({{"table"}, {"row"}, {"id"}, {"reason"}, {"detail"}, {"remedy"}});
  EXPECT_THAT(list.texts("id"), ElementsAre("cut.jpg", "empty.png", "huge.png", "text.jpg", "folder.jpg", "link.jpg",
                                            "../secret.jpg", "/etc/hostname", "gone.jpg"));
  EXPECT_EQ(list.texts("row")[0], "4");
  EXPECT_EQ(list.texts("table")[0], "t.csv");
  EXPECT_THAT(list.texts("detail")[1], HasSubstr("empty"));
  EXPECT_THAT(list.texts("detail")[2], HasSubstr("megapixels"));
  EXPECT_THAT(list.texts("detail")[5], HasSubstr("a symbolic link leads out"));
  for (const std::string& remedy : list.texts("remedy")) EXPECT_FALSE(remedy.empty());
}

TEST_F(Import, FindsDamageWithoutDecodingOnlyWhereTheHeaderShowsIt) {
  write_file(folder_ / "in/cut.jpg", jpeg_of(101, 64, 64).substr(0, 900));
  table_of(1, "cut.jpg,White\n");
  options_.max_bad = 0.6;
  EXPECT_EQ(import().kept, 1);
  options_.verify = false;
  EXPECT_EQ(import().kept, 2);
}

TEST_F(Import, RejectsRepeatedIds) {
  table_of(3, "0.jpg,White\n1.jpg,White\n");  // the first says the same again, the second contradicts
  options_.max_bad = 0.6;
  const ImportReport report = import();
  EXPECT_EQ(report.kept, 2);
  EXPECT_EQ(report.reasons.at("duplicate id"), 3);
  const auto list = table::TableReader::open(folder_ / "out/quarantine.csv").read({{"row"}, {"detail"}});
  EXPECT_THAT(list.texts("row"), ElementsAre("3", "5", "6"));
  EXPECT_THAT(list.texts("detail")[0], HasSubstr("t.csv row 6 too, with other values"));
  EXPECT_THAT(list.texts("detail")[1], HasSubstr("t.csv row 2 too, with the same values"));
}

TEST_F(Import, StopsWhenTooMuchIsBadAndLeavesAnEarlierImportAlone) {
  table_of(20);
  import();
  const std::string before = read_file(folder_ / "out/manifest.parquet");
  table_of(20, "gone.jpg,White\n../up.jpg,White\n");
  const std::string message = message_of([&] { import(); });
  EXPECT_THAT(message, HasSubstr("2 of 22 rows can't be used: outside the root (1), missing picture (1)"));
  EXPECT_THAT(message, HasSubstr("at most 1 %"));
  EXPECT_THAT(message, HasSubstr((folder_ / "out/rejected.csv").string()));
  EXPECT_EQ(read_file(folder_ / "out/manifest.parquet"), before);
  EXPECT_THAT(outputs(), UnorderedElementsAre("manifest.parquet", "import.json", "quarantine.csv", "rejected.csv"));
  options_.max_bad = 0.1;
  import();
  EXPECT_THAT(outputs(), UnorderedElementsAre("manifest.parquet", "import.json", "quarantine.csv"));
  EXPECT_EQ(stored()["rows"], json({{"read", 22}, {"kept", 20}, {"quarantined", 2}}));
}

TEST_F(Import, LeavesNothingBesideTheListWhenItStops) {
  table_of(0, "gone.jpg,White\n");
  EXPECT_THAT(message_of([&] { import(); }), HasSubstr("1 of 1 rows can't be used"));
  EXPECT_THAT(outputs(), ElementsAre("rejected.csv"));
}

TEST_F(Import, RefusesAnEmptySourceAndAnUnknownLayout) {
  table_of(0);
  EXPECT_THAT(message_of([&] { import(); }), HasSubstr("the source is empty"));
  EXPECT_THAT(outputs(), ElementsAre());
  options_.layout = "imagefolders";
  const std::string message = message_of([&] { import(); });
  EXPECT_THAT(message, HasSubstr("one of fairface, ferplus, imagefolder, csv"));
  EXPECT_THAT(message, HasSubstr("did you mean `imagefolder`?"));
}

TEST_F(Import, KeepsEqualPicturesTogetherAndReportsLeaks) {
  for (const char* copy : {"a.jpg", "b.jpg"}) write_file(folder_ / "in" / copy, jpeg_of(0));
  write_file(folder_ / "in/c.jpg", jpeg_of(1));
  std::string text = "image,label.race,split,person\n0.jpg,White,train,p\na.jpg,Black,train,\nb.jpg,White,val,\n";
  text += "1.jpg,White,val,\nc.jpg,White,val,\n2.jpg,White,test,p\n";
  for (int i = 0; i < 3; ++i) write_file(folder_ / ("in/" + std::to_string(i) + ".jpg"), jpeg_of(i));
  write_file(options_.source, text);
  const ImportReport report = import();
  EXPECT_EQ(report.duplicates.groups, 2);
  EXPECT_EQ(report.duplicates.rows, 5);
  EXPECT_THAT(report.duplicates.across_splits, ElementsAre(ElementsAre("0.jpg", "a.jpg", "b.jpg")));
  EXPECT_EQ(report.duplicates.disagreeing, (std::map<std::string, std::int64_t>{{"label.race", 1}}));
  EXPECT_THAT(report.persons_across_splits, ElementsAre("p"));
  EXPECT_THAT(report.notes,
              ElementsAre("1 pictures lie in more than one split, byte for byte, e.g. 0.jpg, a.jpg and 1 more",
                          "1 persons lie in more than one split, e.g. p"));
  const auto rows = table::Manifest::open(options_.output).reader().read({{"kin"}, {"person"}});
  EXPECT_THAT(rows.texts("kin"), ElementsAre("0.jpg", "0.jpg", "0.jpg", "1.jpg", "1.jpg", "0.jpg"));
  EXPECT_EQ(stored()["duplicates"]["across_splits"], json({{"0.jpg", "a.jpg", "b.jpg"}}));
}

TEST_F(Import, GivesTheSameFilesWithAnyNumberOfThreads) {
  table_of(40, "gone.jpg,White\n");
  options_.default_split = "train";
  options_.test_from = "train";
  options_.stratify = {"race"};
  options_.max_bad = 0.1;
  std::vector<std::string> files;
  for (const int threads : {1, 3}) {
    ingest(options_, {.threads = threads});
    for (const char* name : {"manifest.parquet", "import.json", "quarantine.csv"})
      files.push_back(read_file(folder_ / "out" / name));
  }
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(files[i], files[i + 3]);
  EXPECT_EQ(stored()["splits"], json({{"train", 20}, {"test", 20}}));
  EXPECT_EQ(stored()["columns"]["label.race"]["splits"]["test"], json({{"Black", 10}, {"White", 10}}));
}

}  // namespace
}  // namespace evenface::ingest
