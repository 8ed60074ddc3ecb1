#include "questions.h"
#include <fmt/format.h>

#include "evenface/stats/interval.h"
#include "evenface/stats/known_truth.h"

namespace evenface::calibration {
namespace {

using stats::Interval;

constexpr std::array<std::int64_t, 9> kRows{20, 30, 50, 100, 143, 200, 500, 1000, 2000};
constexpr int kRates = 961;  // .020, .021 ... .980

double rate(int i) { return 0.020 + 0.001 * i; }

/// Exact coverage of one interval kind at one n, over the rates.
struct Coverage {
  double mean = 0, lowest = 1, lowest_at = 0;
  double below = 0;  ///< share of the rates that are covered less than 93 % of the time
};

double covered_at(double p, const std::vector<Interval>& intervals) {
  const auto probability = stats::binomial_probabilities(static_cast<std::int64_t>(intervals.size()) - 1, p);
  double covered = 0;
  for (std::size_t x = 0; x < intervals.size(); ++x)
    if (intervals[x].low <= p && p <= intervals[x].high) covered += probability[x];
  return covered;
}

Coverage coverage(const std::vector<Interval>& intervals) {
  Coverage c;
  for (int i = 0; i < kRates; ++i) {
    const double covered = covered_at(rate(i), intervals);
    c.mean += covered / kRates;
    c.below += (covered < 0.93) / static_cast<double>(kRates);
  }
  // Coverage jumps at the ends of intervals, so that it is lowest just outside one of them.
  constexpr double kOutside = 1e-9;
  for (const Interval& v : intervals)
    for (const double p : {v.low - kOutside, v.high + kOutside}) {
      if (p < rate(0) || p > rate(kRates - 1)) continue;
      if (const double covered = covered_at(p, intervals); covered < c.lowest) c.lowest = covered, c.lowest_at = p;
    }
  return c;
}

struct Kind {
  std::string name;
  Interval (*interval)(std::int64_t, std::int64_t);
};

const std::array<Kind, 2> kKinds{{
    {"Wilson", [](std::int64_t x, std::int64_t n) { return stats::wilson_interval(double(x), double(n)); }},
    {"Clopper-Pearson", [](std::int64_t x, std::int64_t n) { return stats::clopper_pearson_interval(x, n); }},
}};

}  // namespace

Section one_proportion(const Effort& effort) {
  std::array<std::array<Coverage, kRows.size()>, kKinds.size()> found;
  parallel_for(kRows.size() * kKinds.size(), 1, effort.threads, [&](std::int64_t task, std::int64_t) {
    const auto kind = static_cast<std::size_t>(task) % kKinds.size(),
               n = static_cast<std::size_t>(task) / kKinds.size();
    std::vector<Interval> intervals;
    for (std::int64_t x = 0; x <= kRows[n]; ++x) intervals.push_back(kKinds[kind].interval(x, kRows[n]));
    found[kind][n] = coverage(intervals);
  });

  std::vector<std::vector<std::string>> rows;
  std::array<Coverage, kKinds.size()> over_n{};
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind)
    for (std::size_t n = 0; n < kRows.size(); ++n) {
      const Coverage& c = found[kind][n];
      rows.push_back({kKinds[kind].name, std::to_string(kRows[n]), percent(c.mean), percent(c.lowest),
                      fmt::format("{:.4f}", c.lowest_at), percent(c.below)});
      over_n[kind].mean += c.mean / kRows.size();
      if (c.lowest < over_n[kind].lowest) over_n[kind] = {over_n[kind].mean, c.lowest, c.lowest_at, double(kRows[n])};
    }
  const Coverage &wilson = over_n[0], &exact = over_n[1];

  Section s{.title = "One proportion", .text = {}, .claims = {}};
  s.text =
      "Coverage of the 95 % interval, by enumeration of every count and so without sampling error, over the rates "
      ".020, "
      ".021 … .980; the lowest is that of all rates between. Wilson's is right on average and wobbles; it covers least "
      "where the rate is near 0 or 1 and *n* is "
      "small. Clopper-Pearson's never falls short, and pays with width.\n\n" +
      table({"interval", "n", "mean", "lowest", "at rate", "rates under 93 %"}, rows);
  s.claims = {
      {"Wilson covers 94 to 96.5 % on average", percent(wilson.mean),
       verdict(0.94 <= wilson.mean && wilson.mean <= 0.965, percent(wilson.mean))},
      {"Wilson: mean coverage 95.1 %, lowest 89.6 % (n = 20)",
       fmt::format("{}, lowest {} (n = {:.0f}, rate {:.4f})", percent(wilson.mean), percent(wilson.lowest),
                   wilson.below, wilson.lowest_at),
       verdict(
           std::abs(wilson.mean - 0.951) < 0.0015 && std::abs(wilson.lowest - 0.896) < 0.0015,
           fmt::format("{} and {}, over every rate from .02 to .98", percent(wilson.mean), percent(wilson.lowest)))},
      {"Clopper-Pearson never covers under 95 %", "lowest " + fmt::format("{:.2f}", 100 * exact.lowest),
       verdict(exact.lowest >= 0.95, percent(exact.lowest))},
  };
  return s;
}

}  // namespace evenface::calibration
