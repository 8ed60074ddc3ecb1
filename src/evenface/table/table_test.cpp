#include "evenface/table/table.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/random.h"
#include "evenface/core/scratch.h"
#include "evenface/core/testing.h"
#include "evenface/table/manifest.h"

namespace evenface::table {
namespace {
using As = ColumnRequest::As;
using testing::ElementsAre;
using testing::HasSubstr;

Table sample() {
  Table t;
  t.add("id", Texts{"a", "b,\"c\"", "ü"});
  t.add("race", Factor{"race", {"White", "Black", "unused"}, {1, -1, 0}});
  t.add("width", std::vector<std::int64_t>{1, 2, 3});
  t.add("weight", std::vector<double>{0.5, 1, 2});
  t.add("scores", Vectors{2, {1, 2, 3, 4, 5, 6}});
  return t;
}

TEST(Parquet, GivesBackWhatWasWritten) {
  const Scratch scratch;
  TableWriter writer(scratch / "t.parquet", {{"key", "value"}});
  for (int i = 0; i < 2; ++i) writer.append(sample());
  writer.commit();
  const TableReader reader = TableReader::open(scratch / "t.parquet");
  EXPECT_EQ(reader.metadata().at("key"), "value");
  const Table t = reader.read({{"scores"}, {"id"}, {"race"}, {"width"}, {"weight"}});
  EXPECT_EQ(t.rows(), 6);
  EXPECT_EQ(t.texts("id")[4], "b,\"c\"");
  EXPECT_THAT(t.factor("race").levels, ElementsAre("White", "Black", "unused"));
  EXPECT_THAT(t.factor("race").codes, ElementsAre(1, -1, 0, 1, -1, 0));
  EXPECT_EQ(t.integers("width")[5], 3);
  EXPECT_EQ(t.reals("weight")[0], 0.5);
  EXPECT_EQ(t.vectors("scores").width, 2);
  EXPECT_EQ(t.vectors("scores").values[9], 4);
}

TEST(Parquet, AppearsOnlyWhenCommitted) {
  const Scratch scratch;
  {
    TableWriter(scratch / "t.parquet").append(sample());
  }
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
}

TEST(Parquet, IsScannedInRowGroupsWithTheSameLevels) {
  const Scratch scratch;
  constexpr std::int64_t n = 150000;
  Table big;
  std::vector<std::int64_t> number(n);
  std::vector<std::int32_t> code(n);
  for (std::int64_t i = 0; i < n; ++i) number[i] = i, code[i] = static_cast<std::int32_t>(i * 3 / n);
  big.add("number", std::move(number));
  big.add("third", Factor{"third", {"first", "second", "last"}, std::move(code)});
  TableWriter writer(scratch / "t.parquet");
  writer.append(big);
  writer.commit();
  std::int64_t rows = 0, batches = 0, sum = 0;
  TableReader::open(scratch / "t.parquet").scan({{"third"}, {"number"}}, [&](const Table& batch) {
    EXPECT_THAT(batch.factor("third").levels, ElementsAre("first", "second", "last"));
    for (std::int64_t i = 0; i < batch.rows(); ++i) sum += batch.integers("number")[i] * batch.factor("third").codes[i];
    rows += batch.rows(), ++batches;
  });
  std::int64_t expected = 0;
  for (std::int64_t i = 0; i < n; ++i) expected += i * (i * 3 / n);
  EXPECT_EQ(rows, n);
  EXPECT_GE(batches, 3);
  EXPECT_EQ(sum, expected);
}

TEST(Csv, IsReadAsTextFactorsAndNumbers) {
  const Scratch scratch;
  write_file(scratch / "t.csv", "\xEF\xBB\xBFid,race,age\r\n007,\"White, pale\",3\r\n8,,4.5\r\n9,Black,\r\n");
  const TableReader reader = TableReader::open(scratch / "t.csv");
  const Table t = reader.read({{"id"}, {"race", As::kFactor}, {"age", As::kReal}});
  EXPECT_THAT(t.texts("id"), ElementsAre("007", "8", "9"));
  EXPECT_THAT(t.factor("race").levels, ElementsAre("Black", "White, pale"));
  EXPECT_THAT(t.factor("race").codes, ElementsAre(1, -1, 0));
  EXPECT_EQ(t.reals("age")[1], 4.5);
  EXPECT_TRUE(std::isnan(t.reals("age")[2]));
  EXPECT_THAT(message_of([&] { reader.read({{"age", As::kInteger}}); }), HasSubstr("row 3, column age: \"4.5\""));
}

TEST(Csv, RoundTripsThroughWriteCsv) {
  const Scratch scratch;
  write_csv(scratch / "t.csv", sample());
  const Table t = TableReader::open(scratch / "t.csv").read({{"id"}, {"race", As::kFactor}, {"width", As::kInteger}});
  EXPECT_EQ(t.texts("id"), sample().texts("id"));
  EXPECT_THAT(t.factor("race").codes, ElementsAre(0, -1, 1));
  EXPECT_THAT(t.integers("width"), ElementsAre(1, 2, 3));
}

TEST(Csv, MayHaveNoRows) {
  const Scratch scratch;
  write_file(scratch / "t.csv", "file,race\n");
  const Table t = TableReader::open(scratch / "t.csv").read({{"file"}, {"race", As::kFactor}});
  EXPECT_TRUE(t.texts("file").empty());
  EXPECT_TRUE(t.factor("race").levels.empty());
}

TEST(Csv, IsReadWithoutAHeader) {
  const Scratch folder;
  write_file(folder / "t.csv", "a.png,\"(0, 0)\",1\nb.png,2\nc.png,\"(0, 0)\",3\n");
  const auto reader = TableReader::open(folder / "t.csv", {"name", "box", "votes"});
  EXPECT_EQ(reader.first_row(), 1);
  std::vector<std::int64_t> bad;
  const Table t = reader.read({{"name"}, {"votes"}}, [&](const BadRow& row) { bad.push_back(row.number); });
  EXPECT_THAT(t.texts("name"), ElementsAre("a.png", "c.png"));
  EXPECT_THAT(t.texts("votes"), ElementsAre("1", "3"));
  EXPECT_THAT(bad, ElementsAre(2));
}

TEST(Csv, GivesBadRowsToWhoeverAsksForThem) {
  const Scratch scratch;
  write_file(scratch / "t.csv", "file,race\na,White\nb\nc,Black,extra\nd,Black\n");
  const TableReader reader = TableReader::open(scratch / "t.csv");
  const std::vector<ColumnRequest> columns{{"file"}, {"race", As::kFactor}};
  EXPECT_THAT(message_of([&] { reader.read(columns); }), HasSubstr("t.csv"));
  std::vector<std::int64_t> bad;
  const Table t = reader.read(columns, [&](const BadRow& row) {
    bad.push_back(row.number);
    bad.push_back(row.found_cells);
  });
  EXPECT_THAT(t.texts("file"), ElementsAre("a", "d"));
  EXPECT_THAT(t.factor("race").codes, ElementsAre(1, 0));
  EXPECT_THAT(bad, ElementsAre(3, 1, 4, 3));
}

/// A CSV file of several parts, whose rows hold their number; every third note runs over two lines if `quoted`.
std::string long_csv(std::int64_t rows, bool quoted) {
  std::string text = "id,class,note,number\r\n";
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::string note = quoted && i % 3 == 0 ? "\"two\nlines, \"\"quoted\"\"\"" : "plain words to fill the row";
    text += fmt::format("id-{:030},{},{},{}\r\n", i, i * 7 / rows, note, i);
  }
  return text;
}

TEST(LongCsv, IsReadTheSameOnAnyNumberOfThreads) {
  const Scratch scratch;
  constexpr std::int64_t n = 120000;
  for (const bool quoted : {false, true}) {
    write_file(scratch / "t.csv", long_csv(n, quoted));
    const TableReader reader = TableReader::open(scratch / "t.csv");
    const std::vector<ColumnRequest> columns{
        {"id", As::kKey}, {"class", As::kFactor}, {"note"}, {"number", As::kInteger}};
    const Table one = reader.read(columns), four = reader.read(columns, {}, 4);
    ASSERT_EQ(one.rows(), n);
    EXPECT_EQ(one.keys("id").keys, four.keys("id").keys);
    EXPECT_EQ(one.keys("id").checks, four.keys("id").checks);
    EXPECT_EQ(one.factor("class").codes, four.factor("class").codes);
    EXPECT_EQ(one.texts("note"), four.texts("note"));
    EXPECT_EQ(one.keys("id").keys[n - 1], key_of(fmt::format("id-{:030}", n - 1)));
    EXPECT_EQ(one.texts("note")[3], quoted ? "two\nlines, \"quoted\"" : "plain words to fill the row");
    for (std::int64_t i = 0; i < n; i += 1000) {
      EXPECT_EQ(four.integers("number")[static_cast<std::size_t>(i)], i);
      EXPECT_EQ(four.factor("class").level_at(i), std::to_string(i * 7 / n));
    }
    std::int64_t rows = 0;
    reader.scan({{"number", As::kInteger}, {"class", As::kFactor}}, [&](const Table& batch) {
      EXPECT_EQ(batch.integers("number")[0], rows);
      EXPECT_EQ(batch.factor("class").levels.size(), 7);
      rows += batch.rows();
    });
    EXPECT_EQ(rows, n);
  }
}

TEST(LongCsv, MayHaveRowsThatAreLongerThanAPart) {
  const Scratch scratch;
  for (const bool quoted : {false, true}) {
    std::string text = "id,note,class\n";
    for (int i = 0; i < 5; ++i) {
      const std::string note(std::size_t{3} << 20, static_cast<char>('a' + i));
      text += fmt::format("{},{},x{}\n", i, quoted ? "\"\n" + note + "\r\"" : note + note, i % 2);
    }
    write_file(scratch / "t.csv", text);
    const TableReader reader = TableReader::open(scratch / "t.csv");
    for (const int threads : {1, 4}) {
      const Table t = reader.read({{"id"}, {"note"}, {"class", As::kFactor}}, {}, threads);
      EXPECT_THAT(t.texts("id"), ElementsAre("0", "1", "2", "3", "4"));
      EXPECT_THAT(t.factor("class").codes, ElementsAre(0, 1, 0, 1, 0));
      EXPECT_EQ(t.texts("note")[4].size(), (quoted ? 1 : 2) * (std::size_t{3} << 20) + (quoted ? 2 : 0));
    }
  }
}

TEST(LongCsv, NamesTheRowWhateverThePart) {
  const Scratch scratch;
  constexpr std::int64_t n = 120000;
  std::string text = long_csv(n, false);
  const auto at = text.find("id-" + fmt::format("{:030}", 99999));
  text.replace(text.find("99999\r", at + 33), 5, "many?");
  write_file(scratch / "t.csv", text);
  const TableReader reader = TableReader::open(scratch / "t.csv");
  for (const int threads : {1, 4})
    EXPECT_THAT(message_of([&] { reader.read({{"number", As::kInteger}}, {}, threads); }),
                HasSubstr("row 100001, column number: \"many?\""));
  text.insert(at, "a,row,too,long,by one\r\n");
  write_file(scratch / "t.csv", text);
  std::vector<std::int64_t> bad;
  const Table t = reader.read({{"id"}}, [&](const BadRow& row) { bad.push_back(row.number); }, 4);
  EXPECT_EQ(t.rows(), n);
  EXPECT_THAT(bad, ElementsAre(100001));
  EXPECT_EQ(t.texts("id")[n - 1], fmt::format("id-{:030}", n - 1));
}

TEST(Csv, MayHoldBlankLinesAndNoLastLineEnd) {
  const Scratch scratch;
  write_file(scratch / "t.csv", "\n\r\nid,race\n\n1,White\n\n\n2,Black");
  const Table t = TableReader::open(scratch / "t.csv").read({{"id"}, {"race", As::kFactor}}, {}, 2);
  EXPECT_THAT(t.texts("id"), ElementsAre("1", "2"));
  EXPECT_THAT(t.factor("race").codes, ElementsAre(1, 0));
}

TEST(Csv, MayEndLinesInEachWay) {
  const Scratch scratch;
  for (const std::string text : {"id,race\r1,White\r2,Black\r", "id,race\n1,White\r2,Black",
                                 "id,race\r\n1,White\r\r2,Black\n", "id,\"race\"\r1,White\r\n2,Black\r"}) {
    write_file(scratch / "t.csv", text);
    const Table table = TableReader::open(scratch / "t.csv").read({{"id"}, {"race"}});
    EXPECT_THAT(table.texts("id"), ElementsAre("1", "2")) << text;
    EXPECT_THAT(table.texts("race"), ElementsAre("White", "Black")) << text;
  }
}

TEST(Csv, MayHaveOneRow) {
  const Scratch scratch;
  write_file(scratch / "t.csv", "id\n1\n");
  EXPECT_EQ(TableReader::open(scratch / "t.csv").read({{"id", As::kKey}}).keys("id").keys[0], key_of("1"));
}

TEST(WrongText, IsNamedByItsLine) {
  const Scratch scratch;
  const auto message = [&](const std::string& text) {
    write_file(scratch / "t.csv", text);
    return message_of([&] { TableReader::open(scratch / "t.csv").read({{"name"}, {"race", As::kFactor}}, {}, 2); });
  };
  EXPECT_THAT(message("name,race\nA,White\nJos\xe9,White\n"), HasSubstr("line 3: the text is not UTF-8"));
  EXPECT_THAT(message(std::string("name,race\nA,White\nB,Wh\0te\n", 25)), HasSubstr("line 3: a byte 0"));
  std::string wide("\xff\xfe", 2);
  for (const char c : std::string("name,race\nA,White\n")) wide += c, wide += '\0';
  EXPECT_THAT(message(wide), HasSubstr("line 1: a byte 0"));
  EXPECT_THAT(message("name,race\nA,\"White\nB,Black\n"),
              HasSubstr("line 2: a quote is opened here or below and never closed"));
  EXPECT_THAT(message(""), HasSubstr("Empty CSV file"));
}

TEST(WrongTables, AreNamedWithARemedy) {
  const Scratch scratch;
  write_file(scratch / "semicolon.csv", "id;race\n1;White\n");
  EXPECT_THAT(message_of([&] { TableReader::open(scratch / "semicolon.csv"); }), HasSubstr("separated by \";\""));
  write_file(scratch / "ragged.csv", "id,race\n1,White\n2\n");
  EXPECT_THAT(message_of([&] { TableReader::open(scratch / "ragged.csv").read({{"id"}}); }),
              HasSubstr("row 3: the row has 1 cell: 2\n  expected  2 cells"));
  write_file(scratch / "t.csv", "id,race\n1,White\n");
  EXPECT_THAT(message_of([&] { TableReader::open(scratch / "t.csv").read({{"gender"}}); }),
              HasSubstr("column gender: there is no such column\n  expected  one of id, race"));
  write_file(scratch / "twice.csv", "id,id\n1,2\n");
  EXPECT_THAT(message_of([&] { TableReader::open(scratch / "twice.csv"); }), HasSubstr("two columns"));
  write_file(scratch / "broken.parquet", "PAR1 but not really");
  EXPECT_THAT(message_of([&] { TableReader::open(scratch / "broken.parquet"); }), HasSubstr("can't read as Parquet"));
  EXPECT_THAT(message_of([&] { TableReader::open(scratch / "missing.csv"); }), HasSubstr("No such file"));
  EXPECT_THAT(message_of([&] { TableReader::open(scratch.path()); }), HasSubstr(".csv, .tsv or .parquet"));
  EXPECT_THAT(message_of([&] { TableReader::open(scratch / "t.csv").read({{"race", As::kFactor, {"Black"}}}); }),
              HasSubstr("row 2, column race: unknown level \"White\""));
}

TEST(Manifest, KeepsTheDescriptionAndFindsColumnsByPlainName) {
  const Scratch scratch;
  Table rows;
  rows.add("id", Texts{"1"});
  rows.add("image", Texts{"1.jpg"});
  rows.add("split", Factor{"split", split_levels(), {0}});
  rows.add("label.race", Factor{"label.race", {"a"}, {0}});
  rows.add("attr.gender", Factor{"attr.gender", {"f"}, {0}});
  TableWriter writer(scratch / "manifest.parquet",
                     manifest_metadata({"set", "images", "CC BY 4.0", "", "", {{"label.race", {"given", "raters"}}}}));
  writer.append(rows);
  writer.commit();
  const Manifest m = Manifest::open(scratch.path());
  EXPECT_EQ(m.info().sources.at("label.race").by, "raters");
  EXPECT_EQ(m.root(), scratch / "images");
  EXPECT_EQ(m.column_of("race"), "label.race");
  EXPECT_EQ(m.column_of("gender"), "attr.gender");
  EXPECT_THAT(message_of([&] { m.column_of("age"); }), HasSubstr("an attribute (gender) or a label (race)"));
  EXPECT_THAT(message_of([&] { Manifest::open(scratch / "elsewhere"); }), HasSubstr("evenface ingest"));
}

}  // namespace
}  // namespace evenface::table
