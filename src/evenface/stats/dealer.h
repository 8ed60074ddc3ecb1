#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "evenface/core/random.h"
#include "evenface/stats/metric.h"

namespace evenface::stats {

/// Deals rows to groups at random, each group keeping its number of rows in each stratum, and adds up what they add to
/// the ratios of a metric. Rows that add the same are one kind: a deal costs as much as there are kinds times groups
/// (multivariate hypergeometric draws), or as there are rows where that is less (a shuffle). Both are exact.
class Dealer {
 public:
  Dealer(std::size_t groups, std::size_t ratios) : groups_(groups), ratios_(ratios), observed_(groups * ratios) {}

  /// Rows of a group, and what each of them adds to each ratio.
  void add(std::int64_t stratum, std::size_t group, const std::vector<Ratio>& addends, std::int64_t rows = 1);

  std::size_t groups() const { return groups_; }
  std::size_t ratios() const { return ratios_; }
  /// The groups' ratios as they are, group after group.
  const std::vector<Ratio>& observed() const { return observed_; }
  /// Whether some stratum holds rows of two groups, so that a deal can change anything.
  bool can_exchange() const;
  /// The groups' ratios after a deal, added to `ratios`.
  void deal(Stream stream, std::span<Ratio> ratios) const;

 private:
  struct Stratum {
    std::map<std::vector<Ratio>, std::int64_t> kinds;  // rows by what they add
    std::vector<std::int64_t> groups;                  // rows by group
    std::int64_t rows = 0;
  };
  void shuffle(const Stratum& stratum, Stream& stream, std::span<Ratio> ratios) const;
  void draw(const Stratum& stratum, Stream& stream, std::span<Ratio> ratios) const;
  void give(std::size_t group, const std::vector<Ratio>& addends, std::int64_t rows, std::span<Ratio> ratios) const;

  std::size_t groups_, ratios_;
  std::map<std::int64_t, Stratum> strata_;
  std::vector<Ratio> observed_;
};

}  // namespace evenface::stats
