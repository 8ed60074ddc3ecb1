#include "evenface/stats/bootstrap.h"

#include <utility>

#include "evenface/core/parallel.h"
#include "evenface/core/random.h"
#include "evenface/stats/multinomial.h"

namespace evenface::stats {
namespace {

/// The patterns of one group, laid out for drawing.
struct Urn {
  std::vector<Pattern> patterns;
  Multinomial rows;
};

Urn urn_of(const std::map<Pattern, std::int64_t>& cells) {
  std::vector<Pattern> patterns;
  std::vector<double> masses;
  std::int64_t n = 0;
  for (const auto& [pattern, rows] : cells) {
    patterns.push_back(pattern);
    masses.push_back(static_cast<double>(rows));
    n += rows;
  }
  return {std::move(patterns), Multinomial(n, masses)};
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
    drawn.resize(urns[g].patterns.size());
    urns[g].rows.draw(stream, drawn);
    for (std::size_t run = 0; run < runs.size(); ++run) {
      std::int64_t right = 0;
      for (std::size_t i = 0; i < drawn.size(); ++i)
        right += drawn[i] * static_cast<std::int64_t>(urns[g].patterns[i] >> run & 1);
      runs[run][g] = {static_cast<double>(urns[g].rows.rows()), static_cast<double>(right)};
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
