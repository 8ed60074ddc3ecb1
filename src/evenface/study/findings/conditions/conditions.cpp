#include "evenface/study/finding.h"

namespace evenface::study {
namespace {

const char* word_of(Answer answer) {
  switch (answer) {
    case Answer::kHolds:
      return "holds";
    case Answer::kFails:
      return "fails";
    case Answer::kUnknown:
      break;
  }
  return "unknown";
}

}  // namespace

Findings find_conditions(const std::vector<ConditionResult>& results) {
  Findings findings;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const ConditionResult& result = results[i];
    Finding f{.id = "conditions/" + std::to_string(i + 1), .kind = "conditions"};
    f.severity = result.holds() ? "info" : "critical";
    f.subject = {{"condition", result.text}};
    nlohmann::json tests = nlohmann::json::array();
    for (const TestResult& test : result.tests) {
      tests.push_back({{"text", test.text},
                       {"answer", word_of(test.answer)},
                       {"to_blame", test.to_blame},
                       {"figure_text", test.figure_text},
                       {"required", test.required},
                       {"found", test.found},
                       {"left_out", test.figure.left_out}});
      if (test.figure.estimate.estimable() || !test.figure.estimate.reason.empty())
        tests.back()["figure"] = to_json(test.figure.estimate);
    }
    f.evidence = {{"answer", word_of(result.answer)}, {"tests", std::move(tests)}};
    findings.push_back(std::move(f));
  }
  return findings;
}

}  // namespace evenface::study
