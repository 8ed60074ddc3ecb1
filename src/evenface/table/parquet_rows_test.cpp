// Parquet files as other programs write them.
#include "evenface/table/parquet_rows.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/json/from_string.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <parquet/arrow/writer.h>

#include "evenface/core/file.h"
#include "evenface/core/random.h"
#include "evenface/core/scratch.h"
#include "evenface/core/testing.h"
#include "evenface/table/table.h"

namespace evenface::table {
namespace {
using As = ColumnRequest::As;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsNan;

/// The builder's dictionary column, or the same texts without a dictionary (a null is where the builder has one).
std::shared_ptr<arrow::Array> dictionary_or_plain(arrow::StringDictionaryBuilder& builder,
                                                  const std::vector<std::string>& texts, bool plain) {
  if (!plain) return builder.Finish().ValueOrDie();
  arrow::StringBuilder words;
  for (std::size_t i = 0; i < texts.size(); ++i)
    EXPECT_TRUE((i % 97 ? words.Append(texts[i]) : words.AppendNull()).ok());
  return words.Finish().ValueOrDie();
}

/// Any table of Arrow's as a Parquet file, as other programs write them.
void write_parquet(
    const std::filesystem::path& path, const arrow::FieldVector& fields,
    const std::vector<std::shared_ptr<arrow::Array>>& columns, std::int64_t rows_per_group,
    const std::shared_ptr<parquet::WriterProperties>& properties = parquet::default_writer_properties()) {
  const auto table = arrow::Table::Make(arrow::schema(fields), columns);
  const auto stream = arrow::io::FileOutputStream::Open(path.string()).ValueOrDie();
  ASSERT_TRUE(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), stream, rows_per_group, properties,
                                         parquet::ArrowWriterProperties::Builder().store_schema()->build())
                  .ok());
  ASSERT_TRUE(stream->Close().ok());
}

std::shared_ptr<arrow::Array> json_array(const std::shared_ptr<arrow::DataType>& type, const std::string& json) {
  return arrow::json::ArrayFromJSONString(type, json).ValueOrDie();
}

TEST(ForeignParquet, ReadsIdsOfAnyKindByTheKeysOfTheirTexts) {
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

TEST(ForeignParquet, JoinsDictionariesThatDifferByRowGroup) {
  const Scratch scratch;
  // Each row group meets its levels in another order, and the last brings a new one that sorts first.
  arrow::StringDictionaryBuilder builder;
  std::vector<std::string> expected;
  for (int i = 0; i < 3000; ++i) {
    expected.push_back(i < 1000 ? fmt::format("c{}", i % 5) : i < 2000 ? fmt::format("c{}", 4 - i % 5) : "a");
    ASSERT_TRUE((i % 97 ? builder.Append(expected.back()) : builder.AppendNull()).ok());
  }
  // Coded by a dictionary throughout, in the first pages alone, or nowhere; with pages of few rows.
  const auto pages = [] { return parquet::WriterProperties::Builder(); };
  const std::pair<bool, std::shared_ptr<parquet::WriterProperties>> kinds[] = {
      {false, parquet::default_writer_properties()},
      {true, pages().data_pagesize(64)->write_batch_size(100)->build()},
      {true, pages().data_pagesize(64)->write_batch_size(100)->dictionary_pagesize_limit(20)->build()},
      {true, pages().disable_dictionary()->build()}};
  for (const auto& [plain, properties] : kinds) {
    auto column = dictionary_or_plain(builder, expected, plain);
    write_parquet(scratch / "t.parquet", {arrow::field("class", column->type())}, {column}, 1000, properties);
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

TEST(ForeignParquet, TakesNumbersAndVectorsAsTheyComeFromOtherPrograms) {
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
  for (const auto& type : {arrow::list(arrow::float32()), arrow::fixed_size_list(arrow::float64(), 2)}) {
    write_parquet(scratch / "holes.parquet", {arrow::field("scores", type)},
                  {json_array(type, "[null, null, null, [0.5, 0.25], [null, 1], null, null]")}, 3);
    const Table holes = TableReader::open(scratch / "holes.parquet").read({{"scores"}});
    const auto& v = holes.vectors("scores");
    EXPECT_EQ(v.width, 2);
    EXPECT_THAT(v.values, ElementsAre(IsNan(), IsNan(), IsNan(), IsNan(), IsNan(), IsNan(), 0.5F, 0.25F, IsNan(), 1,
                                      IsNan(), IsNan(), IsNan(), IsNan()));
  }
  write_parquet(scratch / "none.parquet", {arrow::field("scores", arrow::list(arrow::float32()))},
                {json_array(arrow::list(arrow::float32()), "[null, null]")}, 2);
  EXPECT_THAT(message_of([&] { TableReader::open(scratch / "none.parquet").read({{"scores"}}); }),
              HasSubstr("a vector of reals in every row, all of one length, or null"));
  arrow::BinaryBuilder latin;
  ASSERT_TRUE(latin.Append("Jos\xe9").ok());
  write_parquet(scratch / "latin.parquet", {arrow::field("class", arrow::binary())}, {latin.Finish().ValueOrDie()}, 2);
  for (const As as : {As::kFactor, As::kText})
    EXPECT_THAT(message_of([&] { TableReader::open(scratch / "latin.parquet").read({{"class", as}}); }),
                HasSubstr("row 1, column class: the text is not UTF-8"));
}

TEST(ForeignParquet, GivesTheKeysOfItsTextsInAnyEncoding) {
  const Scratch folder;
  for (const auto& [seed, texts] : {std::pair<std::string, Texts>{"plain", {"a", "bb", "", "ccc", "", "a"}},
                                    {"dictionary", {"a", "bb", "", "ccc", "", "a"}},
                                    {"delta", {"face1", "face2", "face10"}}}) {
    const std::string bytes = read_file(EVENFACE_SOURCE "/fuzz/seeds/table/" + seed);
    write_file(folder / "t.parquet", std::string_view(bytes).substr(1));
    const Table t = TableReader::open(folder / "t.parquet").read({{"id", ColumnRequest::As::kKey}});
    for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(t.keys("id").keys.at(i), key_of(texts[i])) << seed << i;
  }
}

// Found by the fuzzer: 46 thousand million rows in 433 bytes, and level histograms of the wrong length.
TEST(BrokenParquet, IsRefusedBeforeMemoryIsTaken) {
  const Scratch folder;
  for (const auto& [seed, says] : {std::pair<std::string, std::string>{"many_rows", "a column has more or fewer rows"},
                                   {"histogram", "histogram size mismatch"}}) {
    const std::string bytes = read_file(EVENFACE_SOURCE "/fuzz/seeds/table/" + seed);
    write_file(folder / "t.parquet", std::string_view(bytes).substr(1));
    const TableReader reader = TableReader::open(folder / "t.parquet");
    for (const As as : {As::kKey, As::kText, As::kFactor})
      EXPECT_THAT(message_of([&] { reader.read({{reader.names().front(), as}}); }), HasSubstr(says));
  }
}

}  // namespace
}  // namespace evenface::table
