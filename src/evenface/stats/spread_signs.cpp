#include "evenface/stats/spread_signs.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "evenface/core/parallel.h"
#include "evenface/core/random.h"
#include "evenface/stats/before_after.h"

namespace evenface::stats {
namespace {

/// Share of the draws whose change is as large as what is seen, both of which `change_of` gives: of a stream of random
/// signs, or (null) as the answers are.
template <class ChangeOf>
double share_as_large(std::int64_t draws, std::uint64_t seed, const Context& context, const ChangeOf& change_of) {
  constexpr double kRounding = 1e-9;
  const double seen = std::abs(change_of(nullptr)) * (1 - kRounding);
  if (seen == 0) return 1;
  const auto count = [&](std::int64_t begin, std::int64_t end) {
    std::int64_t as_large = 0;
    for (std::int64_t i = begin; i < end; ++i) {
      Stream stream(seed, "signs of changes", {static_cast<std::uint64_t>(i)});
      as_large += std::abs(change_of(&stream)) >= seen;
    }
    return as_large;
  };
  const std::int64_t as_large = parallel_reduce(draws, 64, context.threads, std::int64_t{0}, count,
                                                [](std::int64_t a, std::int64_t b) { return a + b; });
  return static_cast<double>(as_large + 1) / static_cast<double>(draws + 1);
}

/// A unit whose two answers differ: what it adds to each ratio before and after, and where.
struct ChangedUnit {
  std::size_t group;
  std::uint64_t person;
  std::int64_t copies;
  std::span<const Ratio> before, after;
};

bool same(std::span<const Ratio> a, std::span<const Ratio> b) {
  return std::ranges::equal(a, b,
                            [](const Ratio& x, const Ratio& y) { return x.part == y.part && x.whole == y.whole; });
}

/// Exchanges the answers of changed units.
class Exchange {
 public:
  Exchange(const PairedUnits& all, const std::vector<Linear>& groups) : all_(all) {
    const std::size_t ratios = all.ratios();
    std::map<std::uint64_t, std::size_t> persons;
    const std::vector<GroupValue> values[] = {values_in(groups, 0), values_in(groups, 1)};
    for (std::size_t g = 0; g < groups.size(); ++g) {
      sums_.push_back(sums_of(all, groups[g].units, copies_of(groups[g].units)));
      noise_.push_back((values[0][g].variance + values[1][g].variance) / 2);
      for (const PairedUnit& unit : groups[g].units) {
        const std::span adds(unit.adds);
        if (same(adds.first(ratios), adds.last(ratios))) continue;
        const std::uint64_t person =
            all.by_person() ? persons.try_emplace(unit.person, persons.size()).first->second : units_.size();
        units_.push_back({g, person, std::llround(unit.copies), adds.first(ratios), adds.last(ratios)});
        changed_ += units_.back().copies;
      }
    }
    persons_ = persons.size();
  }

  std::int64_t changed() const { return changed_; }

  /// The change of the corrected variance; none of the units is exchanged without a stream.
  double change(Stream* stream) const {
    std::vector<std::vector<Ratio>> sums = sums_;
    if (stream) exchange(*stream, sums);
    double variance[2];
    for (std::size_t run = 0; run < 2; ++run) {
      std::vector<GroupValue> values;
      for (std::size_t g = 0; g < sums.size(); ++g) {
        const auto value = mean_of(std::span(sums[g]).subspan(run * all_.ratios(), all_.ratios()));
        values.push_back({value.value_or(0), noise_[g], 0});
      }
      variance[run] = corrected_variance(values);
    }
    return variance[1] - variance[0];
  }

 private:
  void exchange(Stream& stream, std::vector<std::vector<Ratio>>& sums) const {
    std::vector<std::int64_t> of_person(persons_);
    for (std::int64_t& sign : of_person) sign = stream.binomial(1, 0.5);
    for (const ChangedUnit& unit : units_) {
      const std::int64_t moved =
          all_.by_person() ? unit.copies * of_person[unit.person] : stream.binomial(unit.copies, 0.5);
      for (std::size_t i = 0; i < unit.before.size(); ++i) {
        const double part = static_cast<double>(moved) * (unit.after[i].part - unit.before[i].part);
        const double whole = static_cast<double>(moved) * (unit.after[i].whole - unit.before[i].whole);
        Ratio &before = sums[unit.group][i], &after = sums[unit.group][unit.before.size() + i];
        before.part += part, before.whole += whole, after.part -= part, after.whole -= whole;
      }
    }
  }

  const PairedUnits& all_;
  std::vector<std::vector<Ratio>> sums_;  // [group]
  std::vector<double> noise_;             // [group] mean of both runs
  std::vector<ChangedUnit> units_;
  std::size_t persons_ = 0;
  std::int64_t changed_ = 0;
};

}  // namespace

double spread_signs_p(const PairedCells& cells, std::int64_t draws, std::uint64_t seed, const Context& context) {
  std::vector<PairCounts> groups;
  for (std::int64_t g = 0; g < cells.groups(); ++g) groups.push_back(pair_counts(cells, g));
  return share_as_large(draws, seed, context, [&](Stream* stream) {
    std::vector<GroupCount> before, after;
    for (const PairCounts& pairs : groups) {
      const std::int64_t changed = pairs.lost + pairs.won;
      const std::int64_t won = stream ? stream->binomial(changed, 0.5) : pairs.won;
      const auto n = static_cast<double>(pairs.total());
      before.push_back({n, static_cast<double>(pairs.both + changed - won)});
      after.push_back({n, static_cast<double>(pairs.both + won)});
    }
    return corrected_variance(after) - corrected_variance(before);
  });
}

double spread_signs_p(const PairedUnits& all, const std::vector<Linear>& groups, std::int64_t draws, std::uint64_t seed,
                      const Context& context) {
  constexpr std::int64_t kMany = 1000;
  const Exchange exchange(all, groups);
  if (exchange.changed() > kMany) return 0;
  return share_as_large(draws, seed, context, [&](Stream* stream) { return exchange.change(stream); });
}

void rest_on_signs(Estimate& change, double p, double level) {
  if (!change.interval || p < 1 - level) return;
  change.interval = Interval{std::min(0.0, change.interval->low), std::max(0.0, change.interval->high)};
  change.method += fmt::format(", and signs of the changes (p {:.2g})", p);
}

}  // namespace evenface::stats
