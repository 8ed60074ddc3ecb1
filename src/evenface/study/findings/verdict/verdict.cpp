#include <fmt/format.h>

#include "evenface/study/finding.h"
#include "evenface/study/wording.h"

namespace evenface::study {
namespace {
using nlohmann::json;

const char* word_of(const FullVerdict& v) {
  if (!v.comparable) return "not_comparable";
  switch (v.spread) {
    case stats::Verdict::kFairer:
      return "fairer";
    case stats::Verdict::kLessFair:
      return "less_fair";
    case stats::Verdict::kNoEvidence:
      break;
  }
  return "no_evidence";
}

json badges_of(const Comparison& c) {
  json badges = json::array();
  const auto add = [&](const char* kind, std::string text) {
    badges.push_back({{"kind", kind}, {"text", std::move(text)}});
  };
  const auto small = groups_with(c, stats::Outcome::kNotEstimable).size();
  if (small == 1)
    add("few_rows", fmt::format("1 group has fewer than {} faces and is not judged.", c.options.min_group));
  if (small > 1)
    add("few_rows", fmt::format("{} groups have fewer than {} faces and are not judged.", small, c.options.min_group));
  if (c.result.estimable_groups < 5)
    add("few_groups", fmt::format("A spread over {} groups is known only roughly.", c.result.estimable_groups));
  if (!c.result.several_seeds) add("few_runs", "One training run each: the same recipe run twice differs too.");
  if (const auto lost = c.outcomes.rows_only_before + c.outcomes.rows_only_after; lost > 0)
    add("rows_differ", fmt::format("{} rows are in one of the two only and were left out.", lost));
  if (c.outcomes.rows_seen_in_training > 0)
    add("seen_in_training", fmt::format("{} judged rows were seen in training.", c.outcomes.rows_seen_in_training));
  return badges;
}

}  // namespace

Findings find_verdict(const Comparison& c) {
  const FullVerdict& v = c.verdict;
  Finding f{.id = "verdict", .kind = "verdict"};
  json qualifiers = json::array();
  if (v.comparable && v.with_losers) qualifiers.push_back("with_losers");
  if (v.comparable && v.by_levelling_down) qualifiers.push_back("by_levelling_down");
  f.evidence = {{"verdict", word_of(v)},
                {"qualifiers", qualifiers},
                {"sentence", verdict_sentence(c)},
                {"subject_words", subject_words(c)},
                {"price_sentence", price_sentence(c)},
                {"losers", groups_with(c, stats::Outcome::kLost)},
                {"winners", groups_with(c, stats::Outcome::kWon)},
                {"badges", badges_of(c)}};
  if (!v.comparable) {
    f.evidence["why"] = fmt::format("{}. Compare predictions for the same rows, none of them seen in training.",
                                    fmt::join(v.reasons, "; "));
    f.severity = "critical";
  } else if (v.spread == stats::Verdict::kLessFair || v.with_losers) {
    f.severity = "warning";
  }
  return {f};
}

}  // namespace evenface::study
