#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "evenface/study/condition/figure_parser.h"

namespace evenface::study {
namespace {

std::string_view text_of(Comparator comparator) {
  switch (comparator) {
    case Comparator::kLess:
      return "<";
    case Comparator::kAtMost:
      return "<=";
    case Comparator::kGreater:
      return ">";
    case Comparator::kAtLeast:
      return ">=";
  }
  return "";
}

Comparator read_comparator(Cursor& cursor, const FigureRequest& request) {
  cursor.skip_space();
  const std::size_t at = cursor.at;
  if (cursor.take('<')) return cursor.take('=') ? Comparator::kAtMost : Comparator::kLess;
  if (cursor.take('>')) return cursor.take('=') ? Comparator::kAtLeast : Comparator::kGreater;
  const bool equal = cursor.next() == '=' || cursor.next() == '!';
  reject(cursor, at, equal ? "a figure is never exactly equal to a number" : cursor.found() + " after a figure",
         "<, <=, > or >=",
         request.group.empty() ? "" : "the parts of a group are separated by commas: of race=Black, gender=Female");
}

/// Between which numbers the figure lies.
struct Range {
  double low, high;
};

Range range_of(const FigureRequest& request) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  // Summed over classes, a Brier score goes up to 2.
  double high = is_number(request.metric) ? kInfinity : request.metric.measure == "brier" ? 2 : 1;
  if (request.kind == FigureKind::kRatio || request.kind == FigureKind::kOddsRatio) high = 1;
  const bool negative = request.change || (request.metric.measure == "bias" && request.kind != FigureKind::kGap &&
                                           request.kind != FigureKind::kSd);
  return {negative ? -high : 0, high};
}

double read_threshold(Cursor& cursor, const FigureRequest& request) {
  const std::size_t at = cursor.at;
  const auto [value, percent] = read_number(cursor);
  const Range range = range_of(request);
  if (percent && std::isinf(range.high))
    reject(cursor, at, fmt::format("{} is no share of rows", request.metric.measure), "a number without %");
  if (range.low <= value && value <= range.high) return value;
  reject(cursor, at, fmt::format("this figure lies between {} and {}", range.low, range.high), "a number between them",
         1 < value && value <= 100 && !percent
             ? fmt::format("{}% is written with its sign, or as {}", value, value / 100)
             : "");
}

double read_coverage(Cursor& cursor) {
  cursor.skip_space();
  const std::size_t at = cursor.at;
  const auto [value, percent] = read_number(cursor);
  if (0.5 <= value && value < 1) return value;
  reject(cursor, at, "an interval's coverage lies from 50% to under 100%", "a coverage, as in with 95%",
         50 <= value && value < 100 && !percent ? fmt::format("write {}%", value) : "");
}

/// Refuses `with`, which stands at this byte, of what never has an interval.
void require_interval(const Cursor& cursor, std::size_t with, const FigureRequest& request) {
  const bool sd = request.kind == FigureKind::kSd;
  if (!sd && request.metric.measure != "ece") return;
  reject(cursor, with, fmt::format("{} has no interval", sd ? "sd" : "ece"),
         "the end of the comparison: without a coverage the figure itself is compared",
         sd ? "sd_corrected has an interval" : "calibration_bias and brier have an interval");
}

/// Takes digits with or without a point and an exponent, as from_chars reads them; empty if none come next.
std::string take_digits(Cursor& cursor) {
  const auto digits = [&] {
    const std::size_t begin = cursor.at;
    while ('0' <= cursor.next() && cursor.next() <= '9') ++cursor.at;
    return cursor.at > begin;
  };
  const bool plus = cursor.take('+');
  const std::size_t begin = cursor.at;
  if (!plus) cursor.take('-');
  bool valid = digits();
  if (cursor.take('.')) valid = digits() || valid;
  if (valid && (cursor.take('e') || cursor.take('E'))) {
    if (!cursor.take('+')) cursor.take('-');
    valid = digits();
  }
  return valid ? std::string(cursor.text.substr(begin, cursor.at - begin)) : "";
}

}  // namespace

WrittenNumber read_number(Cursor& cursor) {
  cursor.skip_space();
  const Cursor start = cursor;
  std::string text = take_digits(cursor);
  if (text.empty())
    reject(start, start.at, start.found() + " where a number was expected", "a number, such as 0.1 or 10%");
  Cursor behind = cursor;
  behind.skip_space();
  WrittenNumber number{.percent = behind.take('%')};
  if (number.percent) cursor = behind;
  // As the decimal point moves, not by a division that rounds: 12.3% is 0.123.
  const bool moved = number.percent && text.find_first_of("eE") == std::string::npos;
  if (moved) text += "e-2";
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number.value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number.value))
    reject(start, start.at, "the number is too large or too small", "a number, such as 0.1 or 10%");
  if (number.percent && !moved) number.value /= 100;
  if (Cursor glued = cursor; !glued.word().empty())
    reject(start, start.at, "a number and a word in one", "a number, such as 0.1 or 10%");
  if (cursor.next() == ',') reject(cursor, cursor.at, "a comma in a number", "a point before the decimals, as in 0.8");
  return number;
}

FigureTest read_figure_test(Cursor& cursor) {
  FigureTest test{.request = read_figure(cursor)};
  test.figure_text = one_line(cursor.text.substr(test.request.begin, cursor.at - test.request.begin));
  while (test.figure_text.ends_with(' ')) test.figure_text.pop_back();
  test.comparator = read_comparator(cursor, test.request);
  cursor.skip_space();
  const std::size_t number = cursor.at;
  test.threshold = read_threshold(cursor, test.request);
  test.required = fmt::format("{} {}", text_of(test.comparator), cursor.text.substr(number, cursor.at - number));
  Cursor behind = cursor;
  behind.skip_space();
  const std::size_t with = behind.at;
  if (behind.word() != "with") return test;
  require_interval(cursor, with, test.request);
  cursor = behind;
  cursor.skip_space();
  const std::size_t coverage = cursor.at;
  test.request.level = read_coverage(cursor);
  test.required += fmt::format(" with {}", cursor.text.substr(coverage, cursor.at - coverage));
  return test;
}

}  // namespace evenface::study
