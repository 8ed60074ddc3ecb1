#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "evenface/study/condition/condition.h"
#include "evenface/study/condition/figure_parser.h"

namespace evenface::study {
namespace {
using Kind = ConditionNode::Kind;

constexpr std::array kVerdicts{std::pair{VerdictWord::kFairer, std::string_view("fairer")},
                               std::pair{VerdictWord::kLessFair, std::string_view("less fair")},
                               std::pair{VerdictWord::kNoEvidence, std::string_view("no evidence")},
                               std::pair{VerdictWord::kNotComparable, std::string_view("not comparable")}};

VerdictWord read_verdict_word(Cursor& cursor) {
  const std::size_t begin = cursor.at;
  std::string given;
  if (const auto text = cursor.quoted()) given = *text;
  else given = cursor.word();
  for (const auto& [word, text] : kVerdicts) {
    if (given == text) return word;
    // Of two words, unquoted: the second follows.
    if (const std::size_t space = text.find(' '); given == text.substr(0, space)) {
      cursor.skip_space();
      if (cursor.word() == text.substr(space + 1)) return word;
    }
  }
  reject(cursor, begin, "this is no verdict", "fairer, less fair, no evidence or not comparable");
}

VerdictTest read_verdict(Cursor& cursor, std::size_t begin) {
  cursor.skip_space();
  VerdictTest test{.begin = begin};
  if (cursor.take('!')) test.equal = false;
  if (!cursor.take('='))
    reject(cursor, cursor.at, cursor.found() + " after \"verdict\"", "= or !=", "write verdict != less fair");
  if (test.equal) cursor.take('=');
  cursor.skip_space();
  test.word = read_verdict_word(cursor);
  return test;
}

/// Recursive descent over `or`, `and`, `not` and parentheses.
struct Reader {
  Cursor cursor;
  std::vector<ConditionTest> tests = {};

  ConditionNode any(int depth) { return joined("or", Kind::kAny, depth); }

  ConditionNode joined(std::string_view word, Kind kind, int depth) {
    const auto part = [&] { return kind == Kind::kAny ? joined("and", Kind::kAll, depth) : one(depth); };
    ConditionNode node{.kind = kind};
    do node.parts.push_back(part());
    while (keyword(word));
    if (node.parts.size() > 1) return node;
    ConditionNode only = std::move(node.parts.front());
    return only;
  }

  ConditionNode one(int depth) {
    cursor.skip_space();
    const std::size_t begin = cursor.at;
    if (depth > kDeepestCondition)
      reject(cursor, begin, fmt::format("more than {} parentheses and nots within each other", kDeepestCondition),
             "a simpler condition", "several conditions may be given one by one");
    if (keyword("not")) {
      ConditionNode node{.kind = Kind::kNot};
      node.parts.push_back(one(depth + 1));
      return node;
    }
    if (!cursor.take('(')) return test();
    ConditionNode node = any(depth + 1);
    cursor.skip_space();
    if (cursor.at_end()) reject(cursor, begin, "the parenthesis is not closed", "\")\" after the condition");
    if (!cursor.take(')')) reject(cursor, cursor.at, cursor.found() + " after a comparison", "and, or or \")\"");
    return node;
  }

  ConditionNode test() {
    const std::size_t begin = cursor.at;
    ConditionTest test;
    if (keyword("verdict")) test.what = read_verdict(cursor, begin);
    else test.what = read_figure_test(cursor);
    test.text = one_line(cursor.text.substr(begin, cursor.at - begin));
    tests.push_back(std::move(test));
    return {.kind = Kind::kTest, .test = tests.size() - 1};
  }

  /// Takes the word if it comes next.
  bool keyword(std::string_view word) {
    Cursor behind = cursor;
    behind.skip_space();
    if (behind.word() != word) return false;
    cursor = behind;
    return true;
  }
};

}  // namespace

std::string_view text_of(VerdictWord word) {
  return std::ranges::find(kVerdicts, word, [](const auto& v) { return v.first; })->second;
}

Cursor condition_cursor(std::string_view text) { return {text, "condition", "gap(accuracy, race*gender) < 0.10"}; }

Condition parse_condition(std::string_view text) {
  Reader reader{condition_cursor(text)};
  require_utf8(reader.cursor);
  Condition condition{.text = std::string(text)};
  condition.root = reader.any(0);
  reader.cursor.skip_space();
  if (!reader.cursor.at_end())
    reject(reader.cursor, reader.cursor.at, reader.cursor.found() + " after a comparison",
           "and, or, or the end of the condition");
  condition.tests = std::move(reader.tests);
  return condition;
}

}  // namespace evenface::study
