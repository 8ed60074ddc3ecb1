#include <optional>

#include "questions.h"
#include <fmt/format.h>

#include "evenface/stats/interval.h"
#include "evenface/stats/known_truth.h"
#include "evenface/stats/ratio.h"

namespace evenface::calibration {
namespace {

using stats::Interval;
using stats::PairCounts;

constexpr std::array<double, 13> kRates{.02, .05, .1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .98};

/// Coverage over settings of the truth: of a kind of interval at one size of sample.
struct Coverage {
  double sum = 0, lowest = 1;
  std::string lowest_at;
  int settings = 0, below = 0;
  double lowest_defined = 1;  ///< of the chance that there is an interval at all

  /// `covered` given that there is an interval, which has the chance `defined`.
  void add(double covered, const std::string& truth, double defined = 1) {
    sum += covered, ++settings, below += covered < 0.93;
    if (covered < lowest) lowest = covered, lowest_at = truth;
    lowest_defined = std::min(lowest_defined, defined);
  }
  double mean() const { return sum / settings; }
  std::vector<std::string> row(std::vector<std::string> start) const {
    for (const std::string& cell :
         {percent(mean()), percent(lowest), lowest_at, percent(below / static_cast<double>(settings)),
          lowest_defined > 1 - 1e-9 ? "" : percent(lowest_defined)})
      start.push_back(cell);
    return start;
  }
};

/// A kind of interval that compares two independent rates.
struct Comparing {
  std::string name;
  double (*truth)(double, double);
  std::optional<Interval> (*interval)(double x1, double n1, double x2, double n2);
};

double difference(double p1, double p2) { return p1 - p2; }
double ratio(double p1, double p2) { return p1 / p2; }

const std::array<Comparing, 3> kComparing{{
    {"Newcombe, difference", difference,
     [](double x1, double n1, double x2, double n2) -> std::optional<Interval> {
       return stats::newcombe_interval(x1, n1, x2, n2);
     }},
    {"MOVER-R, ratio", ratio,
     [](double x1, double n1, double x2, double n2) -> std::optional<Interval> {
       if (x2 == 0) return std::nullopt;
       return stats::mover_ratio(x1 / n1, stats::wilson_interval(x1, n1), x2 / n2, stats::wilson_interval(x2, n2));
     }},
    {"Katz, ratio", ratio,
     [](double x1, double n1, double x2, double n2) -> std::optional<Interval> {
       if (x1 == 0 || x2 == 0) return std::nullopt;
       return stats::katz_interval(x1, n1, x2, n2);
     }},
}};

/// Counts whose probability isn't negligible, and their probabilities.
struct Likely {
  std::vector<std::int64_t> counts;
  std::vector<double> probability;
};

Likely likely(std::int64_t n, double p) {
  constexpr double kNegligible = 1e-12;
  const auto all = stats::binomial_probabilities(n, p);
  Likely some;
  for (std::size_t x = 0; x < all.size(); ++x)
    if (all[x] > kNegligible) some.counts.push_back(static_cast<std::int64_t>(x)), some.probability.push_back(all[x]);
  return some;
}

/// The intervals of all counts of two groups.
class Intervals {
 public:
  Intervals(const Comparing& kind, std::int64_t n1, std::int64_t n2, int threads)
      : n2_(n2), intervals_(static_cast<std::size_t>((n1 + 1) * (n2 + 1))) {
    parallel_for(n1 + 1, 1, threads, [&](std::int64_t x, std::int64_t) {
      for (std::int64_t y = 0; y <= n2; ++y)
        intervals_[place(x, y)] = kind.interval(double(x), double(n1), double(y), double(n2));
    });
  }
  const std::optional<Interval>& at(std::int64_t x, std::int64_t y) const { return intervals_[place(x, y)]; }

 private:
  std::size_t place(std::int64_t x, std::int64_t y) const { return static_cast<std::size_t>(x * (n2_ + 1) + y); }

