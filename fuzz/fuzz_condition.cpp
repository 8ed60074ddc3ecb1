// A condition of any text is read or refused by InputError; a figure that was read is read again from its own
// text as the same; and whatever the figures are, the answer of `not (condition)` is the opposite.
#include <limits>

#include "evenface/core/error.h"
#include "evenface/study/condition/answer.h"
#include "evenface/study/condition/names.h"

namespace {
using namespace evenface::study;

/// Figures made of the bytes of their own text.
class AnyFigures : public FigureSource {
 public:
  Figure figure(const FigureRequest& request) const override {
    static constexpr double kValues[]{
        0, 0.5, 1, -1, 1e300, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()};
    std::size_t sum = 0;
    for (const char c : text_of(request)) sum += static_cast<unsigned char>(c);
    if (sum % 5 == 0) return {evenface::stats::not_estimable(3, "few rows"), {"a group"}};
    const double value = kValues[sum % std::size(kValues)];
    evenface::stats::Estimate estimate{.value = value, .interval = {}, .n = 9, .method = {}, .reason = {}};
    if (sum % 3 > 0) estimate.interval = {value, kValues[sum / 7 % std::size(kValues)]};
    return {estimate};
  }
  VerdictWord verdict() const override { return VerdictWord::kNoEvidence; }
};

void check_figures(const Condition& condition) {
  for (const ConditionTest& test : condition.tests) {
    const auto* const figure = std::get_if<FigureTest>(&test.what);
    if (figure == nullptr) continue;
    const std::string text = text_of(figure->request);
    const Condition again = parse_condition(text + " < 0.5");
    evenface::ensure(text_of(std::get<FigureTest>(again.tests.front().what).request) == text, "a figure is its text");
  }
}

void check_answers(const Condition& condition, const std::string& text) {
  const AnyFigures source;
  const ConditionResult result = evaluate_condition(condition, source);
  evenface::ensure(!describe(result).empty(), "an answer has a reason");
  // Refused only where this is one level too deep.
  const ConditionResult opposite = evaluate_condition(parse_condition("not (" + text + ")"), source);
  evenface::ensure(
      result.answer == Answer::kUnknown ? opposite.answer == Answer::kUnknown : result.holds() != opposite.holds(),
      "not is the opposite");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const KnownNames known{.tasks = {{"race", {"Black", "East Asian"}, true}, {"age", {}}},
                                .attributes = {{"race", {"Black", "East Asian"}}, {"gender", {"Female", "Male"}}},
                                .comparison = true};
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const Condition condition = parse_condition(text);
    check_figures(condition);
    check_answers(condition, text);
    check_names(condition, known);
  } catch (const evenface::InputError&) {
  }
  try {
    const MetricName name = parse_metric(text);
    evenface::ensure(parse_metric(name.text()) == name, "a metric is its text");
  } catch (const evenface::InputError&) {
  }
  return 0;
}
