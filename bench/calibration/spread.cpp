#include "questions.h"
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/stats/disparity.h"
#include "evenface/stats/known_truth.h"

namespace evenface::calibration {
namespace {

struct Found {
  double bias_in_errors;  ///< (mean V - truth) / Monte-Carlo standard error
  Mean corrected_sd, raw_sd, coverage;
};

Found judge(const std::vector<double>& rates, std::int64_t n, std::uint64_t setting, const Effort& effort) {
  const double truth = stats::true_spread(rates);
  const auto means = simulate<4>("spread", setting, effort.draws(4000), effort.threads, [&](Stream& s) {
    const auto groups = stats::draw_groups(rates, n, s);
    const stats::Estimate e = stats::corrected_spread(groups, 0.95);
    const bool covered = e.interval && e.interval->low <= truth && truth <= e.interval->high;
    return std::array{stats::corrected_variance(groups), *e.value, stats::population_sd(groups), double(covered)};
  });
  return {(means[0].value() - truth * truth) / means[0].standard_error(), means[1], means[2], means[3]};
}

/// All groups alike but one that is `sd` away in terms of the population SD.
std::vector<double> one_apart(double mean, double sd, int k) {
  std::vector<double> rates(static_cast<std::size_t>(k), mean);
  rates[0] -= sd * k / std::sqrt(k - 1.0);
  return rates;
}

}  // namespace

Section spread(const Effort& effort) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> at_143;
  Range coverage;
  double worst_bias = 0;
  int biased = 0;
  std::uint64_t setting = 0;
  const auto add = [&](const char* shape, const std::vector<double>& rates, std::int64_t n, double sd) {
    const Found f = judge(rates, n, setting++, effort);
    coverage.add(f.coverage);
    biased += std::abs(f.bias_in_errors) > 2;
    if (std::abs(f.bias_in_errors) > std::abs(worst_bias)) worst_bias = f.bias_in_errors;
    rows.push_back({std::to_string(rates.size()), shape, std::to_string(n), points(sd, 0),
                    fmt::format("{:+.1f}", f.bias_in_errors), points(f.corrected_sd.value()), points(f.raw_sd.value()),
                    percent(f.coverage)});
    return points(f.corrected_sd.value());
  };
  for (const int k : {5, 14, 40})
    for (const std::int64_t n : {30, 60, 143, 400})
      for (const double sd : {0.0, 0.02, 0.05, 0.12}) {
        const std::string mean = add("even", stats::equally_spaced(0.7, sd, k), n, sd);
        if (k == 14 && n == 143) at_143.push_back(mean);
      }
  for (const std::int64_t n : {30, 143, 400})
    for (const double sd : {0.02, 0.05}) add("one apart", one_apart(0.7, sd, 14), n, sd);

  Section s{.title = "The noise-corrected spread", .text = {}, .claims = {}};
  s.text =
      "True rates around 70 %, at equal distances or with one group apart. The bias of the corrected variance V is in "
      "Monte-Carlo standard errors, so that one value in twenty lies beyond ±2. The mean of the corrected SD is above "
      "the truth near 0, since it can't be negative, and slightly below it further up, since the root is concave; the "
      "raw SD is what one would publish without the correction.\n\n" +
      table({"groups", "rates", "n", "true SD", "bias of V", "mean corrected SD", "mean raw SD", "coverage"}, rows);
  const std::string means = fmt::format("{}", fmt::join(at_143, ", "));
  s.claims = {{"The corrected variance V is unbiased",
               fmt::format("{} of {} settings beyond ±2 standard errors, worst {:+.1f}", biased, setting, worst_bias),
               verdict(std::abs(worst_bias) < 4, fmt::format("worst {:+.1f} standard errors", worst_bias))},
              {"True SD 0, 2, 5, 12 points (n = 143) give a mean corrected SD of .9, 1.8, 5.0, 12.4", means,
               verdict(means == "0.9, 1.8, 5.0, 12.4", means)},
              {"The corrected SD's interval covers 95 to 98 %", coverage.percent(),
               verdict(coverage.within(0.95, 0.98), coverage.percent())}};
  return s;
}

}  // namespace evenface::calibration