  std::int64_t n2_;
  std::vector<std::optional<Interval>> intervals_;
};

/// Exact coverage over all pairs of rates, given that there is an interval.
Coverage independent(const Comparing& kind, std::int64_t n1, std::int64_t n2, int threads) {
  const Intervals intervals(kind, n1, n2, threads);
  std::array<std::pair<double, double>, kRates.size() * kRates.size()> found{};  // covered, defined
  parallel_for(found.size(), 1, threads, [&](std::int64_t pair, std::int64_t) {
    const auto i = static_cast<std::size_t>(pair) / kRates.size(), j = static_cast<std::size_t>(pair) % kRates.size();
    const Likely a = likely(n1, kRates[i]), b = likely(n2, kRates[j]);
    const double truth = kind.truth(kRates[i], kRates[j]);
    auto& [covered, defined] = found[static_cast<std::size_t>(pair)];
    for (std::size_t x = 0; x < a.counts.size(); ++x)
      for (std::size_t y = 0; y < b.counts.size(); ++y) {
        const std::optional<Interval>& v = intervals.at(a.counts[x], b.counts[y]);
        if (!v) continue;
        defined += a.probability[x] * b.probability[y];
        if (v->low <= truth && truth <= v->high) covered += a.probability[x] * b.probability[y];
      }
  });
  Coverage c;
  for (std::size_t pair = 0; pair < found.size(); ++pair)
    c.add(found[pair].first / found[pair].second,
          fmt::format("{} and {}", kRates[pair / kRates.size()], kRates[pair % kRates.size()]), found[pair].second);
  return c;
}

/// A truth for pairs: the rates, and how far being right before goes with being right after: 0 independent, 1 as
/// much as the rates allow.
struct PairTruth {
  double before, after, agreement;

  /// Probabilities of both, lost, won, neither.
  std::array<double, 4> cells() const {
    const double both = agreement * std::min(before, after) + (1 - agreement) * before * after;
    return {both, before - both, after - both, 1 - before - after + both};
  }
  std::string text() const { return fmt::format("{} to {}, agreement {}", before, after, agreement); }
};

std::vector<PairTruth> pair_truths() {
  std::vector<PairTruth> truths;
  for (const double before : {.05, .2, .4, .6, .8, .95})
    for (const double after : {.05, .2, .4, .6, .8, .95})
      for (const double agreement : {0.0, 0.5, 0.8}) truths.push_back({before, after, agreement});
  return truths;
}

bool covers(const Interval& v, const PairTruth& truth) {
  const double change = truth.after - truth.before;
  return v.low <= change && change <= v.high;
}

/// All counts of n pairs with their intervals.
struct PairTable {
  explicit PairTable(std::int64_t n) : log_factorial(static_cast<std::size_t>(n + 1)) {
    for (std::size_t i = 0; i < log_factorial.size(); ++i) log_factorial[i] = std::lgamma(double(i) + 1);
    for (std::int64_t lost = 0; lost <= n; ++lost)
      for (std::int64_t won = 0; lost + won <= n; ++won)
        for (std::int64_t both = 0; lost + won + both <= n; ++both) {
          counts.push_back({both, lost, won, n - lost - won - both});
          intervals.push_back(stats::newcombe_paired_interval(counts.back()));
        }
  }
  double probability(const PairCounts& c, const std::array<double, 4>& log_p) const {
    double log_probability = log_factorial.back();
    const std::array<std::int64_t, 4> x{c.both, c.lost, c.won, c.neither};
    for (std::size_t i = 0; i < 4; ++i)
      log_probability += static_cast<double>(x[i]) * log_p[i] - log_factorial[static_cast<std::size_t>(x[i])];
    constexpr double kNegligible = -28;  // 1e-12
    return log_probability < kNegligible ? 0 : std::exp(log_probability);
  }

