#pragma once
#include <map>
#include <string>

#include "evenface/core/error.h"
#include "evenface/study/condition/answer.h"

// For the tests of conditions.
namespace evenface::study {

/// Figures by their text (text_of), for one coverage or for whatever is asked.
class FakeSource : public FigureSource {
 public:
  std::map<std::string, Figure> figures = {};
  VerdictWord word = VerdictWord::kNoEvidence;

  void add(const std::string& text, double value, stats::Interval interval, std::int64_t n) {
    figures[text] = {{.value = value, .interval = interval, .n = n, .method = "fake", .reason = {}}};
  }

  Figure figure(const FigureRequest& request) const override {
    const auto found = figures.find(text_of(request));
    ensure(found != figures.end(), text_of(request).c_str());
    return found->second;
  }
  VerdictWord verdict() const override { return word; }
};

/// What the call throws, as users see it.
template <class Call>
std::string refusal_of(Call&& call) {
  try {
    call();
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace evenface::study
