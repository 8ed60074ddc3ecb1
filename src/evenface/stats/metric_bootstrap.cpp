#include "evenface/stats/metric_bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/parallel.h"
#include "evenface/stats/metric_sums.h"
#include "evenface/stats/multinomial.h"
#include "evenface/stats/quantile.h"
#include "evenface/stats/variance.h"

namespace evenface::stats {
namespace {

/// A group laid out for drawing.
struct Urn {
  std::uint64_t key;
  MetricSums sums;
  ObservedRatios seen;
  Multinomial rows;
  double mass_of_row;  ///< 1 unless rows are weighted
};

Urn urn_of(const RatioLayout& layout, const Confusion& table, std::uint64_t key) {
  MetricSums sums(layout, table);
  ObservedRatios seen = observed_ratios(layout, sums);
  const std::int64_t rows = std::llround(effective_rows(seen.total));
  const double mass_of_row = rows > 0 ? seen.total.mass / static_cast<double>(rows) : 0;
  Multinomial urn(rows, sums.masses());
  return {key, std::move(sums), std::move(seen), std::move(urn), mass_of_row};
}

struct Plan {
  RatioLayout layout;
  MetricBootstrapSettings settings;
  std::vector<Urn> urns = {};
  ObservedRatios pooled = {};

  std::size_t metrics() const { return layout.metrics().size(); }
  std::span<const Ratio> of(std::size_t metric, const ObservedRatios& seen) const {
    return layout.of(metric, std::span(seen.ratios));
  }
};

Plan plan_of(const Cells& cells, int run, std::span<const std::uint64_t> keys, std::span<const Metric> metrics,
             const MetricBootstrapSettings& settings) {
  Plan plan{RatioLayout(metrics), settings};
  plan.pooled.ratios.resize(plan.layout.ratios()), plan.pooled.trials.resize(plan.layout.ratios());
  for (std::int64_t g = 0; g < cells.groups(); ++g) {
    plan.urns.push_back(urn_of(plan.layout, cells.confusion(g, run), keys[static_cast<std::size_t>(g)]));
    plan.pooled += plan.urns.back().seen;
  }
  return plan;
}

/// One draw of a group's rows, added to `ratios`. `counts` is working space.
void add_draw(const Plan& plan, const Urn& urn, std::int64_t replicate, std::vector<std::int64_t>& counts,
              std::span<Ratio> ratios) {
  counts.resize(urn.sums.cells().size());
  Stream stream(plan.settings.seed, "metric bootstrap", {urn.key, static_cast<std::uint64_t>(replicate)});
  urn.rows.draw(stream, counts);
  urn.sums.add(counts, urn.mass_of_row, ratios);
}

/// The ratios over all groups, replicate after replicate. The groups' own are drawn again when they are needed:
/// that is cheap, and to keep them would take memory for groups x replicates.
std::vector<Ratio> pooled_replicates(const Plan& plan, const Context& context) {
  const std::size_t width = plan.layout.ratios();
  std::vector<Ratio> pooled(width * static_cast<std::size_t>(plan.settings.replicates));
  parallel_for(plan.settings.replicates, 64, context.threads, [&](std::int64_t begin, std::int64_t end) {
    std::vector<std::int64_t> counts;
    for (std::int64_t i = begin; i < end; ++i)
      for (const Urn& urn : plan.urns)
        add_draw(plan, urn, i, counts, std::span(pooled).subspan(static_cast<std::size_t>(i) * width, width));
  });
  return pooled;
}

/// The metric with the rows it rests on and no interval yet, or why it can't be estimated.
Estimate observed(const Plan& plan, std::size_t metric, const ObservedRatios& seen) {
  const auto trials = plan.layout.of(metric, std::span(seen.trials));
  const std::int64_t total = std::llround(effective_rows(seen.total));
  const auto least = std::max<std::int64_t>(1, plan.settings.min_group);
  for (const CellCount& count : trials)
    if (const auto n = std::llround(effective_rows(count)); n < least)
      return not_estimable(n, fmt::format("{}{} {}, fewer than {}", trials.size() > 1 ? "a class has " : "", n,
                                          n < count.rows ? "effective rows" : "rows", least));
  const auto value = mean_of(plan.of(metric, seen));
  if (!value) return not_estimable(total, "it is an average over no class");
  const std::int64_t n = trials.size() == 1 ? std::llround(effective_rows(trials[0])) : total;
  return {value, std::nullopt, n, {}, {}};
}

/// Sums of squares and cubes of the rows' influences on a figure.
struct Influences {
  double squares = 0, cubes = 0;

