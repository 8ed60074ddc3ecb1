#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/cli/command.h"
#include "evenface/cli/judgement_output.h"
#include "evenface/cli/text_table.h"
#include "evenface/study/verify.h"

namespace evenface::cli {
namespace {
using nlohmann::json;
using stats::Estimate;
using stats::Outcome;
using study::PairDisparity;
using study::PairGroup;
using study::PairRate;
using study::Verification;

/// Error rates in percent, with as many decimals as the rate over all pairs needs for three digits.
struct Percent {
  int decimals;

  explicit Percent(double overall)
      : decimals(overall > 0 ? std::clamp(2 - static_cast<int>(std::floor(std::log10(100 * overall))), 1, 6) : 2) {}
  std::string operator()(double rate) const { return fmt::format("{:.{}f}", 100 * rate, decimals); }
  std::string value(const Estimate& e) const { return e.estimable() ? (*this)(*e.value) : "n/e"; }
  std::string interval(const Estimate& e) const {
    if (!e.interval) return "";
    return fmt::format("[{}, {}]", (*this)(e.interval->low), (*this)(e.interval->high));
  }
};

/// One of the two error rates, and how it is called.
struct Kind {
  PairRate PairGroup::* rate;
  const PairDisparity& overall;
  const char *name, *pairs;
};

std::vector<Kind> kinds_of(const Verification& v) {
  return {{&PairGroup::false_match, v.false_match, "false matches", "impostor pairs"},
          {&PairGroup::false_non_match, v.false_non_match, "false non-matches", "genuine pairs"}};
}

/// What a test supports, or an empty text.
const char* mark_of(const PairRate& r, double level) {
  if (r.outcome == Outcome::kLost) return "▲ more than the rest";
  if (r.outcome == Outcome::kWon) return "▼ fewer than the rest";
  return r.p_adjusted && *r.p_adjusted < 1 - level ? "differs, too few to say by how much" : "";
}

std::int64_t count_of(const Verification& v, const Kind& kind, Outcome outcome) {
  return std::ranges::count_if(v.groups, [&](const PairGroup& g) { return (g.*kind.rate).outcome == outcome; });
}

std::string headline(const Verification& v) {
  std::vector<std::string> parts;
  for (const Kind& kind : kinds_of(v)) {
    const std::int64_t more = count_of(v, kind, Outcome::kLost), fewer = count_of(v, kind, Outcome::kWon);
    if (more + fewer > 0)
      parts.push_back(fmt::format("{} more often in {} and less often in {} of {} groups", kind.name, more, fewer,
                                  v.groups.size()));
  }
  if (!parts.empty()) return fmt::format("Groups differ from the rest: {}.", fmt::join(parts, "; "));
  for (const Kind& kind : kinds_of(v))
    if (const auto& null = kind.overall.gap_null; null && null->p < 1 - v.options.level)
      parts.push_back(fmt::format("{} (p {})", kind.name, p_text(null->p)));
  if (parts.empty()) return "No evidence that groups differ in false matches or false non-matches.";
  return fmt::format("Groups lie further apart than by chance in {}; none stands out from the rest.",
                     fmt::join(parts, " and "));
}

std::string groups_table(const Verification& v, const Kind& kind, const Shell& shell) {
  const Percent percent(kind.overall.rate.value.value_or(0));
  TextTable table({kind.name, "pairs", "errors", "rate %", fmt::format("{:.0f}% interval", 100 * v.options.level),
                   "p (Holm)", "<"});
  std::vector<const PairGroup*> order;
  for (const PairGroup& g : v.groups) order.push_back(&g);
  std::ranges::stable_sort(order, std::greater(),
                           [&](const PairGroup* g) { return (g->*kind.rate).rate.value.value_or(-1); });
  for (const PairGroup* g : order) {
    const PairRate& r = g->*kind.rate;
    const char* mark = mark_of(r, v.options.level);
    std::vector<std::string> cells{g->name,
                                   std::to_string(r.count.pairs),
                                   std::to_string(r.count.errors),
                                   percent.value(r.rate),
                                   percent.interval(r.rate),
                                   r.p_adjusted ? p_text(*r.p_adjusted) : "",
                                   mark};
    if (!*mark)
      for (std::string& cell : cells) cell = cell.empty() ? cell : grey(shell, cell);
    table.add(std::move(cells));
  }
  return table.text();
}

std::string figures_table(const Verification& v) {
  TextTable table({"", "value", fmt::format("{:.0f}% interval", 100 * v.options.level), "<"});
  for (const Kind& kind : kinds_of(v)) {
    const Percent percent(kind.overall.rate.value.value_or(0));
    const PairDisparity& d = kind.overall;
    table.add({fmt::format("{}, overall %", kind.name), percent.value(d.rate), percent.interval(d.rate),
               fmt::format("{} of {} {}", d.count.errors, d.count.pairs, kind.pairs)});
    table.add({"  gap max - min %", percent.value(d.gap), percent.interval(d.gap),
               d.gap_null ? fmt::format("chance alone {} (p {})", percent(d.gap_null->mean), p_text(d.gap_null->p))
                          : d.gap.reason});
  }
  const auto figure = [&](const char* name, const Estimate& e, const char* note) {
    table.add({name, e.estimable() ? fmt::format("{:.4f}", *e.value) : "n/e",
               e.interval ? fmt::format("[{:.4f}, {:.4f}]", e.interval->low, e.interval->high) : "",
               e.estimable() ? note : e.reason});
  };
  figure("FDR", v.summary.fdr, "best 1");
  figure("IR", v.summary.ir, "best 1");
  figure("GARBE", v.summary.garbe, "best 0");
  return table.text();
}

/// What limits the figures.
std::string footnotes(const Verification& v) {
  constexpr double kEnough = 30;  // errors that a threshold should rest on (Doddington's rule of 30)
  const study::VerifyOptions& o = v.options;
  std::vector<std::string> small;
  for (const PairGroup& g : v.groups)
    if (!g.false_match.rate.estimable() || !g.false_non_match.rate.estimable()) small.push_back(g.name);
  std::string text = fmt::format("not estimable in part: {} (--min-group {})\n",
                                 small.empty() ? "none" : fmt::format("{}", fmt::join(small, ", ")), o.min_group);
  if (v.people > 0) text += fmt::format("pairs clustered by both of their persons: {} people\n", v.people);
  else text += "pairs taken as independent: with --identity-a and --identity-b intervals widen where people recur\n";
  if (const double errors = o.fmr * static_cast<double>(v.false_match.count.pairs); o.fmr > 0)
    text += fmt::format(
        "threshold chosen on these pairs: its own error is not in the intervals{}\n",
        errors < kEnough ? fmt::format("; it rests on {:.0f} false matches, 30 are asked for as a rule", errors) : "");
  if (v.rows_without_group > 0)
    text += fmt::format("{} pairs lack a value of {}: they are the level \"missing\"\n", v.rows_without_group,
                        fmt::join(v.by, ", "));
  return text;
}

/// A threshold that parts no pairs is most likely one of another scale.
std::string one_sided_note(const Verification& v) {
  const auto &impostor = v.false_match.count, &genuine = v.false_non_match.count;
  const bool none = impostor.errors == 0 && genuine.errors == genuine.pairs;
  const bool every = impostor.errors == impostor.pairs && genuine.errors == 0;
  if (!none && !every) return {};
  return fmt::format("{} pair is a match: all scores lie on one side of the threshold {}\n", none ? "No" : "Every",
                     v.threshold);
}

void print(const Verification& v, const Shell& shell) {
  fmt::print("{}\n", headline(v));
  fmt::print("{} groups, {} pairs, a match {} {}{}. By annotated {}\n{}\n", v.groups.size(),
             v.false_match.count.pairs + v.false_non_match.count.pairs,
             v.options.distance ? "up to a distance of" : "from a score of", v.threshold,
             v.options.fmr > 0 ? fmt::format(" (found for a false match rate of {})", v.options.fmr) : "",
             fmt::join(v.by, " x "), one_sided_note(v));
  fmt::print("{}\n", figures_table(v));
  for (const Kind& kind : kinds_of(v)) fmt::print("{}\n", groups_table(v, kind, shell));
  fmt::print("{}", footnotes(v));
}

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kLost:
      return "more";
    case Outcome::kWon:
      return "fewer";
    case Outcome::kNotEstimable:
      return "not_estimable";
    case Outcome::kNone:
      break;
  }
  return "none";
}

