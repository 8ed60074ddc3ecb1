#include <algorithm>
#include <numeric>

#include "evenface/stats/significance.h"
#include "evenface/study/finding.h"

namespace evenface::study {
namespace {
using nlohmann::json;

/// A group's rows: those that fell out, by reason, and those that were judged.
struct GroupRows {
  std::string name;
  std::vector<std::int64_t> lost;
  std::int64_t judged = 0;
  double right = 0;

  std::int64_t all_lost() const { return std::accumulate(lost.begin(), lost.end(), std::int64_t{0}); }
  std::int64_t rows() const { return judged + all_lost(); }
};

struct Arm {
  std::string name;
  std::vector<std::string> reasons;
  std::vector<GroupRows> groups;
};

/// Shares lost, rates over the judged rows, and with the lost rows counted as errors.
json shares(std::int64_t lost, std::int64_t judged, double right, const JudgeOptions& options, std::int64_t min_rows) {
  const auto n = static_cast<double>(judged), all = static_cast<double>(judged + lost);
  return {
      {"lost", to_json(stats::proportion(static_cast<double>(lost), all, 1, options.level, options.rate_interval()))},
      {"rate", to_json(stats::proportion(right, n, min_rows, options.level, options.rate_interval()))},
      {"rate_with_lost", to_json(stats::proportion(right, all, min_rows, options.level, options.rate_interval()))}};
}

Finding coverage(const Arm& arm, const JudgeOptions& options) {
  GroupRows all{.name = {}, .lost = std::vector<std::int64_t>(arm.reasons.size())};
  for (const GroupRows& g : arm.groups) {
    all.judged += g.judged, all.right += g.right;
    for (std::size_t r = 0; r < g.lost.size(); ++r) all.lost[r] += g.lost[r];
  }
  std::vector<double> p;
  std::vector<stats::GroupCount> counts;
  for (const GroupRows& g : arm.groups) {
    p.push_back(stats::fisher_exact(g.all_lost(), g.rows(), all.all_lost() - g.all_lost(), all.rows() - g.rows()));
    counts.push_back({static_cast<double>(g.rows()), static_cast<double>(g.all_lost())});
  }
  const std::vector<double> adjusted = stats::holm(p);
  json groups = json::array();
  bool some_lost_more = false;
  for (std::size_t i = 0; i < arm.groups.size(); ++i) {
    const GroupRows& g = arm.groups[i];
    json row = shares(g.all_lost(), g.judged, g.right, options, options.min_group);
    const bool significant = adjusted[i] < 1 - options.level;
    const bool more = g.all_lost() * all.rows() > all.all_lost() * g.rows();
    some_lost_more = some_lost_more || (significant && more);
    row.update({{"group", g.name},
                {"rows", g.rows()},
                {"counts", g.lost},
                {"p", p[i]},
                {"p_adjusted", adjusted[i]},
                {"outcome", !significant ? "none"
                            : more       ? "more"
                                         : "fewer"}});
    groups.push_back(std::move(row));
  }
  Finding f{.id = "coverage/" + arm.name, .kind = "coverage"};
  f.subject = {{"arm", arm.name}};
  f.estimates = shares(all.all_lost(), all.judged, all.right, options, 1);
  f.test = family_test("Fisher's exact, share lost against the rest", arm.groups.size(), options.level);
  f.severity = some_lost_more ? "warning" : "info";
  f.evidence = {
      {"reasons", arm.reasons}, {"rows", all.rows()}, {"counts", all.lost}, {"without_group", 0}, {"groups", groups}};
  return f;
}

Findings where_rows_fell_out(std::vector<Arm> arms, const JudgeOptions& options) {
  Findings findings;
  for (Arm& arm : arms) {
    std::erase_if(arm.groups, [](const GroupRows& g) { return g.rows() == 0; });
    if (std::ranges::any_of(arm.groups, [](const GroupRows& g) { return g.all_lost() > 0; }) && arm.groups.size() > 1)
      findings.push_back(coverage(arm, options));
  }
  return findings;
}

}  // namespace

Findings find_coverage(const Evaluation& e) {
  if (!e.primary().is_share || !e.outcomes.weights.empty()) return {};
  Arm arm{"model", {"no true label", "not in every run"}, {}};
  for (const GroupCoverage& g : e.outcomes.coverage) {
    GroupRows rows{g.name, {g.without_truth, g.in_some + g.only_before}};
    for (const GroupRate& rate : e.primary().groups)
      if (e.group_name(e.primary(), rate.group) == g.name) rows.judged = rate.n, rows.right = rate.right;
    arm.groups.push_back(std::move(rows));
  }
  return where_rows_fell_out({std::move(arm)}, e.options);
}

Findings find_coverage(const Comparison& c) {
  if (is_number(c.metric)) return {};  // no rows that are right
  std::vector<Arm> arms;
  for (const stats::Arm side : {stats::Arm::kBefore, stats::Arm::kAfter}) {
    const bool before = side == stats::Arm::kBefore;
    const auto counts = mean_counts(c.cells, side);
    Arm arm{before ? "before" : "after", {"not in both", "no true label"}, {}};
    for (const GroupCoverage& g : c.outcomes.coverage) {
      GroupRows rows{g.name, {(before ? g.only_before : g.only_after) + g.in_some, g.without_truth}};
      for (std::int64_t group = 0; group < c.cells.groups(); ++group)
        if (c.group_name(group) == g.name)
          rows.judged = c.cells.rows(group), rows.right = counts[static_cast<std::size_t>(group)].right;
      arm.groups.push_back(std::move(rows));
    }
    arms.push_back(std::move(arm));
  }
  return where_rows_fell_out(std::move(arms), c.options);
}

}  // namespace evenface::study
