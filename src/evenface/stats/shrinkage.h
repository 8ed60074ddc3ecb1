#pragma once
#include <span>
#include <vector>

#include "evenface/stats/disparity.h"
#include "evenface/stats/estimate.h"

namespace evenface::stats {

/// How the spread of the true rates is estimated.
enum class PriorFit {
  kMarginalLikelihood,  ///< maximum of the beta-binomial likelihood
  kMoments,             ///< Kleinman 1973 (J Am Stat Assoc 68:46) with weights n_g
};

/// The distribution from which the groups' true rates are taken to come: beta with this mean, whose variance is
/// rho x rate x (1 - rate). rho = 0: all groups have the same rate.
struct RatePrior {
  double rate = 0;
  double rho = 0;

  /// As how many rows of the prior each group's own are joined with, (1 - rho) / rho; infinite at rho = 0.
  double strength() const;
};

/// Fits the prior; where the rates differ by no more than sampling does, rho is 0 and the rate the pooled one.
/// Throws InputError when there are fewer than two groups or a count isn't within 0 <= right <= n, n > 0.
RatePrior fit_prior(std::span<const GroupCount> groups, PriorFit fit = PriorFit::kMarginalLikelihood);

/// Group rates shrunk towards their common mean, to be shown beside the raw ones and never in their place.
struct Shrinkage {
  RatePrior prior;
  std::vector<Estimate> rates;  ///< one per group, (right + M rate) / (n + M)
};

/// Beta-binomial empirical Bayes. Fewer than five groups can't show how far rates spread: not estimable.
///
/// The interval is that of the group's true rate given all counts. It doesn't take the fitted prior as known, which
/// would make it too short: the posterior is averaged over mean and rho, a priori both uniform on 0..1 (flat on the
/// variance of the true rates, as Morris 1983, J Am Stat Assoc 78:47), on a grid weighted by likelihood; its two
/// moments give a beta distribution, whose quantiles are the ends. Where every row is right, or none, nothing shows how
/// far rates spread, and a group's interval is its own Wilson interval. Throws as fit_prior.
Shrinkage shrink(std::span<const GroupCount> groups, double level, PriorFit fit = PriorFit::kMarginalLikelihood);

}  // namespace evenface::stats