  /// A sixth of their skewness.
  double acceleration() const { return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0; }
};

/// Adds the influence of each of the urn's rows on the mean of the ratios `at`, centred within the group.
void add_influences(const Plan& plan, const Urn& urn, std::size_t metric, const ObservedRatios& at, double sign,
                    Influences& influences) {
  const std::size_t first = plan.layout.first(metric);
  const auto ratios = plan.of(metric, at);
  std::vector<double> of_row(urn.sums.cells().size());
  double mean = 0;
  for (std::size_t i = 0; i < ratios.size(); ++i)
    for (const auto& [cell, row] : urn.sums.of(first + i))
      of_row[cell] += sign * urn.mass_of_row * (row.part - row.whole * ratios[i].part / ratios[i].whole) /
                      (ratios[i].whole * static_cast<double>(ratios.size()));
  const auto share = [&](std::size_t cell) { return urn.sums.cells()[cell].mass / urn.seen.total.mass; };
  for (std::size_t c = 0; c < of_row.size(); ++c) mean += share(c) * of_row[c];
  for (std::size_t c = 0; c < of_row.size(); ++c) {
    const double rows = share(c) * static_cast<double>(urn.rows.rows()), l = of_row[c] - mean;
    influences.squares += rows * l * l, influences.cubes += rows * l * l * l;
  }
}

/// Mean and SD of the replicates that have a value, which stay in front; or why there are too few.
Resampled summary(const Estimate& seen, std::vector<double>& replicates) {
  const auto n = static_cast<double>(replicates.size());
  std::erase_if(replicates, [](double r) { return std::isnan(r); });
  constexpr double kMostWithoutValue = 0.01;
  if (const double without = 1 - static_cast<double>(replicates.size()) / n; without > kMostWithoutValue)
    return {not_estimable(seen.n, fmt::format("{:.1f} % of the bootstrap replicates have no value: a class has too few "
                                              "rows, or is too seldom predicted",
                                              100 * without))};
  Resampled r{seen};
  for (const double v : replicates) r.mean += v / static_cast<double>(replicates.size());
  r.sd = std::sqrt(sample_variance(replicates));
  return r;
}

/// The interval of the replicates, or none where they are all alike.
std::optional<Interval> interval_of(const Plan& plan, std::vector<double>& replicates, double value,
                                    const Influences& influences, double level) {
  const Interval i = plan.settings.interval == BootstrapInterval::kBca
                         ? bca_interval(replicates, value, influences.acceleration(), level)
                         : percentile_interval(replicates, level);
  return has_width(i) ? std::optional(i) : std::nullopt;
}

const char* method_of(const Plan& plan) {
  return plan.settings.interval == BootstrapInterval::kBca ? "BCa bootstrap on cells" : "percentile bootstrap on cells";
}

/// Wilson's interval on the rows of the denominators, where the bootstrap shows no width.
Interval exact_interval(const Plan& plan, std::size_t metric, const ObservedRatios& seen, double value, double level) {
  const auto trials = plan.layout.of(metric, std::span(seen.trials));
  double inverse = 0;
  for (const CellCount& count : trials) inverse += 1 / effective_rows(count);
  const auto k = static_cast<double>(trials.size());
  const double n = k * k / inverse;
  const auto wilson = [&](double p) { return wilson_interval(std::clamp(p, 0.0, 1.0) * n, n, level); };
  if (plan.layout.metrics()[metric].measure != Measure::kF1) return wilson(value);
  // F1 = 2 J / (1 + J), where J is the share of the denominator's rows that are found.
  const Interval j = wilson(value / (2 - value));
  return {2 * j.low / (1 + j.low), 2 * j.high / (1 + j.high)};
}

/// A metric of a set of rows, with its intervals at both levels.
struct WithSimultaneous {
  Resampled resampled;
  Interval simultaneous{};
};

WithSimultaneous resampled(const Plan& plan, std::size_t metric, const ObservedRatios& rows, const Estimate& seen,
                           const Influences& influences, std::vector<double>& replicates, double simultaneous) {
  WithSimultaneous r{summary(seen, replicates)};
  Estimate& e = r.resampled.estimate;
  if (!e.estimable()) return r;
  const double level = plan.settings.level;
  e.interval = interval_of(plan, replicates, *e.value, influences, level);
  if (e.interval) {
    e.method = method_of(plan);
    r.simultaneous = interval_of(plan, replicates, *e.value, influences, simultaneous).value_or(*e.interval);
  } else {
    e.method = "Wilson, as all bootstrap replicates are alike";
    e.interval = exact_interval(plan, metric, rows, *e.value, level);
    r.simultaneous = exact_interval(plan, metric, rows, *e.value, simultaneous);
  }
  return r;
}

Resampled difference(const Plan& plan, const Estimate& own, const Estimate& rest, const Influences& influences,
                     std::vector<double>& replicates) {
  if (!own.estimable()) return {own};
  if (!rest.estimable()) return {not_estimable(rest.n, fmt::format("too few rows outside the group: {}", rest.n))};
  Resampled r = summary({*own.value - *rest.value, std::nullopt, own.n + rest.n, {}, {}}, replicates);
  if (!r.estimate.estimable()) return r;
  r.estimate.interval = interval_of(plan, replicates, *r.estimate.value, influences, plan.settings.level);
  r.estimate.method = r.estimate.interval ? method_of(plan) : "no interval, as all bootstrap replicates are alike";
  return r;
}

/// The level of a metric's simultaneous intervals over the groups that have enough rows.
std::vector<double> simultaneous_levels(const Plan& plan) {
  std::vector<double> levels;
  for (std::size_t m = 0; m < plan.metrics(); ++m) {
    const auto k =
        std::ranges::count_if(plan.urns, [&](const Urn& urn) { return observed(plan, m, urn.seen).estimable(); });
    levels.push_back(simultaneous_level(plan.settings.level, static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, k))));
  }
  return levels;
}

