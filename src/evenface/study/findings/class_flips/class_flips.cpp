#include "evenface/study/finding.h"

namespace evenface::study {

Findings find_class_flips(const Comparison& c) {
  const std::vector<std::string> levels = class_levels(c.outcomes, c.task);
  Findings findings;
  for (const stats::GroupChange& change : c.classes) {
    const std::string& label = levels[static_cast<std::size_t>(change.group)];
    Finding f{.id = "class_flips/" + label, .kind = "class_flips"};
    f.subject = {{"label", label}};
    f.estimates = to_json(change.accuracy);
    f.test = {{"name", c.result.test},
              {"family", std::to_string(c.classes.size()) + " classes"},
              {"level", 1 - c.options.level}};
    f.p = change.p, f.p_adjusted = change.p_adjusted;
    f.evidence = {{"n", change.n}, {"lost", change.lost}, {"won", change.won}, {"outcome", name_of(change.outcome)}};
    findings.push_back(std::move(f));
  }
  return findings;
}

}  // namespace evenface::study
