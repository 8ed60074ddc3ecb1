#include "evenface/study/verify.h"

#include <cmath>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/stats/paired_cells.h"
#include "evenface/stats/significance.h"

namespace evenface::study {
namespace {
using stats::ErrorCount;
using stats::Outcome;
using stats::PairErrors;

/// The threshold as scores go in `ScoredPairs`, where higher is more alike.
double threshold_of(const VerifyOptions& o, const ScoredPairs& scored) {
  const bool given = !std::isnan(o.threshold);
  if (given == (o.fmr > 0))
    throw InputError({.file = {},
                      .at = "--threshold, --fmr",
                      .found = given ? "both are given" : "neither is given",
                      .expected = "the threshold, or the false match rate that it shall keep",
                      .remedy = "for example --threshold 0.6, or --fmr 0.001"});
  if (given) return o.distance ? -o.threshold : o.threshold;
  return stats::threshold_for_fmr(scored.pairs, o.fmr);
}

PairRate rate_of(const ErrorCount& group, const ErrorCount& others, const VerifyOptions& o) {
  PairRate r{.count = group, .rate = estimate_of(stats::error_rate(group, o.min_group), o.level)};
  const stats::Difference d = stats::error_difference(group, others, o.min_group, o.level);
  r.difference = d.estimate, r.p = d.p;
  if (!r.rate.estimable()) r.outcome = Outcome::kNotEstimable;
  return r;
}

/// Holm over all tests, and what each then says.
void adjust(std::vector<PairGroup>& groups, double level) {
  std::vector<PairRate*> tested;
  std::vector<double> p;
  for (PairGroup& g : groups)
    for (PairRate* r : {&g.false_match, &g.false_non_match})
      if (r->p) tested.push_back(r), p.push_back(*r->p);
  const std::vector<double> adjusted = stats::holm(p);
  for (std::size_t i = 0; i < tested.size(); ++i) {
    PairRate& r = *tested[i];
    r.p_adjusted = adjusted[i];
    if (r.outcome == Outcome::kNone && adjusted[i] < 1 - level && r.difference.estimable())
      r.outcome = *r.difference.value > 0 ? Outcome::kLost : Outcome::kWon;
  }
}

/// The gap over estimable groups and what chance alone makes of it, pairs taken as independent.
PairDisparity disparity_of(const ErrorCount& all, const std::vector<ErrorCount>& groups, const VerifyOptions& o,
                           const Context& context) {
  std::vector<stats::Measured> rates;
  std::vector<const ErrorCount*> judged;
  for (const ErrorCount& g : groups)
    if (rates.push_back(stats::error_rate(g, o.min_group)); rates.back().estimable()) judged.push_back(&g);
  PairDisparity d{all, estimate_of(stats::error_rate(all, 1), o.level), stats::gap_of(rates, o.level), std::nullopt};
  if (judged.size() < 2 || all.people > 0) return d;
  stats::PairedCells cells(static_cast<std::int64_t>(judged.size()), 1, 0);
  for (std::size_t g = 0; g < judged.size(); ++g) {
    cells.add(static_cast<std::int64_t>(g), 1, judged[g]->errors);
    cells.add(static_cast<std::int64_t>(g), 0, judged[g]->pairs - judged[g]->errors);
  }
  d.gap_null = stats::raw_null(cells, stats::Arm::kBefore, stats::gap, o.permutations,
                               static_cast<std::uint64_t>(o.seed), context);
  return d;
}

}  // namespace

Verification verify(const VerifyOptions& options, const Context& context) {
  const ScoredPairs scored = read_pairs(options, context.threads);
  const double threshold = threshold_of(options, scored);
  const stats::VerificationErrors errors =
      stats::count_errors(scored.pairs, static_cast<std::int64_t>(scored.groups.size()), threshold);

  Verification v{.options = options,
                 .by = scored.by,
                 .threshold = options.distance ? -threshold : threshold,
                 .people = scored.people,
                 .rows_without_group = scored.rows_without_group};
  std::vector<stats::Measured> fmr, fnmr;
  std::vector<ErrorCount> impostor, genuine;
  for (std::size_t g = 0; g < scored.groups.size(); ++g) {
    const PairErrors &own = errors.groups[g], &others = errors.others[g];
    if (own.impostor.pairs + own.genuine.pairs == 0) continue;  // a crossing that no pair is in
    v.groups.push_back({scored.groups[g], rate_of(own.impostor, others.impostor, options),
                        rate_of(own.genuine, others.genuine, options)});
    fmr.push_back(stats::error_rate(own.impostor, options.min_group));
    fnmr.push_back(stats::error_rate(own.genuine, options.min_group));
    impostor.push_back(own.impostor), genuine.push_back(own.genuine);
  }
  adjust(v.groups, options.level);
  v.false_match = disparity_of(errors.all.impostor, impostor, options, context);
  v.false_non_match = disparity_of(errors.all.genuine, genuine, options, context);
  v.summary = stats::differentials(fmr, fnmr, options.alpha, options.level);
  return v;
}

}  // namespace evenface::study
