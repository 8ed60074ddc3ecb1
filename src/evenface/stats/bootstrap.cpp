#include "evenface/stats/bootstrap.h"

#include <algorithm>

#include "evenface/core/parallel.h"
#include "evenface/core/random.h"

namespace evenface::stats {
namespace {

/// The patterns of one group, laid out for drawing.
struct Urn {
  std::vector<Pattern> patterns;
  std::vector<std::int64_t> counts;
  std::vector<std::int32_t> pattern_of_row;  ///< filled only where drawing row by row is cheaper
  std::int64_t rows = 0;
};

Urn urn_of(const std::map<Pattern, std::int64_t>& cells) {
  Urn urn;
  for (const auto& [pattern, rows] : cells) {
    urn.patterns.push_back(pattern);
    urn.counts.push_back(rows);
    urn.rows += rows;
  }
  // A binomial draw costs about as much as drawing ten rows.
  if (urn.rows <= 10 * static_cast<std::int64_t>(urn.patterns.size()))
    for (std::size_t i = 0; i < urn.patterns.size(); ++i)
      urn.pattern_of_row.insert(urn.pattern_of_row.end(), static_cast<std::size_t>(urn.counts[i]),
                                static_cast<std::int32_t>(i));
  return urn;
}

/// A multinomial draw of `urn.rows` rows over its patterns.
void draw(const Urn& urn, Stream& stream, std::vector<std::int64_t>& drawn) {
  drawn.assign(urn.patterns.size(), 0);
  if (!urn.pattern_of_row.empty()) {
    for (std::int64_t i = 0; i < urn.rows; ++i)
      ++drawn[static_cast<std::size_t>(urn.pattern_of_row[stream.below(static_cast<std::uint64_t>(urn.rows))])];
    return;
  }
  std::int64_t left = urn.rows, weight = urn.rows;
  for (std::size_t i = 0; i < drawn.size() && left > 0; ++i) {
    drawn[i] = stream.binomial(left, static_cast<double>(urn.counts[i]) / static_cast<double>(weight));
    left -= drawn[i];
    weight -= urn.counts[i];
  }
}

double mean_spread_of(const std::vector<std::vector<GroupCount>>& runs, std::pair<int, int> range, int corrections) {
  if (range.first == range.second) return 0;
  double sum = 0;
  for (int run = range.first; run < range.second; ++run)
    sum += corrected_variance(runs[static_cast<std::size_t>(run)], corrections);
  return spread_of(sum / (range.second - range.first));
}

SpreadReplicate replicate(const std::vector<Urn>& urns, const PairedCells& cells, Stream stream) {
  std::vector<std::vector<GroupCount>> runs(static_cast<std::size_t>(cells.runs()),
                                            std::vector<GroupCount>(urns.size()));
  std::vector<std::int64_t> drawn;
  for (std::size_t g = 0; g < urns.size(); ++g) {
    draw(urns[g], stream, drawn);
    for (std::size_t run = 0; run < runs.size(); ++run) {
      std::int64_t right = 0;
      for (std::size_t i = 0; i < drawn.size(); ++i)
        right += drawn[i] * static_cast<std::int64_t>(urns[g].patterns[i] >> run & 1);
      runs[run][g] = {urns[g].rows, static_cast<double>(right)};
    }
  }
  return {mean_spread_of(runs, runs_of(cells, Arm::kBefore), 2), mean_spread_of(runs, runs_of(cells, Arm::kAfter), 2)};
}

}  // namespace

std::vector<SpreadReplicate> bootstrap_spread(const PairedCells& cells, std::int64_t replicates, std::uint64_t seed,
                                              const Context& context) {
  std::vector<Urn> urns;
  for (std::int64_t g = 0; g < cells.groups(); ++g) urns.push_back(urn_of(cells.of(g)));
  std::vector<SpreadReplicate> result(static_cast<std::size_t>(replicates));
  parallel_for(replicates, 64, context.threads, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      result[static_cast<std::size_t>(i)] =
          replicate(urns, cells, Stream(seed, "bootstrap", {static_cast<std::uint64_t>(i)}));
  });
  return result;
}

double mean_spread(const PairedCells& cells, Arm arm) {
  std::vector<std::vector<GroupCount>> runs;
  for (int run = 0; run < cells.runs(); ++run) runs.push_back(counts_of_run(cells, run));
  return mean_spread_of(runs, runs_of(cells, arm), 1);
}

}  // namespace evenface::stats
