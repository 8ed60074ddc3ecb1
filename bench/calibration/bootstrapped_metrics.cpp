#include "covers.h"
#include "questions.h"
#include <fmt/format.h>

#include "evenface/stats/metric_bootstrap.h"

namespace evenface::calibration {
namespace {

constexpr int kClasses = 3;

/// How a classifier of three classes treats a group: P(truth, predicted).
using Table = std::array<std::array<double, kClasses>, kClasses>;

Table treatment(double right, const std::array<double, kClasses>& mix) {
  Table t{};
  for (std::size_t y = 0; y < kClasses; ++y)
    for (std::size_t h = 0; h < kClasses; ++h) t[y][h] = mix[y] * (y == h ? right : (1 - right) / (kClasses - 1));
  return t;
}

std::optional<double> true_value(const stats::Metric& metric, const Table& t) {
  stats::Confusion expected(kClasses);
  for (int y = 0; y < kClasses; ++y)
    for (int h = 0; h < kClasses; ++h) {
      constexpr double kRows = 1e6;  // of the population: rows are counted whole
      const double mass = kRows * t[static_cast<std::size_t>(y)][static_cast<std::size_t>(h)];
      expected.add(y, h, {std::llround(mass), mass, mass});
    }
  return stats::value_of(metric, expected);
}

stats::Cells draw(const Table& t, std::int64_t n, Stream& stream) {
  stats::Cells cells(1, kClasses, 1);
  std::int64_t left = n;
  double share_left = 1;
  for (int y = 0; y < kClasses; ++y)
    for (int h = 0; h < kClasses; ++h) {
      const double share = t[static_cast<std::size_t>(y)][static_cast<std::size_t>(h)];
      const std::int64_t rows = stream.binomial(left, std::min(1.0, share / share_left));
      for (std::int64_t i = 0; i < rows; ++i) cells.add(0, y, {{h}});
      left -= rows, share_left -= share;
    }
  return cells;
}

}  // namespace

Section bootstrapped_metrics(const Effort& effort) {
  using stats::Average, stats::Measure;
  const std::vector<stats::Metric> metrics{
      {.measure = Measure::kF1, .positive = 0},
      {.measure = Measure::kRecall, .average = Average::kMacro, .classes = {0, 1, 2}},
      {.measure = Measure::kF1, .average = Average::kMacro, .classes = {0, 1, 2}}};
  std::vector<std::vector<std::string>> rows;
  Range percentile, bca;
  std::uint64_t setting = 0;
  constexpr std::array kEven{1 / 3.0, 1 / 3.0, 1 / 3.0}, kRare{0.1, 0.4, 0.5};
  for (const auto& [n, mix] : {std::pair<std::int64_t, std::array<double, kClasses>>{60, kEven},
                               {143, kEven},
                               {400, kEven},
                               {143, kRare},
                               {400, kRare},
                               {1000, kRare}})
    for (const double right : {0.6, 0.9}) {
      const double rarest = double(n) * std::ranges::min(mix);
      const Table t = treatment(right, mix);
      const auto found =
          simulate<6>("bootstrapped metrics", setting++, effort.draws(600), effort.threads, [&](Stream& stream) {
            const auto cells = draw(t, n, stream);
            std::array<double, 6> covered{};
            for (const bool accelerated : {false, true}) {
              const auto all = stats::metric_bootstrap(
                  cells, 0, {{stream.bits64()}}, metrics,
                  {.replicates = 400,
                   .interval = accelerated ? stats::BootstrapInterval::kBca : stats::BootstrapInterval::kPercentile,
                   .min_group = 1},
                  {});
              for (std::size_t m = 0; m < metrics.size(); ++m)
                covered[2 * m + accelerated] = covers(all[m].groups[0].estimate, *true_value(metrics[m], t));
            }
            return covered;
          });
      rows.push_back({std::to_string(n), fmt::format("{:.0f}", rarest), points(right, 0)});
      for (std::size_t f = 0; f < found.size(); ++f) {
        constexpr double kMinGroup = 30;
        if (rarest >= kMinGroup) (f % 2 ? bca : percentile).add(found[f]);
        rows.back().push_back(percent(found[f]));
      }
    }
  Section s{.title = "Bootstrapped metrics", .text = {}, .claims = {}};
  s.text =
      "Coverage of the bootstrap on cells for one group of *n* rows and three classes, each found with the recall "
      "named; 400 resamples. A resample can't hold more kinds of error than the sample did, so that the interval is "
      "too short where a class has few rows or few errors; under 30 rows of a class (`--min-group`) the figure is not "
      "estimable anyway, and is shown here to say why.\n\n" +
      table({"n", "rows of the rarest class", "recall", "F1 of first class, percentile", "BCa",
             "balanced accuracy, percentile", "BCa", "macro F1, percentile", "BCa"},
            rows);
  s.claims = {{"Bootstrapped metrics, 30 or more rows of each class: percentile intervals cover about 95 %",
               percentile.percent(), verdict(percentile.within(0.94, 0.965), percentile.percent())},
              {"… BCa intervals cover about 95 %", bca.percent(), verdict(bca.within(0.94, 0.965), bca.percent())}};
  return s;
}

}  // namespace evenface::calibration
