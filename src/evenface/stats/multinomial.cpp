#include "evenface/stats/multinomial.h"

#include <algorithm>
#include <numeric>

#include "evenface/core/error.h"

namespace evenface::stats {

Multinomial::Multinomial(std::int64_t rows, std::span<const double> masses)
    : rows_(rows), order_(masses.size()), share_(masses.size()) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::ranges::stable_sort(order_, std::ranges::greater{}, [&](std::size_t cell) { return masses[cell]; });
  double rest = 0;
  for (std::size_t i = order_.size(); i-- > 0;) {
    const double mass = masses[order_[i]];
    ensure(mass >= 0, "a cell of a multinomial has a mass");
    rest += mass;
    share_[i] = rest > 0 ? mass / rest : 0;
  }
  ensure(rows == 0 || rest > 0, "rows are drawn from cells that hold some");
  // A binomial costs about as much as three rows.
  if (rows > 3 * static_cast<std::int64_t>(masses.size())) return;
  for (const std::size_t cell : order_) up_to_.push_back(masses[cell] + (up_to_.empty() ? 0 : up_to_.back()));
}

void Multinomial::draw(Stream& stream, std::span<std::int64_t> counts) const {
  ensure(counts.size() == order_.size(), "a count for each cell");
  std::ranges::fill(counts, 0);
  if (!up_to_.empty()) {
    for (std::int64_t row = 0; row < rows_; ++row) {
      const auto at = std::ranges::upper_bound(up_to_, stream.uniform() * up_to_.back()) - up_to_.begin();
      ++counts[order_[static_cast<std::size_t>(at)]];
    }
    return;
  }
  std::int64_t left = rows_;
  for (std::size_t i = 0; i < order_.size() && left > 0; ++i) {
    const std::int64_t drawn = stream.binomial(left, share_[i]);
    counts[order_[i]] = drawn;
    left -= drawn;
  }
}

}  // namespace evenface::stats