  std::vector<double> log_factorial;
  std::vector<PairCounts> counts;
  std::vector<Interval> intervals;
};

double covered_exactly(const PairTable& table, const PairTruth& truth) {
  auto log_p = truth.cells();
  for (double& p : log_p) p = std::log(p);
  double covered = 0;
  for (std::size_t i = 0; i < table.counts.size(); ++i)
    if (covers(table.intervals[i], truth)) covered += table.probability(table.counts[i], log_p);
  return covered;
}

double covered_in_draws(std::int64_t n, const PairTruth& truth, std::uint64_t setting, std::int64_t draws) {
  const auto p = truth.cells();
  const auto covered = simulate<1>("paired", setting, draws, 1, [&](Stream& s) {
    const std::int64_t both = s.binomial(n, p[0]), lost = s.binomial(n - both, p[1] / (1 - p[0]));
    const std::int64_t won = s.binomial(n - both - lost, p[2] / (p[2] + p[3]));
    return std::array{double(covers(stats::newcombe_paired_interval({both, lost, won, n - both - lost - won}), truth))};
  });
  return covered[0].value();
}

constexpr std::int64_t kEnumerable = 143;  // rows; more have too many counts

Coverage paired(std::int64_t n, std::int64_t draws, int threads) {
  const auto truths = pair_truths();
  std::vector<double> covered(truths.size());
  const auto at_each_truth = [&](const auto& coverage_of) {
    parallel_for(static_cast<std::int64_t>(truths.size()), 1, threads, [&](std::int64_t i, std::int64_t) {
      covered[static_cast<std::size_t>(i)] = coverage_of(truths[static_cast<std::size_t>(i)], i);
    });
  };
  if (n <= kEnumerable) {
    at_each_truth(
        [table = PairTable(n)](const PairTruth& truth, std::int64_t) { return covered_exactly(table, truth); });
  } else {
    at_each_truth([&](const PairTruth& truth, std::int64_t i) {
      return covered_in_draws(n, truth, static_cast<std::uint64_t>(n * 1000 + i), draws);
    });
  }
  Coverage c;
  for (std::size_t t = 0; t < truths.size(); ++t) c.add(covered[t], truths[t].text());
  return c;
}

}  // namespace

Section two_proportions(const Effort& effort) {
  std::vector<std::vector<std::string>> rows;
  constexpr std::pair<std::int64_t, std::int64_t> kSizes[] = {{20, 20},     {50, 50},  {143, 143}, {500, 500},
                                                              {2000, 2000}, {20, 200}, {30, 200},  {143, 1859}};
  std::array<Coverage, kComparing.size() + 1> over_n;  // of the means at each n; the last is of pairs
  double katz_30_200 = 0;
  for (std::size_t kind = 0; kind < kComparing.size(); ++kind)
    for (const auto& [n1, n2] : kSizes) {
      const Coverage c = independent(kComparing[kind], n1, n2, effort.threads);
      rows.push_back(c.row({kComparing[kind].name, fmt::format("{} and {}", n1, n2)}));
      over_n[kind].add(c.mean(), c.lowest_at);
      if (kind == 2 && n1 == 30) katz_30_200 = c.lowest;
    }
  for (const std::int64_t n : {20, 50, 100, 143, 500, 2000}) {
    const Coverage c = paired(n, effort.draws(20000), effort.threads);
    rows.push_back(c.row({n <= kEnumerable ? "Newcombe, paired" : "Newcombe, paired (simulated)", std::to_string(n)}));
    over_n.back().add(c.mean(), c.lowest_at);
  }
  Section s{.title = "Two proportions", .text = {}, .claims = {}};
  s.text =
      "Coverage of the 95 % interval over 169 pairs of rates from .02 to .98, or 108 truths of pairs (rates .05 to "
      ".95; agreement says how far being right before goes with being right after: 0 independent, 1 as much as the "
      "rates allow). By enumeration, but for pairs with n > 143 (20,000 draws a truth, standard error .15). A ratio "
      "has no interval where nothing is right in the second group, by Katz in either: coverage is then that of the "
      "samples that have one, and the last column says how rare these can be.\n\n" +
      table({"interval", "n", "mean", "lowest", "at rates", "settings under 93 %", "has an interval, at least"}, rows);
  const auto claim = [](const std::string& name, const Coverage& c) {
    return Claim{name + " covers 94 to 96.5 % on average",
                 fmt::format("{}; at the least favourable n {}", percent(c.mean()), percent(c.lowest)),
                 verdict(0.94 <= c.mean() && c.mean() <= 0.965, percent(c.mean()))};
  };
  s.claims = {claim("Newcombe's interval of a difference", over_n[0]),
              claim("Newcombe's paired interval", over_n.back()),
              claim("MOVER-R's interval of a ratio", over_n[1]),
              {"Katz's interval of a ratio falls to 69 % at 30 and 200 rows with zero counts",
               fmt::format("lowest {} where it exists", percent(katz_30_200)),
               verdict(katz_30_200 < 0.70, "lowest " + percent(katz_30_200) + " where it exists")}};
  return s;
}

}  // namespace evenface::calibration
