#include "evenface/study/condition/figure_parser.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace evenface::study {
namespace {

/// What stands before the crossing in a function's parentheses.
enum class Takes { kMetric, kClass };

struct Function {
  std::string_view name;
  FigureKind kind;
  Takes takes = Takes::kMetric;
  const char* measure = "";  ///< whose class is named, for kClass
};

constexpr std::array kFunctions{
    Function{"gap", FigureKind::kGap},
    Function{"ratio", FigureKind::kRatio},
    Function{"sd", FigureKind::kSd},
    Function{"sd_corrected", FigureKind::kSdCorrected},
    Function{"mean", FigureKind::kMean},
    Function{"worst", FigureKind::kWorst},
    Function{"parity_difference", FigureKind::kGap, Takes::kClass, "selection_rate"},
    Function{"parity_ratio", FigureKind::kRatio, Takes::kClass, "selection_rate"},
    Function{"odds_difference", FigureKind::kOddsDifference, Takes::kClass, "recall"},
    // Not "odds_ratio", which is another thing of a table of two by two.
    Function{"equalized_odds_ratio", FigureKind::kOddsRatio, Takes::kClass, "recall"},
    Function{"demographic_parity_difference", FigureKind::kGap, Takes::kClass, "selection_rate"},
    Function{"demographic_parity_ratio", FigureKind::kRatio, Takes::kClass, "selection_rate"},
    Function{"equalized_odds_difference", FigureKind::kOddsDifference, Takes::kClass, "recall"},
};

const Function* find_function(std::string_view name) {
  const auto found = std::ranges::find(kFunctions, name, &Function::name);
  return found == kFunctions.end() ? nullptr : &*found;
}

/// Words that join parts of a condition, and so end a name without quote marks.
bool is_keyword(std::string_view word) { return word == "and" || word == "or" || word == "with" || word == "of"; }

void expect(Cursor& cursor, char c, const std::string& after, const std::string& remedy = {}) {
  cursor.skip_space();
  if (cursor.take(c)) return;
  reject(cursor, cursor.at, fmt::format("{} {}", cursor.found(), after), fmt::format("\"{}\"", c), remedy);
}

PlacedName read_name(Cursor& cursor, const char* expected) {
  cursor.skip_space();
  const std::size_t at = cursor.at;
  const auto text = cursor.quoted();
  PlacedName name{text ? *text : std::string(cursor.word()), at};
  if (name.name.empty())
    reject(cursor, at, text ? "an empty name in quote marks" : cursor.found() + " where a name was expected", expected);
  return name;
}

/// A level: in quote marks, or words with spaces between them.
PlacedName read_level(Cursor& cursor) {
  PlacedName level = read_name(cursor, "a level, as in gender=Female");
  if (cursor.text[level.at] == '"') return level;
  for (Cursor ahead = cursor; !cursor.at_end(); cursor = ahead) {
    ahead.skip_space();
    const std::string_view word = ahead.word();
    if (word.empty() || is_keyword(word)) break;
    level.name = cursor.text.substr(level.at, ahead.at - level.at);
  }
  return level;
}

std::vector<GroupPart> read_group(Cursor& cursor) {
  std::vector<GroupPart> group;
  do {
    PlacedName attribute = read_name(cursor, "an attribute, as in gender=Female");
    expect(cursor, '=', "after the attribute", "a group is written attribute=level");
    cursor.take('=');
    if (std::ranges::find(group, attribute, &GroupPart::attribute) != group.end())
      reject(cursor, attribute.at, fmt::format("{} is given twice", attribute.name), "each attribute once");
    group.push_back({std::move(attribute), read_level(cursor)});
    cursor.skip_space();
  } while (cursor.take(','));
  return group;
}

std::vector<PlacedName> read_crossing(Cursor& cursor, std::vector<PlacedName> crossing = {}) {
  if (crossing.empty()) crossing.push_back(read_name(cursor, "an attribute, or several: race*gender"));
  for (cursor.skip_space(); cursor.take('*'); cursor.skip_space()) {
    PlacedName attribute = read_name(cursor, "an attribute, as in race*gender");
    if (std::ranges::find(crossing, attribute) != crossing.end())
      reject(cursor, attribute.at, fmt::format("{} is given twice", attribute.name), "each attribute once");
    crossing.push_back(std::move(attribute));
  }
  return crossing;
}

/// Refuses what never has an answer.
void require_over_groups(const Cursor& cursor, const Function& function, const FigureRequest& request) {
  if (request.metric.measure == "ece")
    reject(cursor, request.metric_at,
           fmt::format("ece grows as groups get smaller, and has no {} over groups", function.name),
           "a metric that compares groups of any size",
           "calibration_bias does; the error of one group is ece of race=Black");
  if (better(request.metric) == Better::kNearZero &&
      (request.kind == FigureKind::kRatio || request.kind == FigureKind::kWorst))
    reject(cursor, request.metric_at,
           fmt::format("{} may be negative, and has no {}", request.metric.measure, function.name),
           "a metric that is never negative", "gap and sd take it");
}

/// Behind the opening parenthesis: metric, crossing.
void read_metric_and_crossing(Cursor& cursor, const Function& function, FigureRequest& request) {
  cursor.skip_space();
  request.metric_at = cursor.at;
  if (const TaskWord inner = [ahead = cursor]() mutable { return read_task_word(ahead); }();
      find_function(inner.word) != nullptr || inner.word == "change")
    reject(cursor, inner.word_at, fmt::format("{} within {}", inner.word, function.name), "a metric",
           inner.word == "change" ? fmt::format("write change({}(METRIC, race))", function.name) : "");
  request.metric = read_metric(cursor);
  require_over_groups(cursor, function, request);
  expect(cursor, ',', "after the metric",
         fmt::format("name the groups: {}({}, race)", function.name, request.metric.text()));
  request.crossing = read_crossing(cursor);
}

/// Behind the opening parenthesis: [class,] crossing.
void read_class_and_crossing(Cursor& cursor, const Function& function, FigureRequest& request) {
  request.metric.measure = function.measure;
  PlacedName first = read_name(cursor, "an attribute, or a class and an attribute");
  const bool in_quotes = cursor.text[first.at] == '"';
  cursor.skip_space();
  if (!cursor.take(',')) {
    request.crossing = read_crossing(cursor, {std::move(first)});
    return;
  }
  request.metric_at = first.at;
  request.metric.argument = std::move(first.name);
  request.metric.quoted = request.metric.argument == "macro" || request.metric.argument == "micro";
  if (request.metric.quoted && !in_quotes)
    reject(cursor, request.metric_at, fmt::format("{} has no {} average", function.name, request.metric.argument),
           "the name of a class", "in quote marks if a class is called so");
  request.crossing = read_crossing(cursor);
}

FigureRequest read_function(Cursor& cursor, const Function& function, const TaskWord& head, std::size_t begin) {
  FigureRequest request{.kind = function.kind, .begin = begin};
  request.metric_at = head.word_at;
  if (function.takes == Takes::kMetric && !head.task.empty())
    reject(cursor, begin, "a task before the name of a function",
           fmt::format("the task before the metric: {}({}.METRIC, race)", function.name, head.task));
  expect(cursor, '(', fmt::format("after {}", function.name),
         fmt::format("write {}({}race)", function.name, function.takes == Takes::kMetric ? "METRIC, " : ""));
  request.metric.task = head.task;
  if (function.takes == Takes::kMetric) read_metric_and_crossing(cursor, function, request);
  else read_class_and_crossing(cursor, function, request);
  cursor.skip_space();
  if (cursor.next() == ',')
    reject(cursor, cursor.at, "a comma after the groups", "\")\"", "attributes are crossed by a star: race*gender");
  expect(cursor, ')', "after the groups", "a name with spaces stands in quote marks");
  return request;
}

bool takes_word(Cursor& cursor, std::string_view word) {
  Cursor behind = cursor;
  behind.skip_space();
  if (behind.word() != word) return false;
  cursor = behind;
  return true;
}

void reject_group_of_function(Cursor cursor, const std::string& what, const std::string& remedy) {
  cursor.skip_space();
  const std::size_t at = cursor.at;
  if (takes_word(cursor, "of")) reject(cursor, at, "a group of " + what, "a comparison such as < 0.10", remedy);
}

/// A word that is a number, and so no task before a dot.
bool is_number_word(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789.+-eE") == std::string_view::npos;
}

[[noreturn]] void reject_figure(const Cursor& cursor, const TaskWord& head) {
  std::vector<std::string> words = measure_names(), functions{"change"};
  for (const Function& f : kFunctions) functions.emplace_back(f.name);
  const std::string expected =
      fmt::format("a metric ({}), a function ({}) or verdict", fmt::join(words, ", "), fmt::join(functions, ", "));
  words.insert(words.end(), functions.begin(), functions.end());
  for (std::string& word : other_measure_words()) words.push_back(std::move(word));
  words.emplace_back("verdict");
  const auto near = nearest_word(head.word, words);
  reject(cursor, head.word_at,
         head.word.empty() ? cursor.found() + " where a figure was expected" : "there is no such metric or function",
         expected, near ? fmt::format("did you mean {}?", *near) : "");
}

/// A function over groups, or a metric with or without a group.
FigureRequest read_plain_figure(Cursor& cursor) {
  cursor.skip_space();
  const std::size_t begin = cursor.at;
  if (is_number_word(Cursor(cursor).word()))
    reject(cursor, begin, "a number where a figure was expected", "the figure first, as in accuracy >= 0.8");
  Cursor behind = cursor;
  const TaskWord head = read_task_word(behind);
  if (const Function* const function = find_function(head.word)) {
    cursor = behind;
    FigureRequest request = read_function(cursor, *function, head, begin);
    reject_group_of_function(cursor, "a figure over groups", "the figure of one group is METRIC of attribute=level");
    return request;
  }
  if (!is_measure(head.word)) reject_figure(cursor, head);
  FigureRequest request{.begin = begin};
  request.metric_at = begin;
  request.metric = read_metric(cursor);
  if (takes_word(cursor, "of")) request.group = read_group(cursor);
  return request;
}

std::string name_text(const std::string& name) { return is_word(name) && !is_keyword(name) ? name : in_quotes(name); }

std::string crossing_text(const FigureRequest& request) {
  std::string text;
  for (const PlacedName& attribute : request.crossing) text += (text.empty() ? "" : "*") + name_text(attribute.name);
  return text;
}

/// The figure without the change that may be taken of it.
std::string plain_text(const FigureRequest& request) {
  if (request.kind == FigureKind::kRate) {
    std::string group;
    for (const auto& [attribute, level] : request.group)
      group += fmt::format("{}{}={}", group.empty() ? " of " : ", ", name_text(attribute.name), name_text(level.name));
    return request.metric.text() + group;
  }
  const Function& function = *std::ranges::find(kFunctions, request.kind, &Function::kind);
  if (function.takes == Takes::kMetric)
    return fmt::format("{}({}, {})", function.name, request.metric.text(), crossing_text(request));
  const MetricName head{.task = request.metric.task, .measure = std::string(function.name)};
  return fmt::format("{}({}{})", head.text(),
                     request.metric.argument.empty() ? "" : name_text(request.metric.argument) + ", ",
                     crossing_text(request));
}

}  // namespace

std::string text_of(const FigureRequest& request) {
  return request.change ? fmt::format("change({})", plain_text(request)) : plain_text(request);
}

FigureRequest read_figure(Cursor& cursor) {
  cursor.skip_space();
  const std::size_t begin = cursor.at;
  if (!takes_word(cursor, "change")) return read_plain_figure(cursor);
  expect(cursor, '(', "after change", "write change(accuracy)");
  cursor.skip_space();
  if (Cursor ahead = cursor; takes_word(ahead, "change"))
    reject(cursor, cursor.at, "a change of a change", "a figure, as in change(accuracy)");
  FigureRequest request = read_plain_figure(cursor);
  expect(cursor, ')', "after the figure");
  request.change = true;
  request.begin = begin;
  reject_group_of_function(cursor, "a change", "write change(accuracy of gender=Female)");
  return request;
}

}  // namespace evenface::study
