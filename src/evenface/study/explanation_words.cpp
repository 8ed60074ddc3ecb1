#include "evenface/study/explanation_words.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "evenface/study/wording.h"

namespace evenface::study {
namespace {

double spread_of(const std::vector<stats::GapDecomposition>& all,
                 const stats::Estimate stats::GapDecomposition::* part) {
  double sum = 0, squares = 0;
  const auto n = static_cast<double>(all.size());
  for (const auto& d : all) sum += *(d.*part).value / n, squares += *(d.*part).value * *(d.*part).value / n;
  return std::sqrt(std::max(0.0, squares - sum * sum));
}

std::string mix_sentence(const Explanation& x) {
  const auto split = [](const stats::GapDecomposition& d) { return d.composition.estimable(); };
  if (!x.no_decomposition.empty() || !std::ranges::all_of(x.decomposition, split)) return "";
  return fmt::format(
      "why: the groups' mix of classes alone gives a spread of {} points, the same class being harder for some groups "
      "{} "
      "(as counted; all of it {})",
      points(spread_of(x.decomposition, &stats::GapDecomposition::composition)),
      points(spread_of(x.decomposition, &stats::GapDecomposition::conditional)),
      points(spread_of(x.decomposition, &stats::GapDecomposition::gap)));
}

std::string equivalence_sentence(const Explanation& x, double margin) {
  if (x.equivalence.pairs.empty()) return "";
  std::size_t equivalent = 0, different = 0;
  for (const auto& p : x.equivalence.pairs) {
    equivalent += p.answer == stats::Equivalence::kEquivalent;
    different += p.answer == stats::Equivalence::kDifferent;
  }
  if (equivalent == x.equivalence.pairs.size())
    return fmt::format("equivalent within {} points: every pair of groups", points(margin));
  return fmt::format("equivalent within {} points: {} of {} pairs of groups; different: {}; neither shown: {}",
                     points(margin), equivalent, x.equivalence.pairs.size(), different,
                     x.equivalence.pairs.size() - equivalent - different);
}

std::string label_noise_sentence(const Evaluation& e) {
  if (!e.explanation.label_noise || !e.explanation.label_noise->tipping.clean.estimable()) return "";
  const LabelNoise& noise = *e.explanation.label_noise;
  const auto name = [&](std::size_t i) { return e.group_name(e.primary(), e.explanation.groups[i]); };
  return fmt::format("label errors alone would explain the gap if {} had {} points more of them than {} (at least {})",
                     name(noise.worse), points(*noise.tipping.clean.value), name(noise.better),
                     points(*noise.tipping.least.value));
}

std::string small_sentence(const Evaluation& e) {
  std::vector<std::string> small;
  for (const GroupRate& g : e.primary().groups)
    if (!g.rate.estimable()) small.push_back(fmt::format("{} ({} rows)", e.group_name(e.primary(), g.group), g.n));
  constexpr std::size_t kShown = 12;
  const std::size_t more = small.size() > kShown ? small.size() - kShown : 0;
  small.resize(small.size() - more);
  return fmt::format("not estimable: {}{} (--min-group {})",
                     small.empty() ? "none" : fmt::format("{}", fmt::join(small, ", ")),
                     more ? fmt::format(" and {} more", more) : "", e.options.min_group);
}

std::string within_class_sentence(const Explanation& x) {
  return x.no_within_class.empty() ? "" : fmt::format("chance level within class: {}", x.no_within_class);
}

}  // namespace

std::vector<std::string> explanation_sentences(const Evaluation& e) {
  const Explanation& x = e.explanation;
  std::vector<std::string> sentences{small_sentence(e)};
  if (!x.why_not.empty()) {
    if (e.primary().estimable_groups >= 2)
      sentences.push_back("no worst group, decomposition, shrinkage, equivalence or planning: " + x.why_not);
    return sentences;
  }
  for (std::string sentence :
       {mix_sentence(x), within_class_sentence(x), equivalence_sentence(x, e.options.equivalence_margin),
        label_noise_sentence(e), planning_sentence(x.detectable)})
    if (!sentence.empty()) sentences.push_back(std::move(sentence));
  return sentences;
}

}  // namespace evenface::study
