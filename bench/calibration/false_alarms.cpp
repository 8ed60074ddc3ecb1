#include "questions.h"
#include <fmt/format.h>

#include "evenface/stats/chance.h"
#include "evenface/stats/known_truth.h"
#include "evenface/stats/significance.h"

namespace evenface::calibration {
namespace {

using stats::GroupCount;

/// Whether any group differs from the rest: Fisher's exact test of each, Holm over all.
bool any_group_found(const std::vector<GroupCount>& groups, std::span<const GroupCount> tested) {
  double n = 0, right = 0;
  for (const GroupCount& g : groups) n += g.n, right += g.right;
  std::vector<double> p;
  for (const GroupCount& g : tested)
    p.push_back(stats::fisher_exact(std::llround(g.right), std::llround(g.n), std::llround(right - g.right),
                                    std::llround(n - g.n)));
  // Groups that are left out have larger p, so that they would not change the smallest adjusted one.
  p.resize(groups.size(), 1.0);
  return std::ranges::min(stats::holm(p)) < 0.05;
}

/// The groups of equal size with the lowest and the highest count: one of them has the smallest p of all.
std::array<GroupCount, 2> extremes(const std::vector<GroupCount>& groups) {
  const auto [low, high] = std::ranges::minmax_element(groups, {}, &GroupCount::right);
  return {*low, *high};
}

bool gap_found(const std::vector<GroupCount>& groups, Stream& s) {
  stats::PairedCells cells(static_cast<std::int64_t>(groups.size()), 1, 0);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    cells.add(static_cast<std::int64_t>(g), 1, std::llround(groups[g].right));
    cells.add(static_cast<std::int64_t>(g), 0, std::llround(groups[g].n - groups[g].right));
  }
  return stats::raw_null(cells, stats::Arm::kBefore, stats::gap, 199, s.bits64(), {}).p <= 0.05;
}

/// Group sizes from 20 to 1,000 at equal ratios, with one rate.
std::vector<GroupCount> draw_unequal(int k, double rate, Stream& s) {
  std::vector<GroupCount> groups;
  for (int g = 0; g < k; ++g) {
    const std::int64_t n = std::llround(20 * std::pow(50.0, static_cast<double>(g) / std::max(1, k - 1)));
    groups.push_back(stats::draw_groups(std::span(&rate, 1), n, s)[0]);
  }
  return groups;
}

}  // namespace

Section false_alarms(const Effort& effort) {
  std::vector<std::vector<std::string>> rows;
  Range fisher, gap;
  std::uint64_t setting = 0;
  for (const int k : {2, 5, 14, 30, 60})
    for (const std::int64_t n : {20, 50, 143, 400, 1000})
      for (const double rate : {0.5, 0.9}) {
        const std::vector<double> rates(static_cast<std::size_t>(k), rate);
        const auto tests = simulate<1>("each group", setting++, effort.draws(6000), effort.threads, [&](Stream& s) {
          const auto groups = stats::draw_groups(rates, n, s);
          return std::array{double(any_group_found(groups, extremes(groups)))};
        });
        const auto nulls = simulate<1>("null gap", setting, effort.draws(1000), effort.threads, [&](Stream& s) {
          return std::array{double(gap_found(stats::draw_groups(rates, n, s), s))};
        });
        fisher.add(tests[0]), gap.add(nulls[0]);
        rows.push_back({std::to_string(k), std::to_string(n), points(rate, 0), percent(tests[0]), percent(nulls[0])});
      }
  for (const int k : {5, 14, 60})
    for (const double rate : {0.5, 0.9}) {
      const auto found = simulate<2>("unequal groups", setting++, effort.draws(1000), effort.threads, [&](Stream& s) {
        const auto groups = draw_unequal(k, rate, s);
        return std::array{double(any_group_found(groups, groups)), double(gap_found(groups, s))};
      });
      fisher.add(found[0]), gap.add(found[1]);
      rows.push_back({std::to_string(k), "20 to 1,000", points(rate, 0), percent(found[0]), percent(found[1])});
    }

  Section s{.title = "A bias where there is none", .text = {}, .claims = {}};
  s.text =
      "All groups have the same true rate. The share of data sets in which some group is said to differ from the rest "
      "(Fisher's exact test, Holm over the groups), and in which the gap is said to be beyond chance (199 "
      "permutations, "
      "p ≤ .05).\n\n" +
      table({"groups", "n", "rate", "some group", "the gap"}, rows);
  s.claims = {{"A bias is found where there is none in at most 5 % of data sets (Fisher, Holm)", fisher.percent(),
               verdict(at_most(fisher.highest(), 0.05), fisher.percent())},
              {"The permutation null of the gap keeps its 5 %", gap.percent(),
               verdict(at_most(gap.highest(), 0.05), gap.percent())}};
  return s;
}

}  // namespace evenface::calibration
