#include "evenface/stats/measured.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "evenface/stats/group_values.h"
#include "evenface/stats/significance.h"

namespace evenface::stats {
namespace {

/// The p at which `excludes_zero(level)` turns from true to false, by bisection.
template <class ExcludesZero>
double inverted_p(const ExcludesZero& excludes_zero) {
  double p_low = 1e-15, p_high = 1;  // at p_high the interval has no width
  if (excludes_zero(1 - p_low)) return p_low;
  for (int step = 0; step < 40; ++step) {
    const double p = std::sqrt(p_low * p_high);  // small p have to be exact in relative terms
    (excludes_zero(1 - p) ? p_high : p_low) = p;
  }
  return p_high;
}

std::string too_few(const Moments& rows, std::int64_t min_rows) {
  const double n = std::floor(rows.effective_rows());
  const char* const what = rows.by_person()                       ? "persons"
                           : n < static_cast<double>(rows.rows()) ? "effective rows"
                                                                  : "rows";
  return fmt::format("{:.0f} {}, fewer than {}", n, what, min_rows);
}

}  // namespace

Measured not_measurable(std::int64_t n, std::string reason) {
  return {std::nullopt, {}, n, {}, not_estimable(n, std::move(reason)).reason};
}

Estimate estimate_of(const Measured& figure, double level) {
  Estimate e{figure.value, std::nullopt, figure.n, figure.method, figure.reason};
  if (figure.value && figure.interval) e.interval = figure.interval(level);
  return e;
}

Measured as_wide_by_row(Measured own, const Measured& other) {
  if (!own.interval || !other.interval || own.n <= 0 || other.n <= 0) return own;
  const double factor = std::sqrt(static_cast<double>(other.n) / static_cast<double>(own.n));
  own.interval = [a = *own.value, of_a = own.interval, b = *other.value, of_b = other.interval, factor](double level) {
    const Interval i = of_a(level), wide = of_b(level);
    return Interval{std::min(i.low, a - factor * (b - wide.low)), std::max(i.high, a + factor * (wide.high - b))};
  };
  return own;
}

Difference difference_of(const Measured& a, const Measured& b, double level) {
  for (const Measured* m : {&a, &b})
    if (!m->estimable()) return {{std::nullopt, std::nullopt, a.n, {}, m->reason}, std::nullopt};
  Difference d{{*a.value - *b.value, std::nullopt, a.n + b.n, "MOVER of " + a.method, {}}, std::nullopt};
  if (!a.interval || !b.interval) {
    d.estimate.method = "no valid interval is known";
    return d;
  }
  const auto at = [&](double l) { return mover_difference(*a.value, a.interval(l), *b.value, b.interval(l)); };
  d.estimate.interval = at(level);
  d.p = *d.estimate.value == 0 ? 1 : inverted_p([&](double l) {
    const Interval i = at(l);
    return i.low > 0 || i.high < 0;
  });
  return d;
}

Estimate gap_of(std::span<const Measured> figures, double level) {
  std::vector<const Measured*> judged;
  std::int64_t n = 0;
  for (const Measured& m : figures)
    if (m.estimable()) judged.push_back(&m), n += m.n;
  if (judged.size() < 2) return not_estimable(n, "fewer than two groups are estimable");
  const auto [low, high] = std::ranges::minmax_element(judged, {}, [](auto* m) { return *m->value; });
  Estimate e{*(*high)->value - *(*low)->value, std::nullopt, n, "simultaneous " + judged.front()->method, {}};
  if (!std::ranges::all_of(judged, [](auto* m) { return bool(m->interval); })) {
    e.method = "no valid interval is known";
    return e;
  }
  std::vector<Interval> intervals;
  for (const Measured* m : judged) intervals.push_back(m->interval(simultaneous_level(level, judged.size())));
  e.interval = gap_interval(intervals);
  return e;
}

Measured mean_of(std::span<const Measured> figures) {
  if (figures.empty()) return not_measurable(0, "there is nothing to average");
  double sum = 0;
  std::vector<std::function<Interval(double)>> intervals;
  for (const Measured& m : figures) {
    if (!m.estimable()) return m;
    sum += *m.value;
    if (m.interval) intervals.push_back(m.interval);
  }
  const auto k = static_cast<double>(figures.size());
  Measured mean{sum / k, {}, figures.front().n, "mean of " + figures.front().method, {}};
  if (intervals.size() < figures.size()) return mean;
  mean.interval = [intervals = std::move(intervals), k](double level) {
    Interval all{0, 0};
    for (const auto& interval : intervals) {
      const Interval i = interval(level);
      all.low += i.low / k, all.high += i.high / k;
    }
    return all;
  };
  return mean;
}

Measured mean_of(const Moments& rows, std::int64_t min_rows, std::optional<Bounds> bounds) {
  const double n = rows.effective_rows();
  if (n < static_cast<double>(std::max<std::int64_t>(2, min_rows)))
    return not_measurable(rows.rows(), too_few(rows, std::max<std::int64_t>(2, min_rows)));
  const double mean = rows.mean(), se = std::sqrt(rows.variance_of_mean());
  Measured m{mean, {}, rows.rows(), rows.by_person() ? "t over persons" : "t", {}};
  if (se > 0) {
    m.interval = [mean, se, n, bounds](double level) {
      const double half = t_quantile(0.5 + level / 2, n - 1) * se;
      if (!bounds) return Interval{mean - half, mean + half};
      return Interval{std::max(bounds->low, mean - half), std::min(bounds->high, mean + half)};
    };
  } else if (bounds && std::isfinite(bounds->high - bounds->low)) {
    m.method = "Wilson, as all rows are alike";
    m.interval = [mean, n, b = *bounds](double level) {
      const double width = b.high - b.low, place = std::clamp((mean - b.low) / width, 0.0, 1.0);
      const Interval i = wilson_interval(place * n, n, level);
      return Interval{b.low + width * i.low, b.low + width * i.high};
    };
  } else {
    m.method = "no interval, as all rows are alike";
  }
  return m;
}

Difference welch(const GroupValue& a, const GroupValue& b, double level) {
  const double d = a.value - b.value, se = std::sqrt(a.variance + b.variance);
  Difference apart{{d, std::nullopt, std::llround(a.n + b.n), "no interval, as nothing varies", {}}, std::nullopt};
  if (se == 0) {
    apart.p = d == 0 ? 1 : apart_by_chance(a.n, b.n);
    return apart;
  }
  const auto squares = [](const GroupValue& v) { return v.variance * v.variance / std::max(1.0, v.n - 1); };
  const double df = se * se * se * se / (squares(a) + squares(b));
  const double half = t_quantile(0.5 + level / 2, df) * se;
  apart.estimate.interval = Interval{d - half, d + half}, apart.estimate.method = "Welch";
  apart.p = t_two_sided_p(d / se, df);
  return apart;
}

}  // namespace evenface::stats
