#include "evenface/study/metric_name.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "evenface/core/error.h"

namespace evenface::study {
namespace {
using stats::Average;
using stats::Measure;

enum class Takes { kNothing, kClass, kClassOrMacro, kClassOrAverage };

/// A measure that users can name.
struct KnownMeasure {
  std::string_view name;
  std::vector<std::string_view> other_words;
  MetricFamily family;
  Takes takes;
  Better better;
  Measure measure = Measure::kAccuracy;  ///< for kClasses
};

const std::vector<KnownMeasure>& known_measures() {
  using enum MetricFamily;
  using enum Takes;
  using enum Better;
  static const std::vector<KnownMeasure> known{
      {"accuracy", {}, kClasses, kNothing, kHigher, Measure::kAccuracy},
      {"balanced_accuracy", {}, kClasses, kNothing, kHigher, Measure::kRecall},
      {"recall", {"true_positive_rate", "tpr", "sensitivity"}, kClasses, kClassOrAverage, kHigher, Measure::kRecall},
      {"precision", {"positive_predictive_value", "ppv"}, kClasses, kClassOrAverage, kHigher, Measure::kPrecision},
      {"f1", {"f1_score"}, kClasses, kClassOrAverage, kHigher, Measure::kF1},
      {"specificity", {"true_negative_rate", "tnr"}, kClasses, kClassOrAverage, kHigher, Measure::kSpecificity},
      {"false_positive_rate", {"fpr"}, kClasses, kClassOrAverage, kLower, Measure::kFalsePositiveRate},
      {"false_negative_rate", {"fnr"}, kClasses, kClassOrAverage, kLower, Measure::kFalseNegativeRate},
      {"selection_rate", {}, kClasses, kClass, kHigher, Measure::kSelectionRate},
      {"roc_auc", {"auc"}, kScores, kClassOrMacro, kHigher},
      {"pr_auc", {"average_precision"}, kScores, kClassOrMacro, kHigher},
      {"soft_recall", {"soft_tpr", "positive_balance"}, kScores, kClassOrMacro, kHigher},
      {"soft_false_positive_rate", {"soft_fpr", "negative_balance"}, kScores, kClassOrMacro, kLower},
      {"ece", {"expected_calibration_error"}, kScores, kClass, kLower},
      {"calibration_bias", {}, kScores, kClass, kNearZero},
      {"brier", {"brier_score"}, kScores, kClass, kLower},
      {"soft_accuracy", {"vote_share"}, kVotes, kNothing, kHigher},
      {"mae", {"mean_absolute_error"}, kNumbers, kNothing, kLower},
      {"bias", {"mean_error"}, kNumbers, kNothing, kNearZero},
  };
  return known;
}

const KnownMeasure* find_measure(std::string_view word) {
  for (const KnownMeasure& m : known_measures())
    if (m.name == word || std::ranges::find(m.other_words, word) != m.other_words.end()) return &m;
  return nullptr;
}

const KnownMeasure& known(const MetricName& name) {
  const KnownMeasure* const found = find_measure(name.measure);
  ensure(found != nullptr, "a metric's name holds a known measure");
  return *found;
}

[[noreturn]] void reject_measure(const Cursor& cursor, const TaskWord& name) {
  std::vector<std::string> words = measure_names();
  for (std::string& word : other_measure_words()) words.push_back(std::move(word));
  const auto near = nearest_word(name.word, words);
  reject(cursor, name.word_at,
         name.word.empty() ? cursor.found() + " where a metric was expected" : "there is no such metric",
         fmt::format("one of {}", fmt::join(measure_names(), ", ")),
         near ? fmt::format("did you mean {}?", *near) : "");
}

bool is_average(std::string_view argument) { return argument == "macro" || argument == "micro"; }

/// Whether the argument can stand without quote marks.
bool stands_bare(std::string_view argument) {
  if (argument.empty() || argument.front() == ' ' || argument.back() == ' ') return false;
  int depth = 0;
  for (const char c : argument) {
    if (c == '"' || static_cast<unsigned char>(c) < 0x20) return false;
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth < 0) return false;
  }
  return depth == 0;
}

/// All up to the parenthesis that closes, without the space around it.
std::string read_bare(Cursor& cursor) {
  const std::size_t begin = cursor.at;
  std::size_t end = begin;
  for (int depth = 0; !cursor.at_end() && (depth > 0 || cursor.next() != ')'); ++cursor.at) {
    const char c = cursor.next();
    if (c == '"')
      reject(cursor, cursor.at, "a quote mark within a name", "the whole name in quote marks",
             "write a quote mark within a name twice");
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') end = cursor.at + 1;
  }
  return std::string(cursor.text.substr(begin, end - begin));
}

void read_argument(Cursor& cursor, const KnownMeasure& measure, MetricName& name) {
  Cursor behind = cursor;
  behind.skip_space();
  const std::size_t open = behind.at;
  if (!behind.take('(')) return;
  cursor = behind;
  cursor.skip_space();
  const std::size_t begin = cursor.at;
  if (const auto text = cursor.quoted()) name.argument = *text, name.quoted = is_average(*text);
  else name.argument = read_bare(cursor);
  cursor.skip_space();
  if (!cursor.take(')'))
    reject(cursor, cursor.at_end() ? open : cursor.at,
           cursor.at_end() ? "the parenthesis is not closed" : cursor.found() + " after the name of the class",
           "\")\" after the name of the class");

  const std::string_view argument = name.argument;
  const bool average = is_average(argument) && !name.quoted;
  if (measure.takes == Takes::kNothing)
    reject(cursor, open, fmt::format("{} takes no class", measure.name), fmt::format("{} alone", measure.name),
           measure.family == MetricFamily::kClasses ? "the rate of one class is recall(CLASS)" : "");
  if (argument.empty())
    reject(cursor, begin, "no class is named between the parentheses", "the name of a class, or no parentheses");
  if (average && (measure.takes == Takes::kClass || (measure.takes == Takes::kClassOrMacro && argument == "micro")))
    reject(cursor, begin, fmt::format("{} has no {} average", measure.name, argument),
           measure.takes == Takes::kClass ? "the name of a class" : "the name of a class, or macro");
}

std::string lower(std::string text) {
  for (char& c : text)
    if ('A' <= c && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::optional<int> index_of(const std::vector<std::string>& levels, std::string_view level) {
  const auto at = std::ranges::find(levels, level);
  if (at == levels.end()) return std::nullopt;
  return static_cast<int>(at - levels.begin());
}

[[noreturn]] void reject_class(std::string at, const std::string& given, const std::vector<std::string>& levels) {
  const auto near = nearest_word(given, levels);
  throw InputError({.file = {},
                    .at = std::move(at),
                    .found = fmt::format("there is no class \"{}\"", given),
                    .expected = fmt::format("one of {}", listed(levels)),
                    .remedy = near ? fmt::format("did you mean \"{}\"?", *near)
                                   : "write the class as the column of the true labels does"});
}

}  // namespace

std::string MetricName::text() const {
  std::string text = task.empty() ? "" : (is_word(task) ? task : in_quotes(task)) + ".";
  text += measure;
  if (!argument.empty()) text += fmt::format("({})", quoted || !stands_bare(argument) ? in_quotes(argument) : argument);
  return text;
}

std::vector<std::string> measure_names() {
  std::vector<std::string> names;
  for (const KnownMeasure& m : known_measures()) names.emplace_back(m.name);
  return names;
}

std::vector<std::string> other_measure_words() {
  std::vector<std::string> words;
  for (const KnownMeasure& m : known_measures()) words.insert(words.end(), m.other_words.begin(), m.other_words.end());
  return words;
}

bool is_measure(std::string_view word) { return find_measure(word) != nullptr; }

TaskWord read_task_word(Cursor& cursor) {
  const std::size_t begin = cursor.at;
  if (const auto task = cursor.quoted()) {
    if (task->empty()) reject(cursor, begin, "an empty name in quote marks", "the task's name");
    if (!cursor.take('.'))
      reject(cursor, cursor.at, cursor.found() + " after the task's name",
             "a dot and a metric, as in \"my task\".accuracy");
    const std::size_t at = cursor.at;
    return {*task, cursor.word(), at};
  }
  const std::string_view word = cursor.word();
  const std::size_t dot = word.rfind('.');
  if (dot == std::string_view::npos) return {"", word, begin};
  if (dot == 0) reject(cursor, begin, "no task is named before the dot", "TASK.METRIC, or the metric alone");
  return {std::string(word.substr(0, dot)), word.substr(dot + 1), begin + dot + 1};
}

MetricName read_metric(Cursor& cursor) {
  const TaskWord name = read_task_word(cursor);
  const KnownMeasure* const measure = find_measure(name.word);
  if (measure == nullptr) reject_measure(cursor, name);
  MetricName metric{.task = name.task, .measure = std::string(measure->name)};
  read_argument(cursor, *measure, metric);
  return metric;
}

MetricName parse_metric(std::string_view text) {
  Cursor cursor{text, "metric", "recall(CLASS), f1(macro) or TASK.accuracy"};
  require_utf8(cursor);
  cursor.skip_space();
  MetricName name = read_metric(cursor);
  cursor.skip_space();
  if (!cursor.at_end()) reject(cursor, cursor.at, cursor.found() + " after the metric", "one metric and nothing else");
  return name;
}

MetricFamily family_of(const MetricName& name) { return known(name).family; }
bool needs_scores(const MetricName& name) { return family_of(name) == MetricFamily::kScores; }
bool is_number(const MetricName& name) { return family_of(name) == MetricFamily::kNumbers; }
bool is_compared(const MetricName& name) { return better(name) != Better::kNearZero && name.measure != "ece"; }
bool is_ranking(const MetricName& name) { return name.measure == "roc_auc" || name.measure == "pr_auc"; }
bool needs_votes(const MetricName& name) { return family_of(name) == MetricFamily::kVotes; }
Better better(const MetricName& name) { return known(name).better; }

std::optional<std::size_t> task_of(const MetricName& name, const std::vector<std::string>& tasks) {
  if (name.task.empty()) {
    if (tasks.size() == 1) return 0;
    if (name.measure == "accuracy") return std::nullopt;
    throw InputError({.file = {},
                      .at = "metric " + name.text(),
                      .found = fmt::format("it is not said which of {} tasks is meant", tasks.size()),
                      .expected = fmt::format("one of {}", listed(tasks)),
                      .remedy = fmt::format("write TASK.{}", name.text())});
  }
  const auto found = index_of(tasks, name.task);
  if (found) return static_cast<std::size_t>(*found);
  throw InputError({.file = {},
                    .at = "metric " + name.text(),
                    .found = fmt::format("there is no task \"{}\"", name.task),
                    .expected = fmt::format("one of {}", listed(tasks)),
                    .remedy = "a task is named as its --truth column"});
}

std::optional<int> class_that_reads_as_yes(const std::vector<std::string>& levels) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kNoAndYes{{{"0", "1"},
                                                                                            {"0.0", "1.0"},
                                                                                            {"-1", "1"},
                                                                                            {"false", "true"},
                                                                                            {"f", "t"},
                                                                                            {"no", "yes"},
                                                                                            {"n", "y"},
                                                                                            {"negative", "positive"},
                                                                                            {"neg", "pos"},
                                                                                            {"absent", "present"}}};
  if (levels.size() != 2) return std::nullopt;
  for (int i = 0; i < 2; ++i)
    for (const auto& [no, yes] : kNoAndYes)
      if (lower(levels[static_cast<std::size_t>(1 - i)]) == no && lower(levels[static_cast<std::size_t>(i)]) == yes)
        return i;
  return std::nullopt;
}

int positive_class(const std::vector<std::string>& levels, const std::optional<std::string>& positive) {
  if (positive) {
    if (const auto given = index_of(levels, *positive)) return *given;
    reject_class("--positive", *positive, levels);
  }
  if (const auto yes = class_that_reads_as_yes(levels)) return *yes;
  throw InputError(
      {.file = {},
       .at = "--positive",
       .found = fmt::format("it is not said which class is the positive one: {}", listed(levels)),
       .expected = "--positive CLASS",
       .remedy = levels.empty() ? "" : fmt::format("for example --positive {}", in_quotes(levels.back()))});
}

ClassChoice choose_classes(const MetricName& name, const std::vector<std::string>& levels,
                           const std::optional<std::string>& positive) {
  if (name.argument == "macro" && !name.quoted) return {Average::kMacro};
  if (name.argument == "micro" && !name.quoted) return {Average::kMicro};
  if (!name.argument.empty()) {
    if (const auto given = index_of(levels, name.argument)) return {Average::kOneClass, *given};
    reject_class("metric " + name.text(), name.argument, levels);
  }
  if (positive || levels.size() == 2) return {Average::kOneClass, positive_class(levels, positive)};
  if (name.measure == "selection_rate")
    throw InputError({.file = {},
                      .at = "metric " + name.text(),
                      .found = fmt::format("{} is of one class, and there are {}", name.measure, levels.size()),
                      .expected = fmt::format("{}(CLASS), of {}", name.measure, listed(levels)),
                      .remedy = "name the class, or give it with --positive"});
  return {Average::kMacro};
}

stats::Metric resolve(const MetricName& name, const std::vector<std::string>& levels,
                      const std::optional<std::string>& positive) {
  const KnownMeasure& measure = known(name);
  ensure(measure.family == MetricFamily::kClasses, "a metric of predicted classes");
  stats::Metric metric{.measure = measure.measure};
  if (name.measure == "accuracy") return metric;
  const ClassChoice choice =
      name.measure == "balanced_accuracy" ? ClassChoice{Average::kMacro} : choose_classes(name, levels, positive);
  metric.average = choice.average;
  metric.positive = choice.positive;
  if (choice.average == Average::kMacro)
    for (int c = 0; c < static_cast<int>(levels.size()); ++c) metric.classes.push_back(c);
  return metric;
}

}  // namespace evenface::study
