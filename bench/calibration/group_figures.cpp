#include "covers.h"
#include "questions.h"
#include <fmt/format.h>

#include "evenface/stats/disparity.h"
#include "evenface/stats/known_truth.h"
#include "evenface/stats/ratio.h"

namespace evenface::calibration {
Section group_figures(const Effort& effort) {
  std::vector<std::vector<std::string>> rows;
  Range extremes, mean;
  std::uint64_t setting = 0;
  for (const int k : {2, 5, 14, 60})
    for (const std::int64_t n : {30, 143, 400})
      for (const double sd : {0.0, 0.05})
        for (const double rate : {0.5, 0.88}) {
          const auto rates = stats::equally_spaced(rate, sd, k);
          const double low = rates.front(), high = rates.back();
          const auto found =
              simulate<4>("group figures", setting++, effort.draws(4000), effort.threads, [&](Stream& s) {
                const auto groups = stats::draw_groups(rates, n, s);
                const auto errors = stats::error_ratio(groups, 0.95);
                return std::array{covers(stats::gap_estimate(groups, 0.95), high - low),
                                  covers(stats::min_max_ratio_estimate(groups, 0.95), low / high),
                                  errors.estimable() ? covers(errors, (1 - low) / (1 - high)) : 1.0,
                                  covers(stats::mean_over_groups(groups, 0.95), rate)};
              });
          for (std::size_t f = 0; f < 3; ++f) extremes.add(found[f]);
          mean.add(found[3]);
          rows.push_back({std::to_string(k), std::to_string(n), points(rate, 0), points(sd, 0)});
          for (const Mean& share : found) rows.back().push_back(percent(share));
        }
  Section s{.title = "Figures over groups", .text = {}, .claims = {}};
  s.text =
      "Coverage of the intervals of gap, min/max ratio and error ratio, all from simultaneous Wilson intervals and "
      "conservative by construction (a ratio that can't be estimated counts as covered), and of the mean over groups, "
      "from rates to each of which 2/k right and as many wrong rows are added (Price & Bonett 2004).\n\n" +
      table({"groups", "n", "mean rate", "true SD", "gap", "min/max ratio", "error ratio", "mean over groups"}, rows);
  s.claims = {{"The intervals of gap and ratios are conservative: they cover at least 95 %", extremes.percent(),
               verdict(at_least(extremes.lowest(), 0.95), extremes.percent())},
              {"The interval of the mean over groups covers 95 %", mean.percent(),
               verdict(mean.within(0.945, 0.955), mean.percent())}};
  return s;
}

}  // namespace evenface::calibration