/// [metric][replicate] of a group's own rows and of their difference to the rest; NaN where there is no value.
struct GroupReplicates {
  std::vector<std::vector<double>> own, difference;
};

GroupReplicates group_replicates(const Plan& plan, const Urn& urn, std::span<const Ratio> pooled) {
  const std::size_t width = plan.layout.ratios(), n = static_cast<std::size_t>(plan.settings.replicates);
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  GroupReplicates r;
  r.own.assign(plan.metrics(), std::vector<double>(n, kNone)), r.difference = r.own;
  std::vector<std::int64_t> counts;
  std::vector<Ratio> own(width), rest(width);
  for (std::size_t i = 0; i < n; ++i) {
    std::ranges::fill(own, Ratio{});
    add_draw(plan, urn, static_cast<std::int64_t>(i), counts, own);
    for (std::size_t j = 0; j < width; ++j) rest[j] = rest_of(pooled[i * width + j], own[j]);
    for (std::size_t m = 0; m < plan.metrics(); ++m) {
      const auto a = mean_of(plan.layout.of(m, std::span<const Ratio>(own)));
      const auto b = mean_of(plan.layout.of(m, std::span<const Ratio>(rest)));
      if (a) r.own[m][i] = *a;
      if (a && b) r.difference[m][i] = *a - *b;
    }
  }
  return r;
}

/// A group's part of the results, and its simultaneous intervals by metric.
struct OfGroup {
  std::vector<WithSimultaneous> own;
  std::vector<Resampled> against_rest;
};

