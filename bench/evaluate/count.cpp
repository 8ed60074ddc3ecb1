// Counts the rows of a table by group, truth and prediction, as evaluate does, and says how long each of several
// repeats took; the counts go to stdout as JSON, to be checked.
//   bench_count <table> <threads> <repeats>      columns race, gender, label and guess
#include <chrono>
#include <cstdlib>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "evenface/core/parallel.h"
#include "evenface/stats/cells.h"
#include "evenface/table/table.h"

namespace {
using evenface::stats::Cells;
using evenface::table::Factor;
using evenface::table::Table;
using As = evenface::table::ColumnRequest::As;

constexpr std::int64_t kChunkRows = 1 << 18, kBlockRows = 1 << 14;

Cells count(const Table& table, int threads) {
  const Factor &race = table.factor("race"), &gender = table.factor("gender");
  const std::vector<std::string>& classes = table.factor("label").levels;
  const Factor &label = table.factor("label"), &read = table.factor("guess");
  const Factor aligned = read.levels == classes ? Factor{} : evenface::table::with_levels(read, classes);
  const Factor& guess = read.levels == classes ? read : aligned;
  const Cells none(race.level_count() * gender.level_count(), label.level_count(), 1);
  const auto count = [&](std::int64_t first, std::int64_t last) {
    Cells cells = none;
    std::vector<std::int32_t> group(kBlockRows);
    for (std::int64_t begin = first; begin < last; begin += kBlockRows) {
      const auto at = static_cast<std::size_t>(begin);
      const auto n = static_cast<std::size_t>(std::min(kBlockRows, last - begin));
      for (std::size_t i = 0; i < n; ++i) group[i] = race.codes[at + i] * gender.level_count() + gender.codes[at + i];
      const auto part = [&](const std::vector<std::int32_t>& codes) { return std::span(codes).subspan(at, n); };
      cells.add({std::span(group).first(n), part(label.codes), {part(guess.codes)}, {}});
    }
    return cells;
  };
  return evenface::parallel_reduce(table.rows(), kChunkRows, threads, none, count,
                                   [](Cells all, const Cells& part) { return all += part; });
}

nlohmann::json counts_of(const Table& table, const Cells& cells) {
  nlohmann::json counts = nlohmann::json::array();
  const Factor &race = table.factor("race"), &gender = table.factor("gender"), &label = table.factor("label");
  for (std::int64_t g = 0; g < cells.groups(); ++g)
    for (const auto& cell : cells.of(g))
      counts.push_back({race.levels[static_cast<std::size_t>(g / gender.level_count())],
                        gender.levels[static_cast<std::size_t>(g % gender.level_count())],
                        label.levels[static_cast<std::size_t>(cell.truth)],
                        label.levels[static_cast<std::size_t>(cell.predicted[0])], cell.count.rows});
  return counts;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const int threads = std::atoi(argv[2]);
  std::vector<double> seconds;
  nlohmann::json counts;
  for (int repeat = 0; repeat < std::atoi(argv[3]); ++repeat) {
    const auto begin = std::chrono::steady_clock::now();
    const Table table = evenface::table::TableReader::open(argv[1]).read(
        {{"race", As::kFactor}, {"gender", As::kFactor}, {"label", As::kFactor}, {"guess", As::kFactor}}, {}, threads);
    const Cells cells = count(table, threads);
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    counts = counts_of(table, cells);
  }
  fmt::print("{}\n", nlohmann::json{{"seconds", seconds}, {"counts", counts}}.dump());
}
