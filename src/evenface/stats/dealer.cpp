#include "evenface/stats/dealer.h"

#include <algorithm>

#include "evenface/core/error.h"

namespace evenface::stats {

void Dealer::add(std::int64_t stratum, std::size_t group, const std::vector<Ratio>& addends, std::int64_t rows) {
  ensure(group < groups_ && addends.size() == ratios_ && rows >= 0, "rows that a dealer can hold");
  Stratum& s = strata_[stratum];
  s.groups.resize(groups_);
  s.kinds[addends] += rows, s.groups[group] += rows, s.rows += rows;
  give(group, addends, rows, observed_);
}

bool Dealer::can_exchange() const {
  return std::ranges::any_of(strata_, [](const auto& s) {
    return std::ranges::count_if(s.second.groups, [](std::int64_t rows) { return rows > 0; }) >= 2;
  });
}

void Dealer::give(std::size_t group, const std::vector<Ratio>& addends, std::int64_t rows,
                  std::span<Ratio> ratios) const {
  const auto n = static_cast<double>(rows);
  for (std::size_t i = 0; i < ratios_; ++i) {
    Ratio& ratio = ratios[group * ratios_ + i];
    ratio.part += n * addends[i].part, ratio.whole += n * addends[i].whole;
  }
}

void Dealer::deal(Stream stream, std::span<Ratio> ratios) const {
  for (const auto& [_, stratum] : strata_) {
    // A hypergeometric draw costs about as much as to shuffle ten rows.
    const auto draws = static_cast<std::int64_t>((stratum.kinds.size() - 1) * (groups_ - 1));
    if (stratum.rows < 10 * draws) shuffle(stratum, stream, ratios);
    else draw(stratum, stream, ratios);
  }
}

void Dealer::shuffle(const Stratum& stratum, Stream& stream, std::span<Ratio> ratios) const {
  std::vector<const std::vector<Ratio>*> rows;
  rows.reserve(static_cast<std::size_t>(stratum.rows));
  for (const auto& [addends, n] : stratum.kinds) rows.insert(rows.end(), static_cast<std::size_t>(n), &addends);
  stream.shuffle(rows);
  auto next = rows.begin();
  for (std::size_t g = 0; g < groups_; ++g)
    for (std::int64_t i = 0; i < stratum.groups[g]; ++i) give(g, **next++, 1, ratios);
}

void Dealer::draw(const Stratum& stratum, Stream& stream, std::span<Ratio> ratios) const {
  std::vector<std::int64_t> left;
  for (const auto& [_, rows] : stratum.kinds) left.push_back(rows);
  std::int64_t all = stratum.rows;
  for (std::size_t g = 0; g < groups_; ++g) {
    std::int64_t wanted = stratum.groups[g], among = all;
    all -= wanted;
    auto kind = left.begin();
    for (const auto& [addends, _] : stratum.kinds) {
      if (wanted == 0) break;
      const std::int64_t taken = stream.hypergeometric(among, *kind, wanted);
      among -= *kind, wanted -= taken, *kind++ -= taken;
      if (taken > 0) give(g, addends, taken, ratios);
    }
  }
}

}  // namespace evenface::stats
