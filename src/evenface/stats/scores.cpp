#include "evenface/stats/scores.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "evenface/core/error.h"

namespace evenface::stats {
namespace {

/// Sorts by score, and person, and adds up the rows of equal ones.
void merge(std::vector<ScoreCount>& scores) {
  const auto place = [](const ScoreCount& s) { return std::pair(s.score, s.person); };
  std::ranges::stable_sort(scores, {}, place);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (kept > 0 && place(scores[kept - 1]) == place(scores[i])) {
      scores[kept - 1].positives += scores[i].positives;
      scores[kept - 1].negatives += scores[i].negatives;
    } else {
      scores[kept++] = scores[i];
    }
  }
  scores.resize(kept);
}

void append(std::vector<ScoreCount>& to, const std::vector<ScoreCount>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

struct Totals {
  CellCount positives, negatives;
};

Totals totals_of(std::span<const ScoreCount> scores) {
  Totals t;
  for (const ScoreCount& s : scores) t.positives += s.positives, t.negatives += s.negatives;
  return t;
}

double effective(const CellCount& c) { return c.squares > 0 ? c.mass * c.mass / c.squares : 0; }

/// Why a figure of two classes can't be estimated, or an empty text.
std::string too_few(const ClassRows& n, std::int64_t min_rows) {
  const auto least = static_cast<double>(std::max<std::int64_t>(2, min_rows));
  if (n.positives >= least && n.negatives >= least) return {};
  return fmt::format("{:.0f} rows of the class and {:.0f} others, fewer than {:.0f}", std::floor(n.positives),
                     std::floor(n.negatives), least);
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

Interval logit_interval(double p, double se, double quantile) {
  const double centre = std::log(p / (1 - p)), half = quantile * se / (p * (1 - p));
  return {logistic(centre - half), logistic(centre + half)};
}

/// Persons who have rows of the class, others, and any.
struct PersonCounts {
  std::int64_t positives = 0, negatives = 0, all = 0;
};

PersonCounts persons_of(std::span<const ScoreCount> scores) {
  std::map<std::uint64_t, std::pair<bool, bool>> has;
  for (const ScoreCount& s : scores)
    if (s.person) {
      auto& [positives, negatives] = has[*s.person];
      positives = positives || s.positives.rows > 0, negatives = negatives || s.negatives.rows > 0;
    }
  PersonCounts counts{.all = static_cast<std::int64_t>(has.size())};
  for (const auto& [person, of] : has) counts.positives += of.first, counts.negatives += of.second;
  return counts;
}

/// The area and DeLong's variance of it.
struct Area {
  double value, variance;
};

/// Calls `visit(score count, share of negatives below, share of positives above)`, ties counting one half.
template <class Visit>
void each_placement(std::span<const ScoreCount> scores, const Totals& t, Visit visit) {
  double positives = 0, negatives = 0;
  for (std::size_t i = 0, end = 0; i < scores.size(); i = end) {
    double tied_positives = 0, tied_negatives = 0;
    for (end = i; end < scores.size() && scores[end].score == scores[i].score; ++end)
      tied_positives += scores[end].positives.mass, tied_negatives += scores[end].negatives.mass;
    for (std::size_t tied = i; tied < end; ++tied)
      visit(scores[tied], (negatives + tied_negatives / 2) / t.negatives.mass,
            (t.positives.mass - positives - tied_positives / 2) / t.positives.mass);
    positives += tied_positives, negatives += tied_negatives;
  }
}

/// The variance of the area where persons are what is drawn; 0 where they aren't known.
double variance_over_persons(std::span<const ScoreCount> scores, const Totals& t, double area) {
  std::map<std::uint64_t, double> influence;
  each_placement(scores, t, [&](const ScoreCount& s, double below, double above) {
    if (s.person)
      influence[*s.person] +=
          s.positives.mass * (below - area) / t.positives.mass + s.negatives.mass * (above - area) / t.negatives.mass;
  });
  const auto persons = static_cast<double>(influence.size());
  double squares = 0;
  for (const auto& [person, sum] : influence) squares += sum * sum;
  return persons > 1 ? persons / (persons - 1) * squares : 0;
}

Area area_of(std::span<const ScoreCount> scores) {
  const Totals t = totals_of(scores);
  double area = 0;
  each_placement(scores, t, [&](const ScoreCount& s, double below, double) { area += s.positives.mass * below; });
  area /= t.positives.mass;
  double of_positives = 0, of_negatives = 0;
  each_placement(scores, t, [&](const ScoreCount& s, double below, double above) {
    of_positives += s.positives.squares * (below - area) * (below - area);
    of_negatives += s.negatives.squares * (above - area) * (above - area);
  });
  const auto scaled = [](double sum, const CellCount& c) {
    const auto n = static_cast<double>(c.rows);
    return n / (n - 1) * sum / (c.mass * c.mass);
  };
  return {area, std::max(scaled(of_positives, t.positives) + scaled(of_negatives, t.negatives),
                         variance_over_persons(scores, t, area))};
}

}  // namespace

std::vector<ScoreCount> distinct(std::span<const ScoreCount> scores) {
  std::vector<ScoreCount> all(scores.begin(), scores.end());
  if (std::ranges::none_of(all, [](const ScoreCount& s) { return s.person.has_value(); })) return all;
  for (ScoreCount& s : all) s.person.reset();
  merge(all);
  return all;
}

ScoreCells::ScoreCells(std::int64_t groups) : groups_(static_cast<std::size_t>(groups)) {}

void ScoreCells::add(std::int64_t group, double score, bool positive, double weight, Person person) {
  require(std::isfinite(score), "a score must be a finite number", score);
  require(std::isfinite(weight) && weight >= 0, "a weight must be a number of at least 0", weight);
  ensure(0 <= group && group < groups(), "a group that the cells hold");
  constexpr std::size_t kBatch = 4096;
  const CellCount row{1, rounded_weight(weight), rounded_weight(weight * weight)};
  Group& g = groups_[static_cast<std::size_t>(group)];
  g.added.push_back({score + 0.0, positive ? row : CellCount{}, positive ? CellCount{} : row, person});  // no -0
  if (g.added.size() < std::max(kBatch, g.sorted.size())) return;
  append(g.sorted, g.added);
  g.added.clear();
  merge(g.sorted);
}

ScoreCells& ScoreCells::operator+=(const ScoreCells& other) {
  ensure(other.groups() == groups(), "cells of the same rows' shards");
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    append(groups_[g].sorted, groups_[g].added);
    append(groups_[g].sorted, other.groups_[g].sorted);
    append(groups_[g].sorted, other.groups_[g].added);
    groups_[g].added.clear();
    merge(groups_[g].sorted);
  }
  return *this;
}

std::vector<ScoreCount> ScoreCells::of(std::int64_t group) const {
  const Group& g = groups_[static_cast<std::size_t>(group)];
  std::vector<ScoreCount> scores = g.sorted;
  append(scores, g.added);
  merge(scores);
  return scores;
}

std::vector<ScoreCount> ScoreCells::all_but(std::int64_t group) const {
  std::vector<ScoreCount> scores;
  for (std::int64_t g = 0; g < groups(); ++g)
    if (g != group) append(scores, of(g));
  merge(scores);
  return scores;
}

ClassRows rows_of(std::span<const ScoreCount> scores) {
  const Totals t = totals_of(scores);
  ClassRows n{effective(t.positives), effective(t.negatives), t.positives.rows + t.negatives.rows};
  if (const PersonCounts persons = persons_of(scores); persons.all > 0) {
    n.positives = std::min(n.positives, static_cast<double>(persons.positives));
    n.negatives = std::min(n.negatives, static_cast<double>(persons.negatives));
  }
  return n;
}

Measured roc_auc(std::span<const ScoreCount> scores, std::int64_t min_rows) {
  const ClassRows n = rows_of(scores);
  if (std::string reason = too_few(n, min_rows); !reason.empty()) return not_measurable(n.rows, std::move(reason));
  const Area area = area_of(scores);
  if (area.variance == 0)
    return {area.value,
            [area, n](double level) { return newcombe_auc_interval(area.value, n.positives, n.negatives, level); },
            n.rows,
            "Newcombe, as DeLong's variance is 0",
            {}};
  const std::int64_t persons = persons_of(scores).all;
  return {area.value,
          [area, persons](double level) {
            const double share = 0.5 + level / 2;
            return logit_interval(
                area.value, std::sqrt(area.variance),
                persons > 0 ? t_quantile(share, static_cast<double>(persons - 1)) : normal_quantile(share));
          },
          n.rows,
          persons > 0 ? "DeLong by person, logit" : "DeLong, logit",
          {}};
}

Measured average_precision(std::span<const ScoreCount> rows, std::int64_t min_rows) {
  const ClassRows n = rows_of(rows);
  if (std::string reason = too_few(n, min_rows); !reason.empty()) return not_measurable(n.rows, std::move(reason));
  const std::vector<ScoreCount> scores = distinct(rows);
  const double all = totals_of(scores).positives.mass;
  double found = 0, taken = 0, sum = 0;
  for (std::size_t i = scores.size(); i-- > 0;) {
    const ScoreCount& s = scores[i];
    found += s.positives.mass, taken += s.positives.mass + s.negatives.mass;
    if (s.positives.mass > 0) sum += s.positives.mass * (found / taken);
  }
  const double value = std::min(1.0, sum / all), positives = n.positives;
  if (value == 1)
    return {value,
            [positives](double level) { return wilson_interval(positives, positives, level); },
            n.rows,
            "Wilson over positives",
            {}};
  return {value,
          [value, positives](double level) {
            return logit_interval(value, std::sqrt(value * (1 - value) / positives), normal_quantile(0.5 + level / 2));
          },
          n.rows,
          "logit over positives",
          {}};
}

Interval newcombe_auc_interval(double area, double positives, double negatives, double level) {
  const double z = normal_quantile(0.5 + level / 2), N = (positives + negatives) / 2 - 1;
  const auto outside = [&](double a) {  // whether the area seen lies more than z standard errors from a
    const double spread = a * (1 - a) * (1 + N * (1 - a) / (2 - a) + N * a / (1 + a)) / (positives * negatives);
    return std::abs(area - a) > z * std::sqrt(spread);
  };
  const auto end = [&](double out) {
    double in = area;
    for (int step = 0; step < 60; ++step) (outside((in + out) / 2) ? out : in) = (in + out) / 2;
    return in;
  };
  return {area == 0 ? 0 : end(0), area == 1 ? 1 : end(1)};
}

}  // namespace evenface::stats
