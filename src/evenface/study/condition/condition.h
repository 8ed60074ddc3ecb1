#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "evenface/study/metric_name.h"

// The language of --require (docs/conditions.md): what a condition says, as plain values.
namespace evenface::study {

/// What is taken of a metric.
enum class FigureKind {
  kRate,            ///< the metric itself, of all rows or of one group
  kGap,             ///< over groups: largest less smallest
  kRatio,           ///< over groups: smallest by largest
  kSd,              ///< over groups: standard deviation, as counted
  kSdCorrected,     ///< the same less what sampling alone gives
  kMean,            ///< over groups, each counting the same
  kWorst,           ///< the least favourable group
  kOddsDifference,  ///< equalised odds: the larger of the gaps of true and of false positive rates
  kOddsRatio,       ///< equalised odds: the smaller of the two ratios
};

/// An attribute, or a level of one, and the byte of the text at which it stands.
struct PlacedName {
  std::string name;
  std::size_t at = 0;
  bool operator==(const PlacedName& other) const { return name == other.name; }
};

/// A part of a group's definition: attribute=level.
struct GroupPart {
  PlacedName attribute, level;
  bool operator==(const GroupPart&) const = default;
};

/// A figure that a condition asks for. On a comparison it is that of the second arm, or its change.
struct FigureRequest {
  FigureKind kind = FigureKind::kRate;
  bool change = false;               ///< after less before
  MetricName metric = {};            ///< for equalised odds the recall of the class
  std::size_t metric_at = 0;         ///< byte of the text
  std::size_t begin = 0;             ///< byte of the text at which the figure begins
  std::vector<GroupPart> group;      ///< kRate: the rows that have all of these levels; empty: all rows
  std::vector<PlacedName> crossing;  ///< for the others: the attributes whose crossing makes the groups
  std::optional<double> level;       ///< coverage of the interval that is asked for; without it the usual one
};

/// The request in the language, written in one way only: what is the same figure has the same text.
std::string text_of(const FigureRequest& request);

enum class Comparator { kLess, kAtMost, kGreater, kAtLeast };

/// figure < threshold. With `request.level` the bound of the interval that is less favourable to the
/// condition is compared, not the value.
struct FigureTest {
  FigureRequest request;
  Comparator comparator = Comparator::kLess;
  double threshold = 0;
  std::string figure_text;  ///< as written: "gap(accuracy, race*gender)"
  std::string required;     ///< as written: "< 0.10", ">= 80% with 95%"
};

/// The possible verdicts of a comparison.
enum class VerdictWord { kFairer, kLessFair, kNoEvidence, kNotComparable };
std::string_view text_of(VerdictWord word);

/// verdict = word, or != word.
struct VerdictTest {
  VerdictWord word = VerdictWord::kFairer;
  bool equal = true;
  std::size_t begin = 0;
};

/// One comparison within a condition.
struct ConditionTest {
  std::string text;  ///< as written, on one line
  std::variant<FigureTest, VerdictTest> what;
};

/// Tests joined by and, or, not.
struct ConditionNode {
  enum class Kind { kTest, kAll, kAny, kNot } kind = Kind::kTest;
  std::size_t test = 0;              ///< kTest: index into Condition::tests
  std::vector<ConditionNode> parts;  ///< kAll, kAny: two or more; kNot: one
};

struct Condition {
  std::string text;
  std::vector<ConditionTest> tests;  ///< in the order of the text
  ConditionNode root;
};

/// Parentheses and `not`s may be nested this deep.
constexpr int kDeepestCondition = 100;

/// Reads a condition. Throws InputError that shows the place with a caret, what was expected there and an example.
Condition parse_condition(std::string_view text);

/// A cursor at the start of the condition's text, for messages about places in it.
Cursor condition_cursor(std::string_view text);

}  // namespace evenface::study
