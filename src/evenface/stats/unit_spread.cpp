#include <algorithm>
#include <cmath>
#include <optional>

#include "evenface/core/parallel.h"
#include "evenface/core/random.h"
#include "evenface/stats/before_after_rules.h"
#include "evenface/stats/multinomial.h"
#include "evenface/stats/quantile.h"
#include "evenface/stats/spread_signs.h"
#include "evenface/stats/unit_changes.h"
#include "evenface/stats/unit_influence.h"

namespace evenface::stats {
namespace {

using ByRun = std::vector<std::vector<double>>;  // [run][group]

/// The corrected variance of each run. A replicate holds the noise of the units twice.
std::vector<double> corrected_variances(const ByRun& values, const ByRun& noise, double times) {
  std::vector<double> variances;
  for (std::size_t run = 0; run < values.size(); ++run) {
    std::vector<GroupValue> groups;
    for (std::size_t g = 0; g < values[run].size(); ++g) groups.push_back({values[run][g], times * noise[run][g], 0});
    variances.push_back(corrected_variance(groups));
  }
  return variances;
}

struct Replicates {
  std::vector<double> before, after, change;
};

class SpreadOfUnits {
 public:
  SpreadOfUnits(const PairedUnits& all, const std::vector<Linear>& groups) : all_(all), groups_(groups) {
    for (int run = 0; run < all.runs(); ++run) {
      values_.emplace_back(), noise_.emplace_back();
      for (const GroupValue& v : values_in(groups, run))
        values_.back().push_back(v.value), noise_.back().push_back(v.variance);
    }
  }

  double observed(Arm arm) const { return spread(corrected_variances(values_, noise_, 1), arm); }

  /// Variance of the arm's spread that the choice of seeds causes.
  double seed_variance(Arm arm) const {
    const auto [first, last] = all_.runs_of(arm);
    std::vector<double> spreads;
    for (const double v : corrected_variances(values_, noise_, 1)) spreads.push_back(spread_of(v));
    return sample_variance({spreads.begin() + first, spreads.begin() + last}) / (last - first);
  }

  std::int64_t units() const {
    std::int64_t n = 0;
    for (const Linear& l : groups_) n += std::llround(l.drawn);
    return n;
  }

  Estimate of_arm(Arm arm, const std::vector<double>& drawn, double level) const {
    const auto [first, last] = all_.runs_of(arm);
    if (last - first == 1) return corrected_spread(values_in(groups_, first), level);
    const double se = std::sqrt(std::max(sample_variance(drawn), seed_variance(arm)));
    Estimate e =
        around(observed(arm), se, t_quantile(0.5 + level / 2, last - first - 1), units(), method_of_change(all_));
    bound_from_below(e, corrected_spread(values_in(all_, groups_, arm), level));
    drop_without_width(e);
    return e;
  }

  /// Replicate i is addressed by (seed, i). One in which a group has no value is left out.
  Replicates drawn(std::int64_t replicates, std::uint64_t seed, const Context& context) const {
    std::vector<Multinomial> urns;
    for (const Linear& l : groups_) {
      double n = 0;
      for (const PairedUnit& unit : l.units) n += unit.copies;
      urns.emplace_back(std::llround(n), copies_of(l.units));
    }
    std::vector<std::optional<std::pair<double, double>>> each(static_cast<std::size_t>(replicates));
    parallel_for(replicates, 16, context.threads, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        each[static_cast<std::size_t>(i)] =
            replicate(urns, Stream(seed, "bootstrap of units", {static_cast<std::uint64_t>(i)}));
    });
    Replicates r;
    for (const auto& one : each) {
      if (!one) continue;
      r.before.push_back(one->first), r.after.push_back(one->second);
      r.change.push_back(one->second - one->first);
    }
    return r;
  }

 private:
  double spread(const std::vector<double>& variances, Arm arm) const {
    const auto [first, last] = all_.runs_of(arm);
    return first < last ? spread_of(mean_over(variances, {first, last})) : 0;
  }

  std::optional<std::pair<double, double>> replicate(const std::vector<Multinomial>& urns, Stream stream) const {
    ByRun values(static_cast<std::size_t>(all_.runs()));
    std::vector<std::int64_t> counts;
    std::vector<double> copies;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      counts.resize(groups_[g].units.size());
      urns[g].draw(stream, counts);
      copies.assign(counts.begin(), counts.end());
      const std::vector<double> of_runs = values_of(all_, sums_of(all_, groups_[g].units, copies));
      if (of_runs.empty()) return std::nullopt;
      for (std::size_t run = 0; run < of_runs.size(); ++run) values[run].push_back(of_runs[run]);
    }
    const std::vector<double> variances = corrected_variances(values, noise_, 2);
    return std::pair(spread(variances, Arm::kBefore), spread(variances, Arm::kAfter));
  }

  const PairedUnits& all_;
  const std::vector<Linear>& groups_;
  ByRun values_, noise_;
};

}  // namespace

Estimate arm_spread(const PairedUnits& units, Arm arm, const BeforeAfterSettings& s, const Context& context) {
  const std::vector<Linear> groups = linear_groups(units);
  const SpreadOfUnits spread(units, groups);
  const Replicates replicates = spread.drawn(s.bootstrap, s.seed, context);
  return spread.of_arm(arm, arm == Arm::kBefore ? replicates.before : replicates.after, s.level);
}

Change change_of_spread(const PairedUnits& all, const std::vector<Linear>& groups, const BeforeAfterSettings& s,
                        const Context& context) {
  const SpreadOfUnits spread(all, groups);
  Replicates replicates = spread.drawn(s.bootstrap, s.seed, context);
  const std::int64_t n = spread.units();
  Change c{spread.of_arm(Arm::kBefore, replicates.before, s.level),
           spread.of_arm(Arm::kAfter, replicates.after, s.level),
           {}};
  const double value = *c.after.value - *c.before.value;
  if (one_run_each(all)) {
    c.change = {value, percentile_interval(replicates.change, s.level), n, "double-corrected bootstrap", {}};
    drop_without_width(c.change);
    rest_on_signs(c.change, spread_signs_p(all, groups, s.bootstrap, s.seed, context), s.level);
    return c;
  }
  const double seeds = spread.seed_variance(Arm::kBefore) + spread.seed_variance(Arm::kAfter);
  c.change = around(value, std::sqrt(std::max(sample_variance(replicates.change), seeds)),
                    t_quantile(0.5 + s.level / 2, seeds_df(all)), n, method_of_change(all));
  drop_without_width(c.change);
  return c;
}

}  // namespace evenface::stats
