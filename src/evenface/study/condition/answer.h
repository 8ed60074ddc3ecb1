#pragma once
#include <string>
#include <vector>

#include "evenface/stats/estimate.h"
#include "evenface/study/condition/condition.h"

namespace evenface::study {

/// What a source answers to a request.
struct Figure {
  stats::Estimate estimate;                ///< the value and its interval at the coverage that was asked for
  std::vector<std::string> left_out = {};  ///< groups of the crossing that are not estimable, hence not in the figure
};

/// Where the figures of conditions come from.
class FigureSource {
 public:
  virtual ~FigureSource() = default;
  /// The figure, or why it can't be estimated. The names in the request have passed check_names.
  virtual Figure figure(const FigureRequest& request) const = 0;
  /// The verdict of a comparison.
  virtual VerdictWord verdict() const = 0;
};

/// Whether a test holds. Unknown: the figure, or the interval that `with` asks for, can't be estimated.
enum class Answer { kHolds, kFails, kUnknown };

/// One test of a condition and what it was held against.
struct TestResult {
  std::string text;  ///< as written
  Answer answer = Answer::kUnknown;
  bool negated = false;   ///< it stands under an odd number of nots
  bool to_blame = false;  ///< the condition does not hold, and this is a reason
  Figure figure = {};
  std::string figure_text;  ///< "gap(accuracy, race*gender)"; "verdict"
  std::string required;     ///< "< 0.10"; "not < 0.10"; "!= less fair"
  std::string found;        ///< "0.434 [0.35, 0.52], n 5162"; a verdict; "not estimable: ..."
};

struct ConditionResult {
  std::string text;  ///< the condition as written
  Answer answer = Answer::kUnknown;
  std::vector<TestResult> tests;  ///< all of them, in the order of the text

  /// A condition that can't be decided does not hold.
  bool holds() const { return answer == Answer::kHolds; }
};

/// Evaluates every test, whatever the others say. What is unknown stays so under `not`; `and` and `or` are
/// Kleene's: a part that fails decides `and`, one that holds decides `or`.
ConditionResult evaluate_condition(const Condition& condition, const FigureSource& source);

/// "gap(accuracy, race*gender) is 0.434 [0.350, 0.520], n 5162; required < 0.10", in one line.
std::string describe(const TestResult& test);

/// The tests that are to blame, or all tests when the condition holds: a line for each.
std::string describe(const ConditionResult& result);

}  // namespace evenface::study
