#include "evenface/stats/association.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <boost/math/distributions/chi_squared.hpp>

#include "evenface/core/error.h"

namespace evenface::stats {
namespace {

struct Margins {
  std::vector<double> rows, columns;
  double all = 0;
};

Margins margins_of(std::span<const std::int64_t> counts, std::int64_t width) {
  require(width > 0 && !counts.empty() && counts.size() % static_cast<std::size_t>(width) == 0,
          "a table of counts has whole rows", counts.size(), width);
  const auto columns = static_cast<std::size_t>(width);
  Margins m{std::vector<double>(counts.size() / columns), std::vector<double>(columns)};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    require(counts[i] >= 0, "counts can't be negative", counts[i]);
    const auto n = static_cast<double>(counts[i]);
    m.rows[i / columns] += n, m.columns[i % columns] += n, m.all += n;
  }
  return m;
}

double levels_in_use(const std::vector<double>& margin) {
  return static_cast<double>(std::ranges::count_if(margin, [](double n) { return n > 0; }));
}

double smallest_in_use(const std::vector<double>& margin) {
  double smallest = 0;
  for (const double n : margin)
    if (n > 0 && (smallest == 0 || n < smallest)) smallest = n;
  return smallest;
}

}  // namespace

Association association(std::span<const std::int64_t> counts, std::int64_t columns) {
  const Margins m = margins_of(counts, columns);
  const auto width = static_cast<std::size_t>(columns);
  const double r = levels_in_use(m.rows), c = levels_in_use(m.columns);
  Association a{.rows = static_cast<std::int64_t>(m.all)};
  if (r < 2 || c < 2) return a;
  a.test.df = static_cast<std::int64_t>((r - 1) * (c - 1));
  a.test.least_expected = smallest_in_use(m.rows) * smallest_in_use(m.columns) / m.all;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = m.rows[i / width] * m.columns[i % width] / m.all, n = static_cast<double>(counts[i]);
    if (expected <= 0) continue;
    a.test.statistic += (n - expected) * (n - expected) / expected;
    if (n > 0) a.mutual_information += n / m.all * std::log(n / expected);
  }
  constexpr double kRounding = 1e-6;
  if (a.test.statistic > kRounding * static_cast<double>(a.test.df)) {
    const boost::math::chi_squared null(static_cast<double>(a.test.df));
    a.test.p = std::max(kLeastP, boost::math::cdf(boost::math::complement(null, a.test.statistic)));
  }
  const double phi2 = a.test.statistic / m.all;
  a.cramers_v = std::sqrt(phi2 / (std::min(r, c) - 1));
  const auto fewer = [&](double levels) { return levels - (levels - 1) * (levels - 1) / (m.all - 1); };
  const double room = std::min(fewer(r), fewer(c)) - 1;
  const double excess = std::max(0.0, phi2 - static_cast<double>(a.test.df) / (m.all - 1));
  a.cramers_v_corrected = room > 0 ? std::min(1.0, std::sqrt(excess / room)) : 0;
  a.mutual_information = std::max(0.0, a.mutual_information);
  return a;
}

std::vector<CellAssociation> cell_associations(std::span<const std::int64_t> counts, std::int64_t columns) {
  const Margins m = margins_of(counts, columns);
  std::vector<CellAssociation> cells;
  if (levels_in_use(m.rows) < 2 || levels_in_use(m.columns) < 2) return cells;
  std::vector<double> p;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto r = i / static_cast<std::size_t>(columns), c = i % static_cast<std::size_t>(columns);
    const double row = m.rows[r], column = m.columns[c], n = static_cast<double>(counts[i]);
    if (row == 0 || column == 0) continue;
    CellAssociation cell{static_cast<std::int64_t>(r), static_cast<std::int64_t>(c), counts[i], row * column / m.all};
    cell.residual = (n - cell.expected) / std::sqrt(cell.expected * (1 - row / m.all) * (1 - column / m.all));
    const auto in_row = static_cast<std::int64_t>(row), in_column = static_cast<std::int64_t>(column);
    cell.p = cell.expected < 5
                 ? fisher_exact(counts[i], in_row, in_column - counts[i], static_cast<std::int64_t>(m.all) - in_row)
                 : std::max(kLeastP, std::erfc(std::abs(cell.residual) / std::numbers::sqrt2));
    cell.npmi = n > 0 ? std::log(n / cell.expected) / -std::log(n / m.all) : -1;
    p.push_back(cell.p), cells.push_back(cell);
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i].p_adjusted = adjusted[i];
  return cells;
}

}  // namespace evenface::stats
