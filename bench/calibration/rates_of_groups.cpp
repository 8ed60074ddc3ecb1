#include <cmath>

#include "covers.h"
#include "questions.h"
#include <fmt/format.h>

#include "evenface/stats/decomposition.h"
#include "evenface/stats/equivalence.h"
#include "evenface/stats/known_truth.h"
#include "evenface/stats/shrinkage.h"

namespace evenface::calibration {
namespace {

using stats::GroupCount;

std::string shrunken(const Effort& effort, Section& s) {
  std::vector<std::vector<std::string>> rows;
  Range coverage;
  std::uint64_t setting = 0;
  for (const int k : {5, 14, 40})
    for (const std::int64_t n : {30, 143})
      for (const double sd : {0.0, 0.02, 0.05, 0.12}) {
        const auto rates = stats::equally_spaced(0.7, sd, k);
        const auto found = simulate<3>("shrunken", setting++, effort.draws(600), effort.threads, [&](Stream& stream) {
          const auto groups = stats::draw_groups(rates, n, stream);
          const auto shrunk = stats::shrink(groups, 0.95);
          double covered = 0, raw = 0, error = 0;
          for (std::size_t g = 0; g < rates.size(); ++g) {
            covered += covers(shrunk.rates[g], rates[g]) / k;
            raw += std::pow(groups[g].rate() - rates[g], 2) / k;
            error += std::pow(*shrunk.rates[g].value - rates[g], 2) / k;
          }
          return std::array{covered, raw, error};
        });
        coverage.add(found[0]);
        rows.push_back({std::to_string(k), std::to_string(n), points(sd, 0), percent(found[0]),
                        points(std::sqrt(found[1].value())), points(std::sqrt(found[2].value()))});
      }
  s.claims.push_back({"Shrunken rates: the intervals cover about 95 %, on average over the groups", coverage.percent(),
                      verdict(coverage.within(0.94, 1), coverage.percent())});
  return "Group rates shrunk towards their mean: coverage on average over the groups, and the root mean square error "
         "in points, raw and shrunk.\n\n" +
         table({"groups", "n", "true SD", "covered", "error, raw", "error, shrunk"}, rows);
}

/// Two groups whose rates differ by exactly the margin: an answer "equivalent" is an error.
std::string equivalent(const Effort& effort, Section& s) {
  std::vector<std::vector<std::string>> rows;
  Range errors;
  std::uint64_t setting = 0;
  for (const std::int64_t n : {143, 400, 1000, 4000}) {
    std::vector<std::string> row{std::to_string(n)};
    for (const double difference : {0.0, 0.05})
      for (const double rate : {0.6, 0.9}) {
        const std::vector<double> rates{rate - difference / 2, rate + difference / 2};
        const auto found =
            simulate<1>("equivalent", setting++, effort.draws(4000), effort.threads, [&](Stream& stream) {
              const auto answer = stats::test_equivalence(stats::draw_groups(rates, n, stream), {.margin = 0.05});
              return std::array{double(answer.all == stats::Equivalence::kEquivalent)};
            });
        if (difference > 0) errors.add(found[0]);
        row.push_back(percent(found[0]));
      }
    rows.push_back(row);
  }
  s.claims.push_back({"Two groups that differ by the margin are called equivalent in at most 5 %", errors.percent(),
                      verdict(at_most(errors.highest(), 0.05), errors.percent())});
  return "Two groups, margin 5 points: how often they are called equivalent, where they are alike and where they "
         "differ by the margin.\n\n" +
         table({"n", "alike, around 60 %", "alike, around 90 %", "5 points apart, around 60 %",
                "5 points apart, around 90 %"},
               rows);
}

/// Groups that differ in their mix of three classes, in how hard a class is for them, or in both.
stats::ClassCounts expected_counts(std::int64_t n, bool mix, bool harder) {
  stats::ClassCounts counts;
  for (int g = 0; g < 4; ++g) {
    const double tilt = mix ? 0.12 * (g - 1.5) : 0, loss = harder && g == 0 ? 0.1 : 0;
    const double share[] = {1 / 3.0 + tilt, 1 / 3.0, 1 / 3.0 - tilt}, rate[] = {0.9, 0.7, 0.5};
    std::vector<GroupCount> of_group;
    for (int y = 0; y < 3; ++y) of_group.push_back({double(n) * share[y], double(n) * share[y] * (rate[y] - loss)});
    counts.of.push_back(of_group);
    counts.effective.push_back(1);
  }
  return counts;
}

/// Each group's rows as one multinomial over class x right.
stats::ClassCounts draw_counts(const stats::ClassCounts& expected, std::int64_t n, Stream& stream) {
  stats::ClassCounts drawn = expected;
  for (auto& of_group : drawn.of) {
    std::int64_t left = n;
    double share_left = 1;
    for (GroupCount& c : of_group) {
      const double share = c.n / double(n);
      const std::int64_t rows = stream.binomial(left, std::min(1.0, share / share_left));
      c = {double(rows), double(stream.binomial(rows, c.rate()))};
      left -= rows, share_left -= share;
    }
  }
  return drawn;
}

std::string decomposed(const Effort& effort, Section& s) {
  std::vector<std::vector<std::string>> rows;
  Range coverage;
  std::uint64_t setting = 0;
  for (const std::int64_t n : {30, 143, 400})
    for (const auto& [name, mix, harder] : {std::tuple{"nothing", false, false},
                                            {"mix of classes", true, false},
                                            {"one group, same class harder", false, true},
                                            {"both", true, true}}) {
      const auto expected = expected_counts(n, mix, harder);
      const auto truth = stats::decompose_gaps(expected, 0.95);
      const auto found = simulate<4>("decomposed", setting++, effort.draws(4000), effort.threads, [&](Stream& stream) {
        const auto parts = stats::decompose_gaps(draw_counts(expected, n, stream), 0.95)[0];
        const bool all_classes = parts.standardised.estimable();
        return std::array{covers(parts.gap, *truth[0].gap.value),
                          covers(parts.composition, *truth[0].composition.value),
                          covers(parts.conditional, *truth[0].conditional.value),
                          all_classes ? covers(parts.standardised, *truth[0].standardised.value) : 1.0};
      });
      rows.push_back({std::to_string(n), name});
      for (const Mean& share : found) coverage.add(share), rows.back().push_back(percent(share));
    }
  s.claims.push_back({"Gap, composition, conditional part and standardised rate: intervals cover about 95 %",
                      coverage.percent(), verdict(coverage.within(0.94, 0.97), coverage.percent())});
  return "Four groups of *n* rows, three classes (rates 90, 70, 50 %); the parts of the first group's gap.\n\n" +
         table({"n", "groups differ in", "gap", "composition", "conditional", "standardised rate"}, rows);
}

}  // namespace

Section rates_of_groups(const Effort& effort) {
  Section s{.title = "Rates of groups: shrunken, equivalent, decomposed", .text = {}, .claims = {}};
  s.text = shrunken(effort, s);
  s.text += equivalent(effort, s);
  s.text += decomposed(effort, s);
  return s;
}

}  // namespace evenface::calibration
