#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/cli/command.h"
#include "evenface/cli/judgement_output.h"
#include "evenface/cli/text_table.h"
#include "evenface/core/error.h"
#include "evenface/stats/planning.h"
#include "evenface/study/evaluate.h"
#include "evenface/study/wording.h"

namespace evenface::cli {
namespace {
using nlohmann::json;
using study::points;

/// Whether plan takes an option of JudgeOptions as it is: it declares anew those that it takes but once, and has no
/// verdicts, no intervals of them and no files.
bool is_inherited(std::string_view name) {
  constexpr std::array kOthers{
      "by",        "metric",       "family", "interval", "bootstrap_interval", "margin", "equivalence_margin",
      "bootstrap", "permutations", "seed",   "output"};
  return std::ranges::find(kOthers, name) == kOthers.end();
}

struct PlanOptions : study::EvaluateOptions {
  double gap = 0.05, power = 0.8;
  template <class V>
  static void fields(V& v) {
    v(&PlanOptions::predictions, "predictions", {.help = "a file of predictions, a run folder or a folder of runs"});
    v(&PlanOptions::by, "by",
      {.help = "attributes whose crossing makes the groups, e.g. race,gender", .whole_texts = true});
    v(&PlanOptions::metric, "metric",
      {.help = "the share of rows that is planned for, e.g. accuracy, recall(fear)", .whole_texts = true});
    const auto inherited = [&v](auto member, const char* name, FieldHints hints) {
      if (is_inherited(name)) v(member, name, std::move(hints));
    };
    list<PlanOptions>(inherited);
    v(&PlanOptions::gap, "gap",
      {.help = "the difference of a group to the rest that shall be found", .min = 1e-4, .max = 1});
    v(&PlanOptions::power, "power", {.help = "how often it shall be found", .min = 0.5, .max = 0.999});
  }
};

/// What a group's rows can show against all other rows, and how many more the gap needs.
struct GroupPlan {
  std::string name;
  std::int64_t n = 0;
  double rate = 0;  ///< of all other rows, which the gap is taken from
  double power = 0;
  double needed = 0;  ///< rows; infinite where no number of rows does
};

std::vector<GroupPlan> plans_of(const study::Evaluation& e, const PlanOptions& options) {
  const study::Judgement& j = e.primary();
  const double alpha = (1 - options.level) / static_cast<double>(std::max<std::size_t>(1, j.groups.size()));
  std::vector<GroupPlan> plans;
  for (const study::GroupRate& g : j.groups) {
    // Rows that are weighted, or of one person, tell less: as many as are effective are tested.
    const double own = g.effective, others = g.rest_effective;
    if (others <= 0 || own <= 0) continue;
    // The gap is a loss where the rate leaves room for one, else a gain.
    const double lower = g.rest >= options.gap ? g.rest - options.gap : g.rest + options.gap;
    plans.push_back(
        {e.group_name(j, g.group), g.n, g.rest,
         stats::power_of_test(lower, own, g.rest, others, alpha, stats::PlannedTest::kFisher),
         static_cast<double>(g.n) / own *
             stats::rows_needed_beside(lower, g.rest, others, alpha, options.power, stats::PlannedTest::kFisher)});
  }
  std::ranges::stable_sort(plans, {}, &GroupPlan::n);
  return plans;
}

std::string more_words(const GroupPlan& plan) {
  if (!std::isfinite(plan.needed)) return "no number of rows: the others are too few";
  const auto needed = static_cast<std::int64_t>(std::ceil(plan.needed));
  return needed <= plan.n ? "enough" : fmt::format("{} more", needed - plan.n);
}

json machine_form(const std::vector<GroupPlan>& plans, const study::Evaluation& e, const PlanOptions& options) {
  const double gap = e.explanation.detectable.gap;
  json j{{"gap", options.gap},
         {"power", options.power},
         {"level", options.level},
         {"metric", e.primary().metric.text()},
         {"detectable_gap", std::isfinite(gap) ? json(gap) : json()},
         {"groups", json::array()}};
  for (const GroupPlan& p : plans)
    j["groups"].push_back({{"name", p.name},
                           {"n", p.n},
                           {"rate_of_rest", p.rate},
                           {"power", p.power},
                           {"rows_needed", std::isfinite(p.needed) ? json(std::ceil(p.needed)) : json()}});
  return j;
}

void print(const std::vector<GroupPlan>& plans, const study::Evaluation& e, const PlanOptions& options) {
  const auto able =
      std::ranges::count_if(plans, [](const GroupPlan& p) { return p.needed <= static_cast<double>(p.n); });
  fmt::print("{} of {} groups have enough rows to show a gap of {} points to the rest {:.0f} times out of 100.\n", able,
             plans.size(), points(options.gap), 100 * options.power);
  fmt::print("Fisher's exact test at {:.0f} %, corrected for {} groups; {} as in {}\n\n", 100 * (1 - options.level),
             plans.size(), e.primary().metric.text(), e.name);
  TextTable table({"group", "n", "rest", "found", "rows needed", "<"});
  for (const GroupPlan& p : plans)
    table.add({p.name, std::to_string(p.n), points(p.rate), fmt::format("{:.0f} %", 100 * p.power),
               std::isfinite(p.needed) ? fmt::format("{:.0f}", std::ceil(p.needed)) : "-", more_words(p)});
  fmt::print("{}", table.text());
  if (e.explanation.why_not.empty()) fmt::print("\n{}\n", study::planning_sentence(e.explanation.detectable));
}

void require_one(const char* option, const std::vector<std::string>& given) {
  if (given.size() > 1)
    throw InputError({.file = {},
                      .at = option,
                      .found = fmt::format("{} are given: {}", given.size(), fmt::join(given, "; ")),
                      .expected = "one: a plan is for one metric over one grouping",
                      .remedy = "plan for each in a command of its own"});
}

int run(const PlanOptions& options, const Shell& shell) {
  require_one("--by", options.by);
  require_one("--metric", options.metric);
  study::EvaluateOptions quick = options;
  quick.permutations = 0;  // nothing is held against chance here
  const study::Evaluation e = study::evaluate(quick, shell.context);
  if (!e.primary().is_share)
    throw InputError({.file = {},
                      .at = "--metric " + e.primary().metric.text(),
                      .found = "this metric is no share of rows",
                      .expected = "accuracy, or recall, a false rate or selection_rate of a class",
                      .remedy = "plan for one of these"});
  const std::vector<GroupPlan> plans = plans_of(e, options);
  if (shell.json) fmt::print("{}\n", machine_form(plans, e, options).dump(1));
  else print(plans, e, options);
  return 0;
}

}  // namespace

Command plan_command() {
  return make_command<PlanOptions>(
      "plan", "What gap could these rows have shown, and how many more rows of which group would show one",
      "evenface plan preds.csv --id file --truth label --predicted pred --by race,gender --gap 0.05", {"predictions"},
      {"predictions"}, run);
}

}  // namespace evenface::cli
