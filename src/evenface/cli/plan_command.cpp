#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>

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
using study::Better;
using study::points;

/// Whether plan takes an option of JudgeOptions as it is: it declares anew those that it takes but once, and has no
/// verdicts, no intervals of them and no files.
bool is_inherited(std::string_view name) {
  constexpr std::array kOthers{
      "by",        "metric",       "level", "family", "interval", "bootstrap_interval", "margin", "equivalence_margin",
      "bootstrap", "permutations", "seed",  "output"};
  return std::ranges::find(kOthers, name) == kOthers.end();
}

constexpr double kSmallestGap = 1e-4;  // that may be asked for

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
    v(&PlanOptions::level, "level",
      {.help = "1 minus the error of the planned test over all groups: 0.95 is a test at 5 %",
       .min = 0.5,
       .max = 0.9999});
    v(&PlanOptions::gap, "gap",
      {.help = "how much worse than the rest a group is that shall be found", .min = kSmallestGap, .max = 1});
    v(&PlanOptions::power, "power", {.help = "how often it shall be found", .min = 0.5, .max = 0.999});
  }
};

/// What it takes where a group and all others grow by the same factor. All are infinite above 10^12 rows.
struct Growth {
  double factor;        ///< below 1 where there are more rows than it takes
  double rows, others;  ///< of the group, of all others
  double more;          ///< rows beyond those that there are
};

/// What a group's rows can show against all other rows, and what the gap needs.
struct GroupPlan {
  std::string name;
  std::int64_t n = 0;
  double rest = 0;              ///< rate of all other rows, which the gap is taken from
  std::optional<double> worse;  ///< the rate to be found: the gap worse than the rest's; none where 0..1 ends before
  double power = 0;             ///< of finding it
  double needed = std::numeric_limits<double>::infinity();  ///< rows beside the others as they are; may be infinite
  std::optional<Growth> growth;                             ///< where there is a rate to be found

  bool is_enough() const { return needed <= static_cast<double>(n); }
  double lacks() const { return std::ceil(needed) - static_cast<double>(n); }
};

/// How much worse than this a rate can be.
double room_beyond(double rest, Better better) { return better == Better::kLower ? 1 - rest : rest; }

std::optional<double> worse_rate(double rest, Better better, double gap) {
  constexpr double kRounding = 1e-12;
  if (gap > room_beyond(rest, better) + kRounding) return std::nullopt;
  return std::clamp(better == Better::kLower ? rest + gap : rest - gap, 0.0, 1.0);
}

/// Those that are tested against the rest.
std::vector<study::GroupRate> tested_groups(const study::Judgement& j) {
  std::vector<study::GroupRate> tested;
  std::ranges::copy_if(j.groups, std::back_inserter(tested),
                       [](const study::GroupRate& g) { return g.effective > 0 && g.rest_effective > 0; });
  return tested;
}

/// `rows` are all that the metric is about, of this group and of others.
GroupPlan plan_of(const study::GroupRate& g, std::string name, double rows, double alpha, Better better,
                  const PlanOptions& options) {
  constexpr auto kTest = stats::PlannedTest::kFisher;
  GroupPlan plan{.name = std::move(name), .n = g.n, .rest = g.rest};
  plan.worse = worse_rate(g.rest, better, options.gap);
  if (!plan.worse) return plan;
  // Rows that are weighted, or of one person, tell less: as many as are effective are tested.
  const double n = static_cast<double>(g.n), own = g.effective, others = g.rest_effective;
  plan.power = stats::power_of_test(*plan.worse, own, g.rest, others, alpha, kTest);
  plan.needed = n / own * stats::rows_needed_beside(*plan.worse, g.rest, others, alpha, options.power, kTest);
  const double along = stats::rows_needed_in_proportion(*plan.worse, g.rest, others / own, alpha, options.power, kTest);
  plan.growth = {along / own, n * along / own, (rows - n) * along / own, rows * (along / own - 1)};
  return plan;
}

std::vector<GroupPlan> plans_of(const study::Evaluation& e, const PlanOptions& options) {
  const study::Judgement& j = e.primary();
  const std::vector<study::GroupRate> tested = tested_groups(j);
  const double alpha = (1 - options.level) / static_cast<double>(std::max<std::size_t>(1, tested.size()));
  double rows = 0;
  for (const study::GroupRate& g : tested) rows += static_cast<double>(g.n);
  std::vector<GroupPlan> plans;
  for (const study::GroupRate& g : tested)
    plans.push_back(plan_of(g, e.group_name(j, g.group), rows, alpha, j.better, options));
  std::ranges::stable_sort(plans, {}, &GroupPlan::n);
  return plans;
}

/// What evaluate says of two groups of the median size, for the power that is asked for; none where it says nothing.
std::optional<study::DetectableGap> detectable_of(const study::Evaluation& e, const PlanOptions& options) {
  if (!e.explanation.why_not.empty()) return std::nullopt;
  study::DetectableGap d = e.explanation.detectable;
  d.gap = stats::detectable_gap(*e.primary().over_groups.value, d.rows_per_group,
                                (1 - options.level) / static_cast<double>(d.groups), options.power);
  return d;
}