OfGroup bootstrap_group(const Plan& plan, std::size_t g, std::span<const Ratio> pooled,
                        const std::vector<double>& simultaneous) {
  const Urn& urn = plan.urns[g];
  const bool bca = plan.settings.interval == BootstrapInterval::kBca;
  GroupReplicates replicates = group_replicates(plan, urn, pooled);
  const ObservedRatios outside = rest_of(plan.pooled, urn.seen);
  OfGroup r;
  for (std::size_t m = 0; m < plan.metrics(); ++m) {
    const Estimate own = observed(plan, m, urn.seen), rest = observed(plan, m, outside);
    Influences of_own;
    if (bca && own.estimable()) add_influences(plan, urn, m, urn.seen, 1, of_own);
    Influences of_difference = of_own;
    if (bca && rest.estimable())
      for (std::size_t other = 0; other < plan.urns.size(); ++other)
        if (other != g) add_influences(plan, plan.urns[other], m, outside, -1, of_difference);
    r.own.push_back(own.estimable() ? resampled(plan, m, urn.seen, own, of_own, replicates.own[m], simultaneous[m])
                                    : WithSimultaneous{{own}});
    r.against_rest.push_back(difference(plan, own, rest, of_difference, replicates.difference[m]));
  }
  return r;
}

Resampled bootstrap_pooled(const Plan& plan, std::size_t metric, std::span<const Ratio> pooled) {
  const Estimate all = observed(plan, metric, plan.pooled);
  if (!all.estimable()) return {all};
  const std::size_t width = plan.layout.ratios();
  std::vector<double> replicates;
  for (std::size_t at = 0; at < pooled.size(); at += width)
    replicates.push_back(
        mean_of(plan.layout.of(metric, pooled.subspan(at, width))).value_or(std::numeric_limits<double>::quiet_NaN()));
  Influences influences;
  if (plan.settings.interval == BootstrapInterval::kBca)
    for (const Urn& urn : plan.urns) add_influences(plan, urn, metric, plan.pooled, 1, influences);
  return resampled(plan, metric, plan.pooled, all, influences, replicates, plan.settings.level).resampled;
}

Estimate gap_of(const std::vector<OfGroup>& groups, std::size_t metric) {
  std::vector<Interval> intervals;
  std::vector<double> values;
  std::int64_t n = 0;
  for (const OfGroup& group : groups) {
    const auto& [r, simultaneous] = group.own[metric];
    if (!r.estimate.estimable()) continue;
    intervals.push_back(simultaneous), values.push_back(*r.estimate.value);
    n += r.estimate.n;
  }
  if (values.size() < 2) return not_estimable(n, fmt::format("{} groups are estimable, fewer than 2", values.size()));
  const auto [low, high] = std::ranges::minmax(values);
  return {high - low, gap_interval(intervals), n, "simultaneous bootstrap on cells", {}};
}

}  // namespace

std::vector<BootstrappedMetric> metric_bootstrap(const Cells& cells, int run, std::span<const std::uint64_t> keys,
                                                 std::span<const Metric> metrics,
                                                 const MetricBootstrapSettings& settings, const Context& context) {
  require(0 < settings.level && settings.level < 1 && settings.replicates >= 100,
          "a bootstrap needs a level between 0 and 1 and at least 100 replicates", settings.level, settings.replicates);
  ensure(std::ssize(keys) == cells.groups(), "a key for each group");
  const Plan plan = plan_of(cells, run, keys, metrics, settings);
  const std::vector<Ratio> pooled = pooled_replicates(plan, context);
  const std::vector<double> simultaneous = simultaneous_levels(plan);
  std::vector<OfGroup> groups(plan.urns.size());
  parallel_for(cells.groups(), 1, context.threads, [&](std::int64_t g, std::int64_t) {
    groups[static_cast<std::size_t>(g)] = bootstrap_group(plan, static_cast<std::size_t>(g), pooled, simultaneous);
  });
  std::vector<BootstrappedMetric> results(metrics.size());
  parallel_for(std::ssize(results), 1, context.threads, [&](std::int64_t i, std::int64_t) {
    const auto m = static_cast<std::size_t>(i);
    for (const OfGroup& group : groups) {
      results[m].groups.push_back(group.own[m].resampled);
      results[m].against_rest.push_back(group.against_rest[m]);
    }
    results[m].pooled = bootstrap_pooled(plan, m, pooled);
    results[m].gap = gap_of(groups, m);
  });
  return results;
}

}  // namespace evenface::stats
