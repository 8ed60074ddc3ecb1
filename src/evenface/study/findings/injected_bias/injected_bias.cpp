#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "evenface/core/file.h"
#include "evenface/study/finding.h"
#include "evenface/study/run_rows.h"
#include "evenface/study/wording.h"

namespace evenface::study {
namespace {
using nlohmann::json;

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(at, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// Which judged rows belong to a group written as the simulator's knobs are: "gender=feminine,skin=dark|medium".
std::vector<bool> members(const Outcomes& o, const std::string& group) {
  std::vector<bool> in(o.keys.size(), true);
  if (group == "all") return in;
  for (const std::string& condition : split(group, ',')) {
    const std::size_t equals = condition.find('=');
    const auto allowed = split(condition.substr(equals + 1), '|');
    const table::Factor attribute =
        read_data(o.data, {.attributes = {condition.substr(0, equals)}}, {o.keys, o.checks}, {}, 1).attributes.front();
    for (std::size_t i = 0; i < in.size(); ++i)
      in[i] = in[i] && std::ranges::find(allowed, attribute.level_at(static_cast<std::int64_t>(i))) != allowed.end();
  }
  return in;
}

/// How much lower the group's accuracy is than the rest's, in one arm.
stats::Estimate distance(const Outcomes& o, const std::vector<bool>& in, stats::Arm arm, double level) {
  const stats::PairedCells shape(1, o.runs_before, o.runs_after);
  stats::GroupCount group, rest;
  for (std::int64_t row = 0; row < o.rows(); ++row) {
    stats::GroupCount& side = in[static_cast<std::size_t>(row)] ? group : rest;
    ++side.n, side.right += share_right(shape, o.pattern(row), arm);
  }
  const std::int64_t rows = std::llround(group.n);
  if (group.n == 0 || rest.n == 0) return stats::not_estimable(rows, "the group or the rest has no judged row");
  return {rest.rate() - group.rate(),
          stats::newcombe_interval(rest.right, rest.n, group.right, group.n, level),
          rows,
          "Newcombe",
          {}};
}

std::string sentence(const std::string& group, const stats::Estimate& before, const stats::Estimate& after) {
  if (!before.estimable()) return fmt::format("{} can't be judged: {}.", group, before.reason);
  if (before.interval->low <= 0)
    return fmt::format("{} does not stand out before: {} points below the rest ({}).", group, points(*before.value),
                       interval_words(before, Unit::kPoints, true));
  const double gone = 1 - *after.value / *before.value;
  return fmt::format(
      "{} was {} points less often right than the rest before and is {} points after: {:.0f}% of the distance {}.",
      group, points(*before.value), points(*after.value), 100 * std::abs(gone), gone >= 0 ? "went" : "came on top");
}

}  // namespace

/// Only for simulated data sets, whose bias.json says what was put in. One finding per group that was hit.
Findings find_injected_bias(const Comparison& c) {
  const auto file = std::filesystem::path(c.outcomes.data) / "bias.json";
  if (c.outcomes.data.empty() || !std::filesystem::exists(file)) return {};
  const json bias = json::parse(read_file(file));
  std::vector<std::string> groups;
  for (const json& knob : bias.at("knobs"))
    if (const std::string group = knob.at("group"); std::ranges::find(groups, group) == groups.end())
      groups.push_back(group);

  Findings findings;
  for (const std::string& group : groups) {
    const auto in = members(c.outcomes, group);
    const auto before = distance(c.outcomes, in, stats::Arm::kBefore, c.options.level);
    const auto after = distance(c.outcomes, in, stats::Arm::kAfter, c.options.level);
    json knobs = json::array();
    for (const json& knob : bias.at("knobs"))
      if (knob.at("group") == group)
        knobs.push_back({{"knob", knob.at("knob")},
                         {"group", group},
                         {"strength", knob.at("hit").get<double>() / std::max(1.0, knob.at("eligible").get<double>())},
                         {"words", knob.at("words")}});
    Finding f{.id = "injected_bias/" + group, .kind = "injected_bias"};
    f.subject = {{"group", group}};
    f.estimates = {{"before", to_json(before)}, {"after", to_json(after)}};
    f.severity = "notice";
    f.evidence = {{"knobs", knobs},
                  {"found", before.interval && before.interval->low > 0},
                  {"sentence", sentence(group, before, after)}};
    findings.push_back(std::move(f));
  }
  return findings;
}

}  // namespace evenface::study
