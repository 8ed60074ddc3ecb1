#pragma once
#include <cstdint>
#include <map>

#include "evenface/stats/disparity.h"

namespace evenface::stats {

/// Rows and right rows of each person in one group. Totals of two shards add, also where a person's rows are spread
/// over both. Counts are rounded as weights are (cells.h), so that the sums depend on no order.
class PersonTotals {
 public:
  /// `person` is a key of the identity, such as key_of(id). `rows` may be a sum of weights of mean 1, and `right` a
  /// mean over training seeds. Throws InputError unless 0 <= right <= rows and rows > 0.
  void add(std::uint64_t person, double rows, double right);
  PersonTotals& operator+=(const PersonTotals& other);

  std::int64_t persons() const { return static_cast<std::int64_t>(persons_.size()); }
  const std::map<std::uint64_t, GroupCount>& of() const { return persons_; }

 private:
  std::map<std::uint64_t, GroupCount> persons_;
};

/// A group whose rows belong to persons.
struct ClusteredCount {
  std::int64_t persons = 0;
  GroupCount rows;           ///< as counted
  double design_effect = 1;  ///< variance of the rate over that of as many independent rows
  GroupCount effective;      ///< as many independent rows as tell as much, of the same rate; for intervals and tests
};

/// The design effect of a rate, by the cluster-robust variance of a ratio with persons as the units drawn,
///     K/(K - 1) sum_i (right_i - p rows_i)^2 / n^2 over p (1 - p)/(n - 1),
/// which is 1 where every person has one row. Two departures from that estimate, both to the safe side: it is never
/// below 1, for a person's rows seldom agree less than chance and with few persons such an estimate is noise; and
/// where it can't be made (one person; all rows right, or none) each person's rows are taken to be all alike,
/// sum rows_i^2 / n (Kish 1965).
/// The effective rows are n / design effect, times (t(n - 1) / t(K - 1))^2 at `level` where the variance was estimated,
/// which allows for the few persons it was estimated from (Korn & Graubard 1998, Surv Methodol 24:193); never below 1.
/// Throws InputError when there is no person.
ClusteredCount clustered_count(const PersonTotals& totals, double level = 0.95);

}  // namespace evenface::stats