json optional(const std::optional<double>& value) { return value ? json(*value) : json(nullptr); }

json rate_json(const PairRate& r) {
  return {{"pairs", r.count.pairs},
          {"errors", r.count.errors},
          {"people", r.count.people > 0 ? json(r.count.people) : json(nullptr)},
          {"effective_pairs", r.count.effective_pairs},
          {"rate", estimate_json(r.rate)},
          {"difference", estimate_json(r.difference)},
          {"p", optional(r.p)},
          {"p_holm", optional(r.p_adjusted)},
          {"outcome", name_of(r.outcome)}};
}

json disparity_json(const PairDisparity& d) {
  json j{{"gap", estimate_json(d.gap)}, {"null", nullptr}};
  if (d.gap_null) j["null"] = {{"raw", {{"mean", d.gap_null->mean}, {"q95", d.gap_null->upper}, {"p", d.gap_null->p}}}};
  return j;
}

json overall_json(const PairDisparity& d) {
  return {{"pairs", d.count.pairs}, {"errors", d.count.errors}, {"rate", estimate_json(d.rate)}};
}

/// The form that other tools may rely on; proportions as fractions.
json machine_form(const Verification& v) {
  const study::VerifyOptions& o = v.options;
  json j{{"threshold", v.threshold},
         {"wanted_fmr", o.fmr > 0 ? json(o.fmr) : json(nullptr)},
         {"people", v.people > 0 ? json(v.people) : json(nullptr)},
         {"rows_without_group", v.rows_without_group},
         {"overall", {{"fmr", overall_json(v.false_match)}, {"fnmr", overall_json(v.false_non_match)}}},
         {"groups", json::array()},
         {"disparity", {{"fmr", disparity_json(v.false_match)}, {"fnmr", disparity_json(v.false_non_match)}}},
         {"summary",
          {{"alpha", o.alpha},
           {"fdr", estimate_json(v.summary.fdr)},
           {"ir", estimate_json(v.summary.ir)},
           {"garbe", estimate_json(v.summary.garbe)}}},
         {"not_estimable", json::array()}};
  for (const PairGroup& g : v.groups) {
    j["groups"].push_back(
        {{"name", g.name}, {"fmr", rate_json(g.false_match)}, {"fnmr", rate_json(g.false_non_match)}});
    for (const auto& [key, r] : {std::pair("fmr", &g.false_match), std::pair("fnmr", &g.false_non_match)})
      if (!r->rate.estimable())
        j["not_estimable"].push_back({{"name", g.name},
                                      {"rate", key},
                                      {"pairs", r->count.pairs},
                                      {"errors", r->count.errors},
                                      {"reason", r->rate.reason}});
  }
  return j;
}

int run(const study::VerifyOptions& options, const Shell& shell) {
  const Verification v = study::verify(options, shell.context);
  if (shell.json) fmt::print("{}\n", machine_form(v).dump(1));
  else print(v, shell);
  return 0;
}

}  // namespace

Command verify_command() {
  return make_command<study::VerifyOptions>(
      "verify", "Who is mistaken for another, and who is not recognised: error rates of face verification per group",
      "evenface verify pairs.csv --score score --same same --by race --threshold 0.6", {"pairs"}, {"pairs"}, run);
}

}  // namespace evenface::cli
