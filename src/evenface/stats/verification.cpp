#include "evenface/stats/verification.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/stats/significance.h"

namespace evenface::stats {
namespace {

struct Tally {
  std::int64_t errors = 0, pairs = 0;
  Tally& operator+=(const Tally& other) {
    errors += other.errors, pairs += other.pairs;
    return *this;
  }
  Tally operator-(const Tally& other) const { return {errors - other.errors, pairs - other.pairs}; }
};

/// Sums over clusters of E^2, E P and P^2, E errors and P pairs of a cluster; whole numbers, so exact.
struct Products {
  std::int64_t clusters = 0;
  double ee = 0, ep = 0, pp = 0;

  void add(const Tally& t, int sign = 1) {
    if (t.pairs == 0) return;
    const auto e = static_cast<double>(t.errors), p = static_cast<double>(t.pairs);
    clusters += sign, ee += sign * e * e, ep += sign * e * p, pp += sign * p * p;
  }
  /// sum over clusters of (E - rate P)^2.
  double squares_about(double rate) const { return ee - 2 * rate * ep + rate * rate * pp; }
};

using Clusters = std::unordered_map<std::uint64_t, Tally>;

/// One kind of pairs of some groups: by person, and by couple of different persons.
struct Tallies {
  Tally all;
  Clusters people, couples;
};

void add(Tallies& t, const Pair& pair, bool wrong, bool by_people) {
  const Tally one{wrong, 1};
  t.all += one;
  if (!by_people) return;
  const auto first = static_cast<std::uint64_t>(pair.first), second = static_cast<std::uint64_t>(pair.second);
  const std::uint64_t low = std::min(first, second), high = std::max(first, second);
  t.people[low] += one;
  if (low == high) return;
  t.people[high] += one;
  t.couples[low << 32 | high] += one;
}

/// What the variance of a rate needs: all pairs, and the products of people and couples.
struct Dependence {
  Tally all;
  Products people, couples;
};

Products products_of(const Clusters& clusters) {
  Products p;
  for (const auto& [key, tally] : clusters) p.add(tally);
  return p;
}

/// Products of all clusters but for the pairs of one group.
Products without(Products all, const Clusters& whole, const Clusters& group) {
  for (const auto& [key, tally] : group) {
    const Tally& known = whole.at(key);
    all.add(known, -1);
    all.add(known - tally);
  }
  return all;
}

/// The cluster-robust variance of the rate.
double variance_of(const Dependence& d) {
  const auto n = static_cast<double>(d.all.pairs), g = static_cast<double>(d.people.clusters);
  const double rate = static_cast<double>(d.all.errors) / n;
  return (d.people.squares_about(rate) - d.couples.squares_about(rate)) / (n * n) * g / (g - 1);
}

/// Ordered pairs of different comparisons that share a person.
double sharing(const Dependence& d) { return d.people.pp - d.couples.pp - static_cast<double>(d.all.pairs); }

/// The correlation of the errors of two pairs that share a person, 0 to 1; 1 where nothing tells.
double correlation_of(const Dependence& d) {
  const auto n = static_cast<double>(d.all.pairs), rate = static_cast<double>(d.all.errors) / n;
  if (d.people.clusters < 2 || rate == 0 || rate == 1) return 1;
  if (sharing(d) <= 0) return 0;
  const double binomial = n * rate * (1 - rate);
  return std::clamp((variance_of(d) * n * n - binomial) / (rate * (1 - rate) * sharing(d)), 0.0, 1.0);
}

ErrorCount count_of(const Dependence& d, double correlation, bool by_people) {
  ErrorCount c{d.all.pairs, d.all.errors, d.people.clusters, static_cast<double>(d.all.pairs)};
  if (!by_people || c.pairs == 0) return c;
  const double n = c.effective_pairs, binomial = c.rate() * (1 - c.rate());
  const double variance = binomial > 0 && c.people > 1 ? variance_of(d) : 0;
  c.effective_pairs =
      variance > 0 ? std::min(n, binomial / variance) : n / (1 + correlation * std::max(0.0, sharing(d)) / n);
  return c;
}

/// Checks a pair's persons against the first pair's and against its kind.
void require_people(const Pair& pair, bool by_people) {
  const bool known = pair.first >= 0 && pair.second >= 0;
  require(known == by_people && (by_people || (pair.first < 0 && pair.second < 0)),
          "the persons of either all pairs or none must be known");
  require(!known || (pair.first == pair.second) == pair.genuine,
          "a genuine pair shows one person, an impostor pair two", pair.first, pair.second);
  ensure(
      pair.first < std::numeric_limits<std::int32_t>::max() && pair.second < std::numeric_limits<std::int32_t>::max(),
      "persons are numbered from 0");
}

std::string too_few(const ErrorCount& c, std::int64_t min_pairs) {
  const std::int64_t least = std::max<std::int64_t>(1, min_pairs);
  if (c.pairs < least) return fmt::format("{} pairs, fewer than {}", c.pairs, least);
  if (c.people > 0 && c.people < least) return fmt::format("pairs of {} people, fewer than {}", c.people, least);
  return {};
}

/// The errors of one kind of pairs.
struct Kind {
  std::vector<ErrorCount> groups, others;
  ErrorCount all;
};

Kind count_kind(const std::vector<Tallies>& groups, bool by_people) {
  Tallies whole;
  for (const Tallies& t : groups) {
    whole.all += t.all;
    for (const auto& [key, tally] : t.people) whole.people[key] += tally;
    for (const auto& [key, tally] : t.couples) whole.couples[key] += tally;
  }
  const Dependence all{whole.all, products_of(whole.people), products_of(whole.couples)};
  const double correlation = by_people ? correlation_of(all) : 0;
  Kind kind{{}, {}, count_of(all, correlation, by_people)};
  for (const Tallies& t : groups) {
    kind.groups.push_back(count_of({t.all, products_of(t.people), products_of(t.couples)}, correlation, by_people));
    kind.others.push_back(count_of({whole.all - t.all, without(all.people, whole.people, t.people),
                                    without(all.couples, whole.couples, t.couples)},
                                   correlation, by_people));
  }
  return kind;
}

}  // namespace

VerificationErrors count_errors(std::span<const Pair> pairs, std::int64_t groups, double threshold) {
  require(!std::isnan(threshold), "a threshold must be a number");
  VerificationErrors result;
  result.by_people = !pairs.empty() && pairs.front().first >= 0;
  std::vector<Tallies> impostor(static_cast<std::size_t>(groups)), genuine(static_cast<std::size_t>(groups));
  for (const Pair& p : pairs) {
    require(std::isfinite(p.score), "a score must be a finite number", p.score);
    require_people(p, result.by_people);
    ensure(0 <= p.group && p.group < groups, "a group among those counted");
    const bool wrong = (p.score >= threshold) != p.genuine;
    add((p.genuine ? genuine : impostor)[static_cast<std::size_t>(p.group)], p, wrong, result.by_people);
  }
  const Kind of_impostors = count_kind(impostor, result.by_people), of_genuine = count_kind(genuine, result.by_people);
  result.all = {of_impostors.all, of_genuine.all};
  for (std::size_t g = 0; g < impostor.size(); ++g) {
    result.groups.push_back({of_impostors.groups[g], of_genuine.groups[g]});
    result.others.push_back({of_impostors.others[g], of_genuine.others[g]});
  }
  return result;
}

Measured error_rate(const ErrorCount& c, std::int64_t min_pairs) {
  if (std::string reason = too_few(c, min_pairs); !reason.empty()) return not_measurable(c.pairs, std::move(reason));
  return {c.rate(),
          [rate = c.rate(), n = c.effective_pairs](double level) { return wilson_interval(rate * n, n, level); },
          c.pairs,
          c.people > 0 ? "Wilson, clustered by person" : "Wilson",
          {}};
}

Difference error_difference(const ErrorCount& group, const ErrorCount& others, std::int64_t min_pairs, double level) {
  Difference d = difference_of(error_rate(group, min_pairs), error_rate(others, min_pairs), level);
  if (d.estimate.estimable()) d.estimate.method = group.people > 0 ? "Newcombe, clustered by person" : "Newcombe";
  if (group.people == 0 && group.pairs > 0 && others.pairs > 0)
    d.p = fisher_exact(group.errors, group.pairs, others.errors, others.pairs);
  return d;
}

double threshold_for_fmr(std::span<const Pair> pairs, double fmr) {
  require(0 < fmr && fmr < 1, "a false match rate must lie between 0 and 1", fmr);
  std::vector<double> impostor;
  for (const Pair& p : pairs)
    if (!p.genuine) impostor.push_back(p.score);
  const auto n = static_cast<double>(impostor.size());
  if (n * fmr < 1 - 1e-9)
    throw InputError(
        {.file = {},
         .at = {},
         .found = fmt::format("{} impostor pairs can't show a false match rate of {}", impostor.size(), fmr),
         .expected = fmt::format("at least {:.0f} of them", std::ceil(1 / fmr - 1e-9)),
         .remedy = "give more impostor pairs, ask for a larger rate, or name the threshold"});
  std::ranges::sort(impostor, std::greater());
  const auto allowed = static_cast<std::size_t>(n * fmr + 1e-9);
  const double rejected = impostor[allowed];  // the highest impostor score that must not match
  double threshold = std::numeric_limits<double>::infinity();
  for (const Pair& p : pairs)
    if (p.score > rejected) threshold = std::min(threshold, p.score);
  return std::isfinite(threshold) ? threshold : std::nextafter(rejected, threshold);
}

}  // namespace evenface::stats
