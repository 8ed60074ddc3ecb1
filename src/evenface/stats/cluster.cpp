#include "evenface/stats/cluster.h"

#include <algorithm>
#include <cmath>

#include "evenface/core/error.h"
#include "evenface/stats/cells.h"
#include "evenface/stats/interval.h"

namespace evenface::stats {

void PersonTotals::add(std::uint64_t person, double rows, double right) {
  require(0 <= right && right <= rows && rows > 0, "right rows must lie in 0..rows, with rows above 0", right, rows);
  GroupCount& total = persons_[person];
  total.n += rounded_weight(rows), total.right += rounded_weight(right);
}

PersonTotals& PersonTotals::operator+=(const PersonTotals& other) {
  for (const auto& [person, count] : other.persons_) {
    GroupCount& total = persons_[person];
    total.n += count.n, total.right += count.right;
  }
  return *this;
}

ClusteredCount clustered_count(const PersonTotals& totals, double level) {
  require(totals.persons() > 0, "a design effect needs a person");
  require(0 < level && level < 1, "the level must lie between 0 and 1", level);
  ClusteredCount count{.persons = totals.persons()};
  double squares = 0;
  for (const auto& [person, c] : totals.of()) {
    count.rows.n += c.n, count.rows.right += c.right;
    squares += c.n * c.n;
  }
  const double n = count.rows.n, p = count.rows.rate(), persons = static_cast<double>(count.persons);
  double few_persons = 1;
  if (count.persons > 1 && 0 < p && p < 1 && n > 1) {
    double deviations = 0;
    for (const auto& [person, c] : totals.of()) deviations += (c.right - p * c.n) * (c.right - p * c.n);
    const double variance = persons / (persons - 1) * deviations / (n * n);
    count.design_effect = std::max(1.0, variance / (p * (1 - p) / (n - 1)));
    const double upper = 0.5 + level / 2;
    few_persons = std::min(1.0, std::pow(t_quantile(upper, n - 1) / t_quantile(upper, persons - 1), 2));
  } else {
    count.design_effect = std::max(1.0, squares / n);
  }
  const double effective = std::max(std::min(1.0, n), n / count.design_effect * few_persons);
  count.effective = {effective, effective * p};
  return count;
}

}  // namespace evenface::stats
