#include <fmt/format.h>

#include "evenface/study/finding.h"

namespace evenface::study {
namespace {

std::string assumption(const LabelNoise& noise, const std::string& better) {
  const std::string errors = noise.classes > 2
                                 ? fmt::format("a wrong label is any of the other {} classes alike", noise.classes - 1)
                                 : "a label is as likely to be wrong";
  return fmt::format(
      "Both groups are predicted equally well, the labels of {} are all right, and {}, whatever the "
      "prediction.",
      better, errors);
}

/// Of every group that is explained; null where it isn't known.
nlohmann::json agreement_by_group(const Evaluation& e) {
  const std::optional<Annotators>& annotators = e.annotators[e.primary().crossing];
  if (!annotators || !annotators->all.agreement.estimable()) return nullptr;
  nlohmann::json groups = nlohmann::json::array();
  for (const std::int64_t g : e.explanation.groups)
    groups.push_back({{"group", e.group_name(e.primary(), g)},
                      {"agreement", to_json(annotators->groups[static_cast<std::size_t>(g)].agreement)}});
  return groups;
}

}  // namespace

Findings find_label_noise(const Evaluation& e) {
  if (!e.explanation.label_noise) return {};
  const LabelNoise& noise = *e.explanation.label_noise;
  const auto name = [&](std::size_t i) { return e.group_name(e.primary(), e.explanation.groups[i]); };
  Finding f{.id = "label_noise/" + e.arm, .kind = "label_noise"};
  f.subject = {{"arm", e.arm}, {"best", name(noise.better)}, {"worst", name(noise.worse)}};
  f.estimates = {{"gap", to_json(noise.tipping.least)}, {"tipping_point", to_json(noise.tipping.clean)}};
  f.evidence = {{"assumption", assumption(noise, name(noise.better))}};
  if (nlohmann::json agreement = agreement_by_group(e); !agreement.is_null())
    f.evidence["agreement"] = std::move(agreement);
  return {f};
}

}  // namespace evenface::study
