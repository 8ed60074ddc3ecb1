#include <fmt/format.h>

#include "evenface/study/finding.h"
#include "evenface/study/notes.h"
#include "evenface/study/wording.h"
#include "evenface/table/manifest.h"

namespace evenface::study {
namespace {

/// What holds for any judgement of these rows.
std::vector<std::string> common_limits(const Outcomes& o, const std::vector<std::string>& notes,
                                       const JudgeOptions& options, std::size_t small_groups) {
  std::vector<std::string> s;
  if (small_groups > 0)
    s.push_back(fmt::format("{} of the groups {} fewer than {} faces; nothing is claimed about {}.", small_groups,
                            small_groups == 1 ? "has" : "have", options.min_group, small_groups == 1 ? "it" : "them"));
  s.insert(s.end(), notes.begin(), notes.end());
  bool simulated = false, estimated = false;
  if (!o.data.empty()) {
    const table::Manifest manifest = table::Manifest::open(o.data);
    for (const auto& [column, source] : manifest.info().sources)
      simulated = simulated || source.kind == "simulated", estimated = estimated || source.kind == "estimated";
  }
  if (simulated) s.emplace_back("The faces are drawn by a program; what holds for them need not hold for photographs.");
  else
    s.push_back(fmt::format("{} are perceived labels that somebody assigned, not what people say of themselves.",
                            fmt::join(o.by(), " and ")));
  if (estimated)
    s.emplace_back("Some attributes were estimated by a model; its errors are not yet carried into these intervals.");
  s.emplace_back("Which metric and which groups count was chosen by people; other choices can give another answer.");
  s.emplace_back("Equal accuracy over groups does not make a classifier harmless or its use right.");
  return s;
}

Findings limits(std::vector<std::string> sentences) {
  Finding f{.id = "limits", .kind = "limits"};
  f.evidence = {{"sentences", std::move(sentences)}};
  return {f};
}

}  // namespace

Findings find_limits(const Comparison& c) {
  std::vector<std::string> s;
  if (!c.result.several_seeds)
    s.emplace_back(
        "There is one training run on each side: what is said holds for these two models, not for the method that made "
        "them. "
        "Two runs of one method differ as well.");
  if (c.verdict.comparable && c.verdict.spread == stats::Verdict::kNoEvidence)
    s.emplace_back("No evidence of a change is not evidence of no change.");
  for (std::string& sentence :
       common_limits(c.outcomes, notes_of(c), c.options, groups_with(c, stats::Outcome::kNotEstimable).size()))
    s.push_back(std::move(sentence));
  return limits(std::move(s));
}

Findings find_limits(const Evaluation& e) {
  std::size_t small = 0;
  for (const GroupRate& g : e.primary().groups) small += g.outcome == stats::Outcome::kNotEstimable;
  return limits(common_limits(e.outcomes, notes_of(e), e.options, small));
}

}  // namespace evenface::study
