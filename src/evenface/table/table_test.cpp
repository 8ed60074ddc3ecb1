#include "evenface/table/table.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/json/from_string.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <parquet/arrow/writer.h>

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

/// The builder's dictionary column, or the same texts without a dictionary (a null is where the builder has one).
std::shared_ptr<arrow::Array> dictionary_or_plain(arrow::StringDictionaryBuilder& builder,
                                                  const std::vector<std::string>& texts, bool plain) {
  if (!plain) return builder.Finish().ValueOrDie();
  arrow::StringBuilder words;
  for (std::size_t i = 0; i < texts.size(); ++i)
    EXPECT_TRUE((i % 97 ? words.Append(texts[i]) : words.AppendNull()).ok());
  return words.Finish().ValueOrDie();
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

/// Any table of Arrow's as a Parquet file, as other programs write them.
void write_parquet(const std::filesystem::path& path, const arrow::FieldVector& fields,
                   const std::vector<std::shared_ptr<arrow::Array>>& columns, std::int64_t rows_per_group) {
  const auto table = arrow::Table::Make(arrow::schema(fields), columns);
  const auto stream = arrow::io::FileOutputStream::Open(path.string()).ValueOrDie();
  ASSERT_TRUE(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), stream, rows_per_group,
                                         parquet::default_writer_properties(),
                                         parquet::ArrowWriterProperties::Builder().store_schema()->build())
                  .ok());
  ASSERT_TRUE(stream->Close().ok());
}

std::shared_ptr<arrow::Array> json_array(const std::shared_ptr<arrow::DataType>& type, const std::string& json) {
  return arrow::json::ArrayFromJSONString(type, json).ValueOrDie();
}

TEST(Parquet, ReadsIdsOfAnyKindByTheKeysOfTheirTexts) {
  const Scratch scratch;
  const auto words = R"(["7", "8", "seven", "7"])", numbers = "[7, 8, -9, 7]";
  const std::vector<std::pair<std::shared_ptr<arrow::DataType>, std::string>> kinds{
      {arrow::utf8(), words},
      {arrow::large_utf8(), words},
      {arrow::utf8_view(), words},
      {arrow::binary(), words},
      {arrow::dictionary(arrow::int8(), arrow::utf8()), words},
      {arrow::dictionary(arrow::int32(), arrow::large_utf8()), words},
      {arrow::int8(), numbers},
      {arrow::int64(), numbers},
      {arrow::uint16(), "[7, 8, 9, 7]"}};
  for (const auto& [type, json] : kinds) {
    write_parquet(scratch / "t.parquet", {arrow::field("id", type)}, {json_array(type, json)}, 3);
    const TableReader reader = TableReader::open(scratch / "t.parquet");
    const Table t = reader.read({{"id", As::kKey}}, {}, 2);
    const Table texts = reader.read({{"id", As::kText}});
    EXPECT_EQ(texts.texts("id")[1], "8") << type->ToString();
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(t.keys("id").keys[i], key_of(texts.texts("id")[i])) << type->ToString();
      EXPECT_EQ(t.keys("id").checks[i], check_key_of(texts.texts("id")[i])) << type->ToString();
    }
  }
}

