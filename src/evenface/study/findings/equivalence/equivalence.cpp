#include <algorithm>
#include <cmath>

#include "evenface/study/finding.h"

namespace evenface::study {
namespace {

const char* word_of(stats::Equivalence answer) {
  switch (answer) {
    case stats::Equivalence::kEquivalent:
      return "equivalent";
    case stats::Equivalence::kDifferent:
      return "different";
    case stats::Equivalence::kNoEvidence:
      return "no_evidence";
    case stats::Equivalence::kNotEstimable:
      break;
  }
  return "not_estimable";
}

}  // namespace

Findings find_equivalence(const Evaluation& e) {
  const Explanation& x = e.explanation;
  if (!x.why_not.empty() || x.equivalence.pairs.empty()) return {};
  const auto name = [&](std::int64_t i) { return e.group_name(e.primary(), x.groups[static_cast<std::size_t>(i)]); };
  Finding f{.id = "equivalence/" + e.arm, .kind = "equivalence"};
  f.subject = {{"arm", e.arm}};
  f.test = {{"name", "two one-sided tests"}, {"family", "every pair"}, {"level", 0.05}};
  nlohmann::json groups = nlohmann::json::array(), pairs = nlohmann::json::array();
  for (std::size_t i = 0; i < x.groups.size(); ++i) groups.push_back(name(static_cast<std::int64_t>(i)));
  const auto size = [](const stats::PairEquivalence& p) { return std::abs(p.difference.value.value_or(0)); };
  for (const auto& p : x.equivalence.pairs)
    pairs.push_back({{"first", name(p.first)},
                     {"second", name(p.second)},
                     {"difference", to_json(p.difference)},
                     {"answer", word_of(p.answer)}});
  const auto& largest = *std::ranges::max_element(x.equivalence.pairs, {}, size);
  f.estimates = {{"largest", to_json(largest.difference)}};
  f.evidence = {{"margin", e.options.equivalence_margin},
                {"level", 0.9},
                {"answer", word_of(x.equivalence.all)},
                {"largest_first", name(largest.first)},
                {"largest_second", name(largest.second)},
                {"groups", groups},
                {"pairs", pairs}};
  return {f};
}

}  // namespace evenface::study
