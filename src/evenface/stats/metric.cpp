#include "evenface/stats/metric.h"

#include <algorithm>

#include "evenface/core/error.h"

namespace evenface::stats {
namespace {

std::optional<double> ratio(double part, double whole) {
  if (whole <= 0) return std::nullopt;
  return part / whole;
}

Ratio addend_of_class(Measure measure, int positive, int truth, int predicted) {
  if (measure == Measure::kF1) {
    const double of_class = truth == positive, taken = predicted == positive;
    return {2 * of_class * taken, of_class + taken};
  }
  const Metric one{.measure = measure, .positive = positive};
  return {is_success(one, truth, predicted) ? 1.0 : 0.0, is_trial(one, truth, predicted) ? 1.0 : 0.0};
}

}  // namespace

bool higher_is_better(Measure measure) {
  return measure != Measure::kFalsePositiveRate && measure != Measure::kFalseNegativeRate;
}

bool depends_on_prevalence(Measure measure) {
  return measure == Measure::kPrecision || measure == Measure::kF1 || measure == Measure::kSelectionRate;
}

std::optional<double> Share::value() const { return ratio(successes.mass, trials.mass); }

double Share::effective_trials() const {
  if (trials.squares <= 0) return 0;
  const double kish = trials.mass * trials.mass / trials.squares, p = *value();
  const double deviations =
      (1 - p) * (1 - p) * successes.squares + p * p * std::max(0.0, trials.squares - successes.squares);
  // Without weights both are the same, but for rounding.
  if (trials.squares == trials.mass || deviations <= 0) return kish;
  return std::min(kish, p * (1 - p) * trials.mass * trials.mass / deviations);
}

GroupCount Share::count() const {
  const double n = effective_trials();
  return {n, n > 0 ? n * *value() : 0};
}

bool is_share(const Metric& metric) {
  if (metric.measure == Measure::kAccuracy) return true;
  return metric.average == Average::kOneClass && metric.measure != Measure::kF1;
}

bool is_paired(const Metric& metric) { return is_share(metric) && metric.measure != Measure::kPrecision; }

Share share_of(const Metric& metric, const Confusion& table) {
  ensure(is_share(metric), "a metric that is a share of rows");
  Share share;
  for (int y = 0; y < table.classes(); ++y)
    for (int h = 0; h <= table.classes(); ++h) {
      if (is_trial(metric, y, h)) share.trials += table.at(y, h);
      if (is_success(metric, y, h)) share.successes += table.at(y, h);
    }
  return share;
}

std::size_t ratios_of(const Metric& metric) {
  return is_share(metric) || metric.average != Average::kMacro ? 1 : metric.classes.size();
}

Ratio addend(const Metric& metric, std::size_t ratio, int classes, int truth, int predicted) {
  if (is_share(metric) || metric.average == Average::kOneClass)
    return addend_of_class(metric.measure, metric.positive, truth, predicted);
  if (metric.average == Average::kMacro)
    return addend_of_class(metric.measure, metric.classes[ratio], truth, predicted);
  Ratio all;
  for (int c = 0; c < classes; ++c) {
    const Ratio one = addend_of_class(metric.measure, c, truth, predicted);
    all.part += one.part, all.whole += one.whole;
  }
  return all;
}

std::optional<double> mean_of(std::span<const Ratio> ratios) {
  double sum = 0;
  for (const Ratio& r : ratios) {
    if (r.whole <= 0) return std::nullopt;
    sum += r.part / r.whole;
  }
  return ratio(sum, static_cast<double>(ratios.size()));
}

std::optional<double> value_of(const Metric& metric, const Confusion& table) {
  std::vector<Ratio> sums(ratios_of(metric));
  for (std::size_t i = 0; i < sums.size(); ++i)
    for (int y = 0; y < table.classes(); ++y)
      for (int h = 0; h <= table.classes(); ++h) {
        const double mass = table.at(y, h).mass;
        if (mass == 0) continue;
        const Ratio row = addend(metric, i, table.classes(), y, h);
        sums[i].part += row.part * mass, sums[i].whole += row.whole * mass;
      }
  return mean_of(sums);
}

}  // namespace evenface::stats