/// More rows of the group alone, unless that is more than all groups together would need.
std::string more_words(const GroupPlan& p, double gap) {
  if (!p.worse) return fmt::format("none can be {} points worse than the rest", points(gap));
  if (p.is_enough()) return "enough";
  const Growth& all = *p.growth;
  if (std::isfinite(p.needed) && p.lacks() <= all.more) return fmt::format("{:.0f} more", p.lacks());
  if (!std::isfinite(all.factor)) return "no number of rows that can be had";
  const std::string grown = fmt::format("{:.0f} rows beside {:.0f} others (all x {:.1f})", std::ceil(all.rows),
                                        std::ceil(all.others), std::ceil(10 * all.factor) / 10);
  return std::isfinite(p.needed) ? fmt::format("{:.0f} more, or {}", p.lacks(), grown)
                                 : "the others are too few: it takes " + grown;
}

json whole_rows(double rows) { return std::isfinite(rows) ? json(std::ceil(rows)) : json(); }

json machine_form(const GroupPlan& p) {
  json j{{"name", p.name},         {"n", p.n},
         {"rate_of_rest", p.rest}, {"rate_planned_for", nullptr},
         {"power", nullptr},       {"rows_needed", whole_rows(p.needed)},
         {"if_all_grow", nullptr}};
  if (!p.worse) return j;
  j["rate_planned_for"] = *p.worse, j["power"] = p.power;
  if (const Growth& all = *p.growth; std::isfinite(all.factor))
    j["if_all_grow"] = {
        {"factor", all.factor}, {"rows_needed", whole_rows(all.rows)}, {"rows_of_rest_needed", whole_rows(all.others)}};
  return j;
}

json machine_form(const std::vector<GroupPlan>& plans, const study::Evaluation& e, const PlanOptions& options) {
  const auto detectable = detectable_of(e, options);
  json j{{"gap", options.gap},
         {"power", options.power},
         {"level", options.level},
         {"metric", e.primary().metric.text()},
         {"detectable_gap", detectable && std::isfinite(detectable->gap) ? json(detectable->gap) : json()},
         {"groups", json::array()}};
  for (const GroupPlan& p : plans) j["groups"].push_back(machine_form(p));
  return j;
}

const char* worse_side(Better better) { return better == Better::kLower ? "above" : "below"; }

void print(const std::vector<GroupPlan>& plans, const study::Evaluation& e, const PlanOptions& options) {
  fmt::print("{} of {} groups have enough rows to show a gap of {} points {} the rest {:.3g} times out of 100.\n",
             std::ranges::count_if(plans, &GroupPlan::is_enough), plans.size(), points(options.gap),
             worse_side(e.primary().better), 100 * options.power);
  fmt::print("Fisher's exact test at {:.3g} %, corrected for {} groups; {} as in {}\n\n", 100 * (1 - options.level),
             plans.size(), e.primary().metric.text(), e.name);
  TextTable table({"group", "n", "rest", "found", "rows needed", "<"});
  for (const GroupPlan& p : plans)
    table.add({p.name, std::to_string(p.n), points(p.rest), p.worse ? fmt::format("{:.0f} %", 100 * p.power) : "-",
               std::isfinite(p.needed) ? fmt::format("{:.0f}", std::ceil(p.needed)) : "-", more_words(p, options.gap)});
  fmt::print("{}", table.text());
  if (const auto detectable = detectable_of(e, options))
    fmt::print("\n{}\n", study::planning_sentence(*detectable, options.power));
}

/// Throws InputError unless there is a group that could be worse than the rest by the gap.
void require_room(const std::vector<GroupPlan>& plans, const study::Judgement& j, double gap) {
  if (plans.empty())
    throw InputError({.file = {},
                      .at = "--by",
                      .found = "there is no rest that a group could be held against",
                      .expected = fmt::format("two groups or more with rows that {} is about", j.metric.text()),
                      .remedy = "group by an attribute with several levels"});
  if (std::ranges::any_of(plans, [](const GroupPlan& p) { return p.worse.has_value(); })) return;
  const auto room = [&j](const GroupPlan& p) { return room_beyond(p.rest, j.better); };
  const GroupPlan& widest = *std::ranges::max_element(plans, {}, room);
  const double largest = std::floor(room(widest) / kSmallestGap + 1e-6) * kSmallestGap;
  const std::string name = j.metric.text();
  throw InputError(
      {.file = {},
       .at = fmt::format("--gap {}", gap),
       .found =
           fmt::format("no {} can lie {} points {} that of the rest, which is {} {}", name, points(gap),
                       worse_side(j.better), j.better == Better::kLower ? "at least" : "at most", points(widest.rest)),
       .expected =
           largest > 0 ? fmt::format("a gap of up to {:.4f}", largest) : "a rest that a group can be worse than",
       .remedy = largest > 0 ? fmt::format("give --gap {:.4f} or less", largest) : "plan for another metric"});
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
  require_room(plans, e.primary(), options.gap);
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
