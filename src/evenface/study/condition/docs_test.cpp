#include <charconv>

#include <gtest/gtest.h>

#include "evenface/core/file.h"
#include "evenface/study/condition/testing.h"

// docs/conditions.md says what the program does.
namespace evenface::study {
namespace {

/// The cells of the rows of a table in docs/conditions.md, found by its header.
std::vector<std::vector<std::string>> table(const std::string& header) {
  const std::string page = read_file(EVENFACE_SOURCE "/docs/conditions.md");
  std::size_t at = page.find("\n" + header + "\n");
  ensure(at != std::string::npos, header.c_str());
  at = page.find("---", at);
  std::vector<std::vector<std::string>> rows;
  for (at = page.find('\n', at) + 1; page[at] == '|'; at = page.find('\n', at) + 1) {
    std::vector<std::string> cells;
    const std::size_t end = page.find('\n', at);
    for (std::size_t begin = at + 1; begin < end;) {
      const std::size_t bar = page.find('|', begin);
      std::string cell = page.substr(begin, bar - begin);
      std::erase(cell, '`');
      const std::size_t first = cell.find_first_not_of(' ');
      cells.push_back(first == std::string::npos ? "" : cell.substr(first, cell.find_last_not_of(' ') + 1 - first));
      begin = bar + 1;
    }
    rows.push_back(std::move(cells));
  }
  return rows;
}

double number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  ensure(error == std::errc() && end == text.data() + text.size(), text.c_str());
  return value;
}

std::string canonical(const std::string& figure) {
  return text_of(std::get<FigureTest>(parse_condition(figure + " < 1").tests.front().what).request);
}

FakeSource figures_of_the_page() {
  FakeSource source;
  for (const auto& row : table("| figure | value | low | high | n |")) {
    const auto n = static_cast<std::int64_t>(number(row[4]));
    if (row[1].empty())
      source.figures[canonical(row[0])] = {stats::not_estimable(n, std::to_string(n) + " rows, fewer than 30")};
    else source.add(canonical(row[0]), number(row[1]), {number(row[2]), number(row[3])}, n);
  }
  return source;
}

TEST(ConditionsPage, ExamplesAnswerAsItSays) {
  const FakeSource source = figures_of_the_page();
  const auto examples = table("| condition | holds | why |");
  EXPECT_GE(examples.size(), 10u);
  for (const auto& row : examples) {
    const ConditionResult result = evaluate_condition(parse_condition(row[0]), source);
    EXPECT_EQ(result.holds() ? "yes" : "no", row[1]) << row[0];
    std::string lines = describe(result);
    if (const std::size_t end = lines.find('\n'); end != std::string::npos) lines.replace(end, 1, "<br>");
    EXPECT_EQ(lines, row[2]) << row[0];
  }
}

TEST(ConditionsPage, NamesEveryMeasure) {
  std::vector<std::string> names;
  std::string words;
  for (const auto& row : table("| measure | also | of | without a class it means |"))
    names.push_back(row[0]), words += row[1] + ", ";
  EXPECT_EQ(names, measure_names());
  for (const std::string& word : other_measure_words()) EXPECT_NE(words.find(word + ","), std::string::npos) << word;
}

/// The figure of which the table of functions shows the form.
std::string figure_of(std::string form, const std::string& metric) {
  for (const auto& [word, example] : std::vector<std::pair<std::string, std::string>>{
           {"metric", metric}, {"[class,]", "fear,"}, {"groups", "race*gender"}})
    if (const std::size_t at = form.find(word); at != std::string::npos) form.replace(at, word.size(), example);
  return form;
}

bool is_refused(const std::string& text) {
  return refusal_of([&] { parse_condition(text); }) != "no error";
}

TEST(ConditionsPage, EveryFunctionIsOne) {
  for (const auto& row : table("| function | is | is best |"))
    EXPECT_EQ(refusal_of([&] { parse_condition(figure_of(row[0], "accuracy") + " < 0.5"); }), "no error");
}

TEST(ConditionsPage, SaysWhatHasNoAnswer) {
  for (const auto& row : table("| function | is | is best |")) {
    const std::size_t exceptions = row[1].find("not of ");
    for (const std::string& measure : measure_names()) {
      const std::string figure = figure_of(row[0], measure);
      const bool excepted =
          row[0].contains("metric") && (measure == "ece" || row[1].find(measure, exceptions) != std::string::npos);
      EXPECT_EQ(is_refused(figure + " < 0.5"), excepted) << figure;
      EXPECT_EQ(is_refused(figure + " < 0.5 with 95%"), excepted || row[1].ends_with("has no interval")) << figure;
    }
  }
}

}  // namespace
}  // namespace evenface::study
