#include "evenface/study/notes.h"

#include <fmt/format.h>

namespace evenface::study {
namespace {

/// Adds what a mean leaves out, with its crossing where there are several.
void add_averaged(const std::string& averaged, const Outcomes& o, std::size_t crossing,
                  std::vector<std::string>& notes) {
  if (averaged.empty()) return;
  notes.push_back(o.crossings.size() < 2
                      ? averaged
                      : fmt::format("By {}, {}", fmt::join(o.crossings[crossing].names, " x "), averaged));
}

}  // namespace

std::vector<std::string> notes_of(const Evaluation& e) {
  std::vector<std::string> notes = e.outcomes.notes;
  for (const Judgement& j : e.judgements) add_averaged(j.averaged, e.outcomes, j.crossing, notes);
  return notes;
}

std::vector<std::string> notes_of(const Comparison& c) {
  std::vector<std::string> notes = c.outcomes.notes;
  if (!c.arms.empty()) add_averaged(c.arms.front().primary().averaged, c.outcomes, 0, notes);
  for (const MetricChange& m : c.exploratory) add_averaged(m.averaged, c.outcomes, m.crossing, notes);
  return notes;
}

}  // namespace evenface::study