TEST(Parquet, JoinsDictionariesThatDifferByRowGroup) {
  const Scratch scratch;
  // Each row group meets its levels in another order, and the last brings a new one that sorts first.
  arrow::StringDictionaryBuilder builder;
  std::vector<std::string> expected;
  for (int i = 0; i < 3000; ++i) {
    expected.push_back(i < 1000 ? fmt::format("c{}", i % 5) : i < 2000 ? fmt::format("c{}", 4 - i % 5) : "a");
    ASSERT_TRUE((i % 97 ? builder.Append(expected.back()) : builder.AppendNull()).ok());
  }
  for (const bool plain : {false, true}) {
    auto column = dictionary_or_plain(builder, expected, plain);
    write_parquet(scratch / "t.parquet", {arrow::field("class", column->type())}, {column}, 1000);
    const TableReader reader = TableReader::open(scratch / "t.parquet");
    for (const int threads : {1, 3}) {
      const Factor f = reader.read({{"class", As::kFactor}}, {}, threads).factor("class");
      EXPECT_THAT(f.levels, ElementsAre("a", "c0", "c1", "c2", "c3", "c4"));
      for (std::int64_t i = 0; i < 3000; ++i)
        EXPECT_EQ(f.level_at(i), i % 97 ? expected[static_cast<std::size_t>(i)] : "") << i;
    }
    std::int64_t row = 0;
    reader.scan({{"class", As::kFactor}}, [&](const Table& batch) {
      EXPECT_EQ(batch.factor("class").levels.size(), 6);
      EXPECT_EQ(batch.factor("class").level_at(1), expected[static_cast<std::size_t>(row + 1)]);
      row += batch.rows();
    });
    EXPECT_EQ(row, 3000);
  }
}

TEST(Parquet, TakesNumbersAndVectorsAsTheyComeFromOtherPrograms) {
  const Scratch scratch;
  write_parquet(scratch / "t.parquet",
                {arrow::field("class", arrow::float64()), arrow::field("guess", arrow::int64()),
                 arrow::field("scores", arrow::list(arrow::float64())), arrow::field("flag", arrow::boolean())},
                {json_array(arrow::float64(), "[1, 0, null]"), json_array(arrow::int64(), "[1, 0, 2]"),
                 json_array(arrow::list(arrow::float64()), "[[0.5, 0.25], [1, 0], [0, 1]]"),
                 json_array(arrow::boolean(), "[true, false, null]")},
                2);
  const TableReader reader = TableReader::open(scratch / "t.parquet");
  const Table t = reader.read({{"class", As::kFactor}, {"guess", As::kFactor}, {"scores"}, {"flag", As::kFactor}});
  EXPECT_THAT(t.factor("class").levels, ElementsAre("0", "1"));
  EXPECT_THAT(t.factor("class").codes, ElementsAre(1, 0, -1));
  EXPECT_THAT(t.factor("guess").levels, ElementsAre("0", "1", "2"));
  EXPECT_THAT(t.factor("flag").levels, ElementsAre("false", "true"));
  EXPECT_THAT(t.vectors("scores").values, ElementsAre(0.5F, 0.25F, 1, 0, 0, 1));
  EXPECT_TRUE(reader.holds_vectors("scores"));
  EXPECT_FALSE(reader.holds_vectors("class"));
  EXPECT_THAT(reader.read({{"guess", As::kReal}}).reals("guess"), ElementsAre(1, 0, 2));
  EXPECT_TRUE(std::isnan(reader.read({{"class", As::kReal}}).reals("class")[2]));
  EXPECT_THAT(message_of([&] { reader.read({{"class", As::kInteger}}); }), HasSubstr("row 3, column class"));
  EXPECT_THAT(message_of([&] { reader.read({{"scores", As::kFactor}}); }), HasSubstr("column scores: holds list"));
  EXPECT_THAT(message_of([&] { reader.read({{"guess", As::kFactor, {}, 2}}); }),
              HasSubstr("column guess: holds more than 2 different values"));
  write_parquet(scratch / "ragged.parquet", {arrow::field("scores", arrow::list(arrow::float32()))},
                {json_array(arrow::list(arrow::float32()), "[[1, 2], [1]]")}, 2);
  EXPECT_THAT(message_of([&] { TableReader::open(scratch / "ragged.parquet").read({{"scores"}}); }),
              HasSubstr("all of one length"));
  arrow::BinaryBuilder latin;
  ASSERT_TRUE(latin.Append("Jos\xe9").ok());
  write_parquet(scratch / "latin.parquet", {arrow::field("class", arrow::binary())}, {latin.Finish().ValueOrDie()}, 2);
  for (const As as : {As::kFactor, As::kText})
    EXPECT_THAT(message_of([&] { TableReader::open(scratch / "latin.parquet").read({{"class", as}}); }),
                HasSubstr("row 1, column class: the text is not UTF-8"));
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
