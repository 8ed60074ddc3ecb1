#include <array>
#include <span>

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

/// Groups of different size, each with its true rate.
struct Uneven {
  std::string what;
  std::vector<std::int64_t> rows;
  std::vector<double> rates;
};

std::vector<Uneven> uneven_groups() {
  std::vector<Uneven> all;
  const auto one_small = [&](int large, std::int64_t rows, std::int64_t small, double rate) {
    Uneven u{fmt::format("{} of {}, one of {}", large, rows, small), std::vector(static_cast<std::size_t>(large), rows),
             std::vector(static_cast<std::size_t>(large) + 1, rate)};
    u.rows.push_back(small);
    all.push_back(std::move(u));
  };
  one_small(13, 500, 30, 0.7), one_small(13, 1000, 100, 0.7), one_small(1, 1000, 30, 0.98);
  // Karkkainen & Joo 2021: the validation faces of FairFace by age.
  all.push_back({"FairFace's ages", {199, 1356, 1181, 3300, 2330, 1353, 796, 321, 118}, std::vector(9, 0.6)});
  const std::vector<std::int64_t> sizes{30, 60, 100, 200, 400, 800, 1500, 30, 60, 100, 200, 400, 800, 1500};
  for (const double sd : {0.02, 0.05, 0.12})
    all.push_back({"30 to 1,500, twice", sizes, stats::equally_spaced(0.75, sd, static_cast<int>(sizes.size()))});
  return all;
}

/// Shares of the draws in which an end of the interval lies beyond the truth: the lower above it, the upper below.
Means<2> ends_beyond(const Uneven& u, std::uint64_t setting, const Effort& effort) {
  const double truth = stats::true_spread(u.rates);
  return simulate<2>("spread of uneven groups", setting, effort.draws(4000), effort.threads, [&](Stream& stream) {
    std::vector<stats::GroupCount> groups;
    for (std::size_t g = 0; g < u.rows.size(); ++g)
      groups.push_back(stats::draw_groups(std::span(u.rates).subspan(g, 1), u.rows[g], stream).front());
    const auto interval = stats::corrected_spread(groups, 0.95).interval;
    return std::array{double(interval && interval->low > truth), double(interval && interval->high < truth)};
  });
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

  std::vector<std::vector<std::string>> uneven;
  Range above;
  for (const Uneven& u : uneven_groups()) {
    const auto ends = ends_beyond(u, uneven.size(), effort);
    above.add(ends[0]);
    uneven.push_back({u.what, points(u.rates[0], 0) + (u.rates.front() == u.rates.back() ? "" : " and more"),
                      points(stats::true_spread(u.rates), 0), percent(ends[0]), percent(ends[1])});
  }

  Section s{.title = "The noise-corrected spread", .text = {}, .claims = {}};
  s.text =
      "True rates around 70 %, at equal distances or with one group apart. The bias of the corrected variance V is in "
      "Monte-Carlo standard errors, so that one value in twenty lies beyond ±2. The mean of the corrected SD is above "
      "the truth near 0, since it can't be negative, and slightly below it further up, since the root is concave; the "
      "raw SD is what one would publish without the correction.\n\n" +
      table({"groups", "rates", "n", "true SD", "bias of V", "mean corrected SD", "mean raw SD", "coverage"}, rows) +
      "Groups of different size, of which each end is to miss the truth in at most 2.5 %:\n\n" +
      table({"rows", "rates", "true SD", "lower end above it", "upper end below it"}, uneven);
  const std::string means = fmt::format("{}", fmt::join(at_143, ", "));
  s.claims = {{"The corrected variance V is unbiased",
               fmt::format("{} of {} settings beyond ±2 standard errors, worst {:+.1f}", biased, setting, worst_bias),
               verdict(std::abs(worst_bias) < 4, fmt::format("worst {:+.1f} standard errors", worst_bias))},
              {"True SD 0, 2, 5, 12 points (n = 143) give a mean corrected SD of .9, 1.8, 5.0, 12.4", means,
               verdict(means == "0.9, 1.8, 5.0, 12.4", means)},
              {"The corrected SD's interval covers 95 to 98 %", coverage.percent(),
               verdict(coverage.within(0.95, 0.98), coverage.percent())},
              {"Its lower end lies above the truth in at most 2.5 %, whatever the groups' sizes", above.percent(),
               verdict(at_most(above.highest(), 0.025), above.percent())}};
  return s;
}

}  // namespace evenface::calibration
