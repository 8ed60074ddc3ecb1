#include "evenface/study/evaluate.h"

#include <cmath>

#include "evenface/core/error.h"
#include "evenface/stats/bootstrap.h"
#include "evenface/stats/significance.h"

namespace evenface::study {
namespace {
using stats::Arm;
using stats::Outcome;
using stats::PairedCells;

/// Sum and sum of squares of the share of runs that are right.
struct Shares {
  double n = 0, sum = 0, squares = 0;
  double mean() const { return sum / n; }
  double variance_of_mean() const { return n > 1 ? std::max(0.0, squares / n - mean() * mean()) / (n - 1) : 0; }
};

Shares shares_of(const PairedCells& cells, std::int64_t group) {
  Shares s;
  for (const auto& [pattern, rows] : cells.of(group)) {
    const double share = share_right(cells, pattern, Arm::kBefore), n = static_cast<double>(rows);
    s.n += n, s.sum += n * share, s.squares += n * share * share;
  }
  return s;
}

double against_rest(const PairedCells& cells, const Shares& group, const Shares& rest) {
  if (cells.runs() == 1)
    return stats::fisher_exact(std::llround(group.sum), std::llround(group.n), std::llround(rest.sum),
                               std::llround(rest.n));
  const double a = group.variance_of_mean(), b = rest.variance_of_mean(), se = std::sqrt(a + b);
  if (se == 0) return group.mean() == rest.mean() ? 1 : 0;
  const double df = (a + b) * (a + b) / (a * a / std::max(1.0, group.n - 1) + b * b / std::max(1.0, rest.n - 1));
  return stats::t_two_sided_p((group.mean() - rest.mean()) / se, df);
}

std::vector<GroupRate> group_rates(const PairedCells& cells, const JudgeOptions& options) {
  Shares all;
  for (std::int64_t g = 0; g < cells.groups(); ++g) {
    const Shares s = shares_of(cells, g);
    all.n += s.n, all.sum += s.sum, all.squares += s.squares;
  }
  std::vector<GroupRate> rates;
  std::vector<double> p;
  for (std::int64_t g = 0; g < cells.groups(); ++g) {
    const Shares own = shares_of(cells, g);
    if (own.n == 0 || own.n == all.n) continue;
    const Shares rest{all.n - own.n, all.sum - own.sum, all.squares - own.squares};
    const auto n = static_cast<std::int64_t>(own.n);
    rates.push_back({g, n, own.sum, stats::proportion(own.sum, n, options.min_group, options.level), rest.mean(),
                     against_rest(cells, own, rest), 1, Outcome::kNone});
    p.push_back(rates.back().p);
  }
  const auto adjusted = stats::holm(p);
  for (std::size_t i = 0; i < rates.size(); ++i) {
    GroupRate& r = rates[i];
    r.p_adjusted = adjusted[i];
    if (!r.rate.estimable()) r.outcome = Outcome::kNotEstimable;
    else if (r.p_adjusted < 1 - options.level) r.outcome = *r.rate.value < r.rest ? Outcome::kLost : Outcome::kWon;
  }
  return rates;
}

}  // namespace

Evaluation evaluate(const EvaluateOptions& options, const Context& context) {
  require(!options.predictions.empty(), "an evaluation needs predictions");
  Evaluation e{.name = std::filesystem::path(options.predictions.front()).lexically_normal().stem().string(),
               .runs = runs_at(options.predictions, options.split),
               .options = options};
  e.outcomes = load_outcomes(e.runs, {}, options.columns(), context);
  const PairedCells all = cells_of(e.outcomes, -1, context);
  const auto seed = static_cast<std::uint64_t>(options.seed);
  const auto judged = stats::estimable_groups(all, options.min_group);
  const PairedCells cells = all.only(judged);
  const auto counts = mean_counts(cells, Arm::kBefore);

  e.groups = group_rates(all, options);
  double right = 0;
  for (const auto& g : mean_counts(all, Arm::kBefore)) right += g.right;
  e.over_faces = stats::proportion(right, e.outcomes.rows(), 1, options.level);
  e.over_groups = stats::mean_over_groups(counts, options.level);
  e.spread = stats::arm_spread(cells, Arm::kBefore, options.level,
                               cells.runs() > 1 ? stats::bootstrap_spread(cells, options.bootstrap, seed, context)
                                                : std::vector<stats::SpreadReplicate>{});
  e.gap = stats::gap_estimate(counts, options.level);
  e.worst = stats::cross_fitted_worst(cells_of(e.outcomes, 0, context).only(judged),
                                      cells_of(e.outcomes, 1, context).only(judged), Arm::kBefore, options.level);
  e.worst.chosen = {judged[static_cast<std::size_t>(e.worst.chosen.first)],
                    judged[static_cast<std::size_t>(e.worst.chosen.second)]};
  e.gap_null = stats::raw_null(cells, Arm::kBefore, stats::gap, options.permutations, seed, context);
  e.spread_null = stats::raw_null(cells, Arm::kBefore, stats::population_sd, options.permutations, seed, context);
  e.estimable_groups = static_cast<std::int64_t>(judged.size());
  e.median_group_rows = median_rows(cells);
  e.detectable_gap = stats::detectable_gap(*e.over_groups.value, e.median_group_rows,
                                           (1 - options.level) / static_cast<double>(judged.size()));
  return e;
}

}  // namespace evenface::study
