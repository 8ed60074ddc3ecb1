#include "questions.h"
#include <fmt/format.h>

#include "evenface/stats/disparity.h"
#include "evenface/stats/known_truth.h"

namespace evenface::calibration {
namespace {

bool contains(const stats::Estimate& e, double truth) {
  constexpr double kRounding = 1e-12;
  return e.interval->low <= truth + kRounding && truth <= e.interval->high + kRounding;
}

}  // namespace

Section group_figures(const Effort& effort) {
  std::vector<std::vector<std::string>> rows;
  Range gap, mean;
  std::uint64_t setting = 0;
  for (const int k : {2, 5, 14, 60})
    for (const std::int64_t n : {30, 143, 400})
      for (const double sd : {0.0, 0.05})
        for (const double rate : {0.5, 0.88}) {
          const auto rates = stats::equally_spaced(rate, sd, k);
          const double true_gap = rates.back() - rates.front();
          const auto found =
              simulate<2>("group figures", setting++, effort.draws(4000), effort.threads, [&](Stream& s) {
                const auto groups = stats::draw_groups(rates, n, s);
                return std::array{double(contains(stats::gap_estimate(groups, 0.95), true_gap)),
                                  double(contains(stats::mean_over_groups(groups, 0.95), rate))};
              });
          gap.add(found[0]), mean.add(found[1]);
          rows.push_back({std::to_string(k), std::to_string(n), points(rate, 0), points(sd, 0), percent(found[0]),
                          percent(found[1])});
        }
  Section s{.title = "The gap, and the mean over groups", .text = {}, .claims = {}};
  s.text =
      "Coverage of the gap's interval, from simultaneous Wilson intervals, and of the interval of the mean over "
      "groups, "
      "from the groups' variances added up. The first is conservative by construction. The second is a normal "
      "interval: it falls short where few small groups have rates near 0 or 1.\n\n" +
      table({"groups", "n", "mean rate", "true SD", "gap", "mean over groups"}, rows);
  s.claims = {{"The gap's interval is conservative: it covers at least 95 %", gap.percent(),
               verdict(at_least(gap.lowest(), 0.95), gap.percent())}};
  return s;
}

}  // namespace evenface::calibration
