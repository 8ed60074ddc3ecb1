#include "evenface/study/finding.h"

namespace evenface::study {
namespace {

Finding confusion(const Outcomes& o, std::size_t task) {
  Finding f{.id = "confusion/" + o.tasks[task], .kind = "confusion"};
  f.subject = {{"task", o.tasks[task]}};
  f.evidence = {{"levels", o.truth[task].levels}};
  return f;
}

}  // namespace

Findings find_confusion(const Comparison& c) {
  const Outcomes& o = c.outcomes;
  Findings findings;
  for (std::size_t t = 0; t < o.truth.size(); ++t) {
    Finding f = confusion(o, t);
    f.evidence["before"] = confusion_of(o, t, 0, o.runs_before);
    f.evidence["after"] = confusion_of(o, t, o.runs_before, o.runs());
    f.evidence["runs"] = {o.runs_before, o.runs_after};
    findings.push_back(std::move(f));
  }
  return findings;
}

Findings find_confusion(const Evaluation& e) {
  const Outcomes& o = e.outcomes;
  Findings findings;
  for (std::size_t t = 0; t < o.truth.size(); ++t) {
    Finding f = confusion(o, t);
    f.evidence["model"] = confusion_of(o, t, 0, o.runs());
    f.evidence["runs"] = {o.runs()};
    findings.push_back(std::move(f));
  }
  return findings;
}

}  // namespace evenface::study
