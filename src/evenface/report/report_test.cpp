#include "evenface/report/report.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/report/page_template.h"

namespace evenface::report {
namespace {

nlohmann::json document_called(const std::string& title) {
  return {{"schema_version", 1},
          {"document", "comparison"},
          {"title", title},
          {"made", nlohmann::json::object()},
          {"design", nlohmann::json::object()},
          {"findings", nlohmann::json::array()}};
}

/// What the browser would hand to JSON.parse: the text between the script's tags.
std::string embedded(const std::filesystem::path& page) {
  const std::string text = read_file(page);
  const std::string open = R"(<script id="findings" type="application/json">)";
  const std::size_t begin = text.find(open) + open.size();
  return text.substr(begin, text.find("</script>", begin) - begin);
}

class WriteReport : public testing::Test {
 protected:
  Scratch folder_;
  std::filesystem::path page_ = folder_.path() / "report.html";
};

TEST_F(WriteReport, KeepsTheFindingsAsTheyAre) {
  const nlohmann::json golden = nlohmann::json::parse(read_file(EVENFACE_SOURCE "/tests/report/documents/oracle.json"));
  write_report(golden, page_);
  EXPECT_EQ(nlohmann::json::parse(embedded(page_)), golden);
}

TEST_F(WriteReport, AnyTextComesBackAndNoneIsMarkup) {
  EXPECT_TRUE(rc::check([this](const std::vector<std::string>& parts) {
    static const std::vector<std::string> kHostile = {"</script>", "<!--", "-->", "<script>", "]]>", "&lt;", "\u2028"};
    std::string title;
    for (const std::string& part : parts) {
      for (const char c : part) title += static_cast<char>(c & 0x7f);
      title += kHostile[part.size() % kHostile.size()];
    }
    write_report(document_called(title), page_);
    const std::string text = embedded(page_);
    RC_ASSERT(text.find_first_of("<>&") == std::string::npos);
    RC_ASSERT(nlohmann::json::parse(text)["title"] == title);
  }));
}

TEST_F(WriteReport, HoldsOnePlaceForTheFindings) {
  const std::string_view page = page_template();
  EXPECT_EQ(page.find(kFindingsMark), page.rfind(kFindingsMark));
  EXPECT_NE(page.find(kFindingsMark), std::string_view::npos);
  EXPECT_LT(page.size(), 2u << 20);
}

TEST_F(WriteReport, LeavesNothingWhenTheDocumentIsWrong) {
  nlohmann::json newer = document_called("x");
  newer["schema_version"] = 2;
  nlohmann::json without = document_called("x");
  without.erase("findings");
  for (const nlohmann::json& wrong : {newer, without, nlohmann::json::array(), document_called("\xff")}) {
    EXPECT_THROW(write_report(wrong, page_), InputError);
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
  }
}

TEST_F(WriteReport, NamesTheFileAndTheByteThatAreNoJson) {
  const std::filesystem::path findings = folder_.path() / "findings.json";
  write_file(findings, "{\"schema_version\": 1,,}");
  try {
    write_report(findings, page_);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.problem().file, findings.string());
    EXPECT_EQ(error.problem().at, "byte 22");
  }
}

}  // namespace
}  // namespace evenface::report
