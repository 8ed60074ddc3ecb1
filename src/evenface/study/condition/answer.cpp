#include "evenface/study/condition/answer.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "evenface/core/error.h"

namespace evenface::study {
namespace {
using Kind = ConditionNode::Kind;

bool compare(double value, Comparator comparator, double threshold) {
  switch (comparator) {
    case Comparator::kLess:
      return value < threshold;
    case Comparator::kAtMost:
      return value <= threshold;
    case Comparator::kGreater:
      return value > threshold;
    case Comparator::kAtLeast:
      return value >= threshold;
  }
  return false;
}

bool asks_for_little(Comparator c) { return c == Comparator::kLess || c == Comparator::kAtMost; }

Answer answer_of(bool holds) { return holds ? Answer::kHolds : Answer::kFails; }

/// The number that is compared: the value, or the less favourable end of its interval; none where it is not known.
std::optional<double> compared_number(const FigureTest& test, const stats::Estimate& e) {
  if (!e.value || !std::isfinite(*e.value)) return std::nullopt;
  if (!test.request.level) return e.value;
  if (!e.interval) return std::nullopt;
  const double bound = asks_for_little(test.comparator) ? e.interval->high : e.interval->low;
  return std::isfinite(bound) ? std::optional(bound) : std::nullopt;
}

/// Decimals that show on which side of the threshold the number lies: three, or more where these would mislead.
int decimals(double number, const FigureTest& test) {
  constexpr int kMost = 17;
  for (int d = 3; d < kMost; ++d) {
    const std::string text = fmt::format("{:.{}f}", number, d);
    double shown = 0;
    std::from_chars(text.data(), text.data() + text.size(), shown);
    if (compare(shown, test.comparator, test.threshold) == compare(number, test.comparator, test.threshold)) return d;
  }
  return kMost;
}

std::string found_text(const FigureTest& test, const stats::Estimate& e, const std::optional<double>& compared) {
  if (e.value && !std::isfinite(*e.value)) return "not estimable: its value is not finite";
  if (!e.value) return (e.reason.starts_with("not estimable") ? "" : "not estimable: ") + e.reason;
  const int d = compared ? decimals(*compared, test) : 3;
  const std::string value = fmt::format("{:.{}f}", *e.value, d);
  if (!e.interval) return fmt::format("{}{}, n {}", value, compared ? "" : " without an interval", e.n);
  return fmt::format("{} [{:.{}f}, {:.{}f}], n {}", value, e.interval->low, d, e.interval->high, d, e.n);
}

TestResult result_of(const ConditionTest& written, const FigureTest& test, const FigureSource& source) {
  TestResult result{.text = written.text, .figure = source.figure(test.request), .required = test.required};
  const auto compared = compared_number(test, result.figure.estimate);
  if (compared) result.answer = answer_of(compare(*compared, test.comparator, test.threshold));
  result.found = found_text(test, result.figure.estimate, compared);
  result.figure_text = test.figure_text;
  return result;
}

TestResult result_of(const ConditionTest& written, const VerdictTest& test, const FigureSource& source) {
  const VerdictWord verdict = source.verdict();
  return {.text = written.text,
          .answer = answer_of((verdict == test.word) == test.equal),
          .figure_text = "verdict",
          .required = fmt::format("{}{}", test.equal ? "= " : "!= ", text_of(test.word)),
          .found = std::string(text_of(verdict))};
}

Answer opposite(Answer a) { return a == Answer::kUnknown ? a : answer_of(a == Answer::kFails); }

/// The first of the answers, in this order, that a part has: kAll fails as soon as a part does, kAny holds.
Answer joined(const std::vector<Answer>& parts, Answer decisive) {
  const auto has = [&](Answer a) { return std::ranges::find(parts, a) != parts.end(); };
  return has(decisive) ? decisive : has(Answer::kUnknown) ? Answer::kUnknown : opposite(decisive);
}

Answer answer_of(const ConditionNode& node, const std::vector<TestResult>& tests) {
  if (node.kind == Kind::kTest) return tests[node.test].answer;
  std::vector<Answer> parts;
  for (const ConditionNode& part : node.parts) parts.push_back(answer_of(part, tests));
  if (node.kind == Kind::kNot) return opposite(parts.front());
  return joined(parts, node.kind == Kind::kAll ? Answer::kFails : Answer::kHolds);
}

/// Marks the tests because of which the node's answer is not `wanted`.
void blame(const ConditionNode& node, Answer wanted, std::vector<TestResult>& tests) {
  if (answer_of(node, tests) == wanted) return;
  if (node.kind == Kind::kTest) tests[node.test].to_blame = true;
  const Answer of_parts = node.kind == Kind::kNot ? opposite(wanted) : wanted;
  for (const ConditionNode& part : node.parts) blame(part, of_parts, tests);
}

void mark_negated(const ConditionNode& node, bool negated, std::vector<TestResult>& tests) {
  if (node.kind == Kind::kTest) tests[node.test].negated = negated;
  for (const ConditionNode& part : node.parts) mark_negated(part, negated != (node.kind == Kind::kNot), tests);
}

}  // namespace

ConditionResult evaluate_condition(const Condition& condition, const FigureSource& source) {
  ConditionResult result{.text = condition.text};
  for (const ConditionTest& test : condition.tests)
    result.tests.push_back(std::visit([&](const auto& what) { return result_of(test, what, source); }, test.what));
  result.answer = answer_of(condition.root, result.tests);
  blame(condition.root, Answer::kHolds, result.tests);
  mark_negated(condition.root, false, result.tests);
  for (TestResult& test : result.tests)
    if (test.negated) test.required = "not " + test.required;
  return result;
}

std::string describe(const TestResult& test) {
  std::string text = fmt::format("{} is {}; required {}", test.figure_text, test.found, test.required);
  if (!test.figure.left_out.empty())
    text += fmt::format("; not estimable and left out: {}", listed(test.figure.left_out));
  return text;
}

std::string describe(const ConditionResult& result) {
  std::string text;
  for (const TestResult& test : result.tests)
    if (result.holds() || test.to_blame) text += (text.empty() ? "" : "\n") + describe(test);
  return text;
}

}  // namespace evenface::study
