#include "evenface/stats/metric.h"

#include "evenface/core/error.h"

namespace evenface::stats {
namespace {

/// One class against the others.
struct Binary {
  double true_positive = 0, false_negative = 0, false_positive = 0, true_negative = 0;

  Binary& operator+=(const Binary& other) {
    true_positive += other.true_positive, false_negative += other.false_negative;
    false_positive += other.false_positive, true_negative += other.true_negative;
    return *this;
  }
};

Binary against_others(const Confusion& table, int positive) {
  Binary b;
  for (int y = 0; y < table.classes(); ++y)
    for (int h = 0; h <= table.classes(); ++h) {
      double* const cell[] = {&b.true_negative, &b.false_positive, &b.false_negative, &b.true_positive};
      *cell[(y == positive ? 2 : 0) + (h == positive ? 1 : 0)] += table.at(y, h).mass;
    }
  return b;
}

std::optional<double> ratio(double part, double whole) {
  if (whole <= 0) return std::nullopt;
  return part / whole;
}

std::optional<double> measure_of(Measure measure, const Binary& b) {
  const double all = b.true_positive + b.false_negative + b.false_positive + b.true_negative;
  switch (measure) {
    case Measure::kAccuracy:
      return ratio(b.true_positive + b.true_negative, all);
    case Measure::kRecall:
      return ratio(b.true_positive, b.true_positive + b.false_negative);
    case Measure::kFalseNegativeRate:
      return ratio(b.false_negative, b.true_positive + b.false_negative);
    case Measure::kSpecificity:
      return ratio(b.true_negative, b.true_negative + b.false_positive);
    case Measure::kFalsePositiveRate:
      return ratio(b.false_positive, b.true_negative + b.false_positive);
    case Measure::kPrecision:
      return ratio(b.true_positive, b.true_positive + b.false_positive);
    case Measure::kSelectionRate:
      return ratio(b.true_positive + b.false_positive, all);
    case Measure::kF1:
      return ratio(2 * b.true_positive, 2 * b.true_positive + b.false_positive + b.false_negative);
  }
  return std::nullopt;
}

}  // namespace

bool higher_is_better(Measure measure) {
  return measure != Measure::kFalsePositiveRate && measure != Measure::kFalseNegativeRate;
}

bool depends_on_prevalence(Measure measure) {
  return measure == Measure::kPrecision || measure == Measure::kF1 || measure == Measure::kSelectionRate;
}

std::optional<double> Share::value() const { return ratio(successes.mass, trials.mass); }

double Share::effective_trials() const { return trials.squares > 0 ? trials.mass * trials.mass / trials.squares : 0; }

GroupCount Share::count() const {
  const double n = effective_trials();
  return {n, n > 0 ? n * *value() : 0};
}

bool is_share(const Metric& metric) {
  if (metric.measure == Measure::kAccuracy) return true;
  return metric.average == Average::kOneClass && metric.measure != Measure::kF1;
}

bool is_paired(const Metric& metric) { return is_share(metric) && metric.measure != Measure::kPrecision; }

bool is_trial(const Metric& metric, int truth, int predicted) {
  switch (metric.measure) {
    case Measure::kAccuracy:
    case Measure::kSelectionRate:
      return true;
    case Measure::kRecall:
    case Measure::kFalseNegativeRate:
      return truth == metric.positive;
    case Measure::kSpecificity:
    case Measure::kFalsePositiveRate:
      return truth != metric.positive;
    case Measure::kPrecision:
      return predicted == metric.positive;
    case Measure::kF1:
      break;
  }
  ensure(false, "F1 is no share of rows");
  return false;
}

bool is_success(const Metric& metric, int truth, int predicted) {
  if (!is_trial(metric, truth, predicted)) return false;
  switch (metric.measure) {
    case Measure::kAccuracy:
      return predicted == truth;
    case Measure::kFalseNegativeRate:
    case Measure::kSpecificity:
      return predicted != metric.positive;
    case Measure::kPrecision:
      return truth == metric.positive;
    default:
      return predicted == metric.positive;
  }
}

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

std::optional<double> value_of(const Metric& metric, const Confusion& table) {
  if (is_share(metric)) return share_of(metric, table).value();
  if (metric.average == Average::kOneClass) return measure_of(metric.measure, against_others(table, metric.positive));
  if (metric.average == Average::kMicro) {
    Binary all;
    for (int c = 0; c < table.classes(); ++c) all += against_others(table, c);
    return measure_of(metric.measure, all);
  }
  if (metric.classes.empty()) return std::nullopt;
  double sum = 0;
  for (const int c : metric.classes) {
    const auto value = measure_of(metric.measure, against_others(table, c));
    if (!value) return std::nullopt;
    sum += *value;
  }
  return sum / static_cast<double>(metric.classes.size());
}

}  // namespace evenface::stats
