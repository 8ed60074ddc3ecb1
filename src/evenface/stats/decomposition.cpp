#include "evenface/stats/decomposition.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/stats/interval.h"

namespace evenface::stats {
namespace {

using Classes = std::vector<GroupCount>;

GroupCount sum_of(const Classes& classes) {
  GroupCount sum;
  for (const GroupCount& c : classes) sum.n += c.n, sum.right += c.right;
  return sum;
}

double rate_or_zero(const GroupCount& c) { return c.n > 0 ? c.rate() : 0; }

/// The pooled set: by class, in all, and each group's own sum.
struct Pool {
  Classes classes;
  GroupCount all;
  Classes groups;
  std::vector<int> holders;  // [class] groups that have rows of it
};

Pool pool_of(const ClassCounts& counts) {
  Pool pool;
  if (!counts.of.empty()) pool.classes.resize(counts.of.front().size());
  pool.holders.resize(pool.classes.size());
  for (const Classes& group : counts.of) {
    require(group.size() == pool.classes.size(), "every group needs a count of every class", group.size());
    for (std::size_t y = 0; y < group.size(); ++y) {
      require(0 <= group[y].right && group[y].right <= group[y].n, "right rows must lie in 0..n", group[y].right,
              group[y].n);
      pool.classes[y].n += group[y].n, pool.classes[y].right += group[y].right;
      pool.holders[y] += group[y].n > 0;
    }
    pool.groups.push_back(sum_of(group));
  }
  pool.all = sum_of(pool.classes);
  return pool;
}

/// The rate with half a right and half a wrong row added; `scale` is the effective rows per row.
double smoothed(const GroupCount& c, double scale) { return (c.right * scale + 0.5) / (c.n * scale + 1); }

/// How much a part moves when a row of a class comes in, wrong or right.
struct Influence {
  double wrong = 0, right = 0;
};

/// The influences of rows of group g itself, or of another group, on g's part. `pool.groups[g]` is held fixed.
std::vector<Influence> composition_influence(const ClassCounts& counts, const Pool& pool, std::size_t g, bool own) {
  std::vector<Influence> influence(pool.classes.size());
  const double n = pool.groups[g].n;
  for (std::size_t y = 0; y < influence.size(); ++y) {
    const GroupCount& all = pool.classes[y];
    if (all.n <= 0) continue;
    const double pull = counts.of[g][y].n / n / all.n;
    influence[y].wrong = all.rate() * ((own ? 1 / n : 0) - pull);
    influence[y].right = influence[y].wrong + pull - 1 / pool.all.n;
  }
  return influence;
}

std::vector<Influence> conditional_influence(const ClassCounts& counts, const Pool& pool, std::size_t g, bool own) {
  std::vector<Influence> influence(pool.classes.size());
  const double n = pool.groups[g].n;
  for (std::size_t y = 0; y < influence.size(); ++y) {
    const GroupCount& all = pool.classes[y];
    if (all.n <= 0) continue;
    const double weight = (own ? 1 / n : 0) - counts.of[g][y].n / n / all.n;
    influence[y] = {-weight * all.rate(), weight * (1 - all.rate())};
  }
  return influence;
}

std::vector<Influence> standardised_influence(const ClassCounts& counts, const Pool& pool, std::size_t g, bool own) {
  std::vector<Influence> influence(pool.classes.size());
  for (std::size_t y = 0; y < influence.size(); ++y) {
    const GroupCount& cell = counts.of[g][y];
    if (cell.n <= 0) continue;
    const double weight = own ? pool.classes[y].n / pool.all.n / cell.n : 0, mix = cell.rate() / pool.all.n;
    influence[y] = {mix - weight * smoothed(cell, counts.effective[g]), 0};
    influence[y].right = influence[y].wrong + weight;
  }
  return influence;
}

/// The variance of one row's influence in group h, at its proportions with a few rows added.
double row_variance(const ClassCounts& counts, const Pool& pool, std::size_t h, const std::vector<Influence>& moves) {
  constexpr double kMixRows = 2;
  const double scale = counts.effective[h], rows = pool.groups[h].n * scale;
  double mean = 0, square = 0;
  for (std::size_t y = 0; y < moves.size(); ++y) {
    const GroupCount& cell = counts.of[h][y];
    const double share = (cell.n * scale + kMixRows * pool.classes[y].n / pool.all.n) / (rows + kMixRows);
    const double right = smoothed(cell, scale);
    mean += share * (right * moves[y].right + (1 - right) * moves[y].wrong);
    square += share * (right * moves[y].right * moves[y].right + (1 - right) * moves[y].wrong * moves[y].wrong);
  }
  return std::max(0.0, square - mean * mean);
}

double variance(const ClassCounts& counts, const Pool& pool, std::size_t g, const std::vector<Influence>& own,
                const std::vector<Influence>& others) {
  double sum = 0;
  for (std::size_t h = 0; h < counts.of.size(); ++h)
    if (pool.groups[h].n > 0)
      sum += pool.groups[h].n / counts.effective[h] * row_variance(counts, pool, h, h == g ? own : others);
  return sum;
}

/// The composition's variance of second order, of a product of two errors: of the group's mix and of the pooled rates.
/// All that is left where the mixes agree and no class is harder, and the first order vanishes.
double composition_remainder(const ClassCounts& counts, const Pool& pool, std::size_t g) {
  const double scale = counts.effective[g], rows = pool.groups[g].n * scale;
  double sum = 0;
  for (const GroupCount& y : pool.classes) {
    const double share = y.n / pool.all.n, rate = smoothed(y, scale);
    sum += share * (1 - share) / rows * rate * (1 - rate) / (y.n * scale + 1);
  }
  return sum;
}

Estimate part(double value, double variance, std::int64_t n, double level) {
  const double half = normal_quantile(0.5 + level / 2) * std::sqrt(variance);
  return {value, Interval{std::max(-1.0, value - half), std::min(1.0, value + half)}, n, "delta method", {}};
}

/// The group against the rest; the pooled set holds both, so the gap is that difference times the rest's share.
Estimate gap_to_pool(const ClassCounts& counts, const Pool& pool, std::size_t g, std::int64_t n, double level) {
  double rest_squares = 0;
  for (std::size_t h = 0; h < counts.of.size(); ++h)
    if (h != g && pool.groups[h].n > 0) rest_squares += pool.groups[h].n / counts.effective[h];
  const GroupCount& own = pool.groups[g];
  const GroupCount rest{pool.all.n - own.n, std::clamp(pool.all.right - own.right, 0.0, pool.all.n - own.n)};
  const double own_rows = own.n * counts.effective[g], rest_rows = rest.n * rest.n / rest_squares;
  const Interval i = newcombe_interval(own.rate() * own_rows, own_rows, rest.rate() * rest_rows, rest_rows, level);
  const double share = rest.n / pool.all.n;
  return {own.rate() - pool.all.rate(), Interval{share * i.low, share * i.high}, n, "Newcombe", {}};
}

Estimate standardised_rate(const ClassCounts& counts, const Pool& pool, std::size_t g, std::int64_t n, double level) {
  double value = 0;
  std::int64_t classes = 0, missing = 0;
  for (std::size_t y = 0; y < pool.classes.size(); ++y) {
    if (pool.classes[y].n <= 0) continue;
    ++classes, missing += counts.of[g][y].n <= 0;
    value += pool.classes[y].n / pool.all.n * rate_or_zero(counts.of[g][y]);
  }
  if (missing > 0) return not_estimable(n, fmt::format("no rows of {} of the {} classes", missing, classes));
  Estimate e = part(value,
                    variance(counts, pool, g, standardised_influence(counts, pool, g, true),
                             standardised_influence(counts, pool, g, false)),
                    n, level);
  e.interval->low = std::max(0.0, e.interval->low);
  return e;
}

double overlap_of(const ClassCounts& counts, const Pool& pool, std::size_t g) {
  double shared = 0;
  for (std::size_t y = 0; y < pool.classes.size(); ++y)
    if (pool.holders[y] > 1) shared += counts.of[g][y].n;
  return shared / pool.groups[g].n;
}

GapDecomposition decompose(const ClassCounts& counts, const Pool& pool, std::size_t g, double level,
                           std::int64_t min_rows) {
  const GroupCount& group = pool.groups[g];
  const double effective = group.n * counts.effective[g];
  const std::int64_t n = std::llround(effective);
  if (group.n <= 0 || effective < static_cast<double>(min_rows)) {
    const Estimate none = not_estimable(n, fmt::format("{} rows, fewer than {}", n, min_rows));
    return {none, none, none, none, 0};
  }
  if (std::ranges::count_if(pool.groups, [](const GroupCount& h) { return h.n > 0; }) < 2) {
    const Estimate none = not_applicable(n, "no other group has rows");
    return {none, none, none, none, 0};
  }
  GapDecomposition d{.gap = gap_to_pool(counts, pool, g, n, level), .overlap = overlap_of(counts, pool, g)};
  const auto classes = std::ranges::count_if(pool.classes, [](const GroupCount& y) { return y.n > 0; });
  if (d.overlap <= 0 || classes < 2) {
    d.composition = d.conditional = d.standardised = not_applicable(
        n, classes < 2 ? "there are rows of one class only, so no mix to compare"
                       : "no other group has rows of this group's classes: the label determines the group");
    return d;
  }
  double expected = 0;  // the group's rate if each class were as hard for it as for all
  for (std::size_t y = 0; y < pool.classes.size(); ++y)
    expected += counts.of[g][y].n / group.n * rate_or_zero(pool.classes[y]);
  d.composition = part(expected - pool.all.rate(),
                       variance(counts, pool, g, composition_influence(counts, pool, g, true),
                                composition_influence(counts, pool, g, false)) +
                           composition_remainder(counts, pool, g),
                       n, level);
  d.conditional = part(group.rate() - expected,
                       variance(counts, pool, g, conditional_influence(counts, pool, g, true),
                                conditional_influence(counts, pool, g, false)),
                       n, level);
  d.standardised = standardised_rate(counts, pool, g, n, level);
  return d;
}

}  // namespace

ClassCounts class_counts(const Cells& cells, const Metric& metric, std::span<const int> runs) {
  require(is_paired(metric), "a gap is decomposed by true class, which needs a metric whose rows depend on the truth");
  require(!runs.empty(), "a decomposition needs a run");
  ClassCounts counts;
  for (std::int64_t g = 0; g < cells.groups(); ++g) {
    Classes classes(static_cast<std::size_t>(cells.classes()));
    CellCount total;
    for (const Cells::Cell& cell : cells.of(g)) {
      if (!is_trial(metric, cell.truth, cell.truth)) continue;
      const auto right = std::ranges::count_if(
          runs, [&](int run) { return is_success(metric, cell.truth, cell.predicted[static_cast<std::size_t>(run)]); });
      GroupCount& c = classes[static_cast<std::size_t>(cell.truth)];
      c.n += cell.count.mass;
      c.right += cell.count.mass * (static_cast<double>(right) / static_cast<double>(runs.size()));
      total += cell.count;
    }
    counts.of.push_back(std::move(classes));
    counts.effective.push_back(total.squares > 0 ? total.mass / total.squares : 1);
  }
  return counts;
}

std::vector<GapDecomposition> decompose_gaps(const ClassCounts& counts, double level, std::int64_t min_rows) {
  require(0 < level && level < 1, "the level must lie between 0 and 1", level);
  require(counts.effective.size() == counts.of.size(), "each group needs its effective rows per row");
  const Pool pool = pool_of(counts);
  std::vector<GapDecomposition> groups;
  for (std::size_t g = 0; g < counts.of.size(); ++g) groups.push_back(decompose(counts, pool, g, level, min_rows));
  return groups;
}

}  // namespace evenface::stats
