#include <algorithm>
#include <numeric>

#include "evenface/core/error.h"
#include "evenface/core/parallel.h"
#include "evenface/study/outcomes.h"

// Counts of outcomes: by chunks of rows on several threads, added up in order.
namespace evenface::study {
namespace {
using stats::Cells;
using stats::PairedCells;
using table::Factor;

constexpr std::int64_t kChunkRows = 1 << 18, kBlockRows = 1 << 15;

/// Whether the row belongs to the half (0 or 1), or to all (-1).
bool in_half(const Outcomes& o, std::size_t row, int half) {
  return half < 0 || static_cast<int>(o.keys[row] & 1) == half;
}

/// The codes of some tasks' factors crossed, of rows [begin, end); missing where any is.
void cross_codes(const std::vector<const Factor*>& factors, std::int64_t begin, std::int64_t end,
                 std::vector<std::int32_t>& codes) {
  codes.assign(static_cast<std::size_t>(end - begin), 0);
  for (const Factor* f : factors) {
    const std::int32_t* const own = f->codes.data() + begin;
    const std::int32_t levels = f->level_count();
    for (std::size_t i = 0; i < codes.size(); ++i)
      codes[i] = codes[i] < 0 || own[i] < 0 ? Factor::kMissing : codes[i] * levels + own[i];
  }
}

/// Codes, weights and groups of a block of rows, as the cells take them.
struct Block {
  std::vector<std::int32_t> group, truth;
  std::vector<std::vector<std::int32_t>> predicted;
  std::vector<double> weights;

  /// Leaves the rows of one half only.
  void keep(const Outcomes& o, std::int64_t begin, int half) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (!in_half(o, static_cast<std::size_t>(begin) + i, half)) continue;
      group[kept] = group[i], truth[kept] = truth[i];
      for (auto& run : predicted) run[kept] = run[i];
      if (!weights.empty()) weights[kept] = weights[i];
      ++kept;
    }
    group.resize(kept), truth.resize(kept);
    for (auto& run : predicted) run.resize(kept);
    if (!weights.empty()) weights.resize(kept);
  }
};

std::vector<const Factor*> some_of(const std::vector<Factor>& tasks, std::optional<std::size_t> task) {
  std::vector<const Factor*> some;
  for (std::size_t t = 0; t < tasks.size(); ++t)
    if (!task || *task == t) some.push_back(&tasks[t]);
  return some;
}

}  // namespace

stats::Pattern Outcomes::pattern(std::int64_t row) const {
  const auto i = static_cast<std::size_t>(row);
  stats::Pattern pattern = 0;
  for (std::size_t run = 0; run < predicted.size(); ++run) {
    bool right = true;
    for (std::size_t t = 0; t < truth.size(); ++t) right = right && predicted[run][t].codes[i] == truth[t].codes[i];
    if (right) pattern |= stats::Pattern{1} << run;
  }
  return pattern;
}

PairedCells cells_of(const Outcomes& o, int half, const Context& context) {
  ensure(!o.truth.empty(), "numbers are neither right nor wrong");
  constexpr int kDenseRuns = 8;
  const PairedCells none(o.group().level_count(), o.runs_before, o.runs_after);
  const auto count = [&](std::int64_t begin, std::int64_t end) {
    PairedCells cells = none;
    if (o.runs() > kDenseRuns) {
      for (std::int64_t row = begin; row < end; ++row)
        if (in_half(o, static_cast<std::size_t>(row), half))
          cells.add(o.group().codes[static_cast<std::size_t>(row)], o.pattern(row));
      return cells;
    }
    const std::size_t patterns = std::size_t{1} << o.runs();
    std::vector<std::int64_t> counts(static_cast<std::size_t>(cells.groups()) * patterns);
    for (std::int64_t row = begin; row < end; ++row) {
      const auto i = static_cast<std::size_t>(row);
      if (in_half(o, i, half)) ++counts[static_cast<std::size_t>(o.group().codes[i]) * patterns + o.pattern(row)];
    }
    for (std::size_t i = 0; i < counts.size(); ++i)
      if (counts[i] > 0) cells.add(static_cast<std::int64_t>(i / patterns), i % patterns, counts[i]);
    return cells;
  };
  return parallel_reduce(o.rows(), kChunkRows, context.threads, none, count,
                         [](PairedCells all, const PairedCells& part) { return all += part; });
}

Cells cells_of(const Outcomes& o, std::size_t crossing, std::optional<std::size_t> task, int half,
               const Context& context) {
  const Factor& group = o.crossings[crossing].group;
  const auto truth = some_of(o.truth, task);
  std::vector<std::vector<const Factor*>> predicted;
  for (const auto& run : o.predicted) predicted.push_back(some_of(run, task));
  const int classes = std::accumulate(truth.begin(), truth.end(), 1,
                                      [](int product, const Factor* f) { return product * f->level_count(); });
  const Cells none(group.level_count(), classes, o.runs());
  const auto count = [&](std::int64_t first, std::int64_t last) {
    Cells cells = none;
    Block block{.predicted = std::vector<std::vector<std::int32_t>>(predicted.size())};
    for (std::int64_t begin = first; begin < last; begin += kBlockRows) {
      const std::int64_t end = std::min(last, begin + kBlockRows);
      block.group.assign(group.codes.begin() + begin, group.codes.begin() + end);
      cross_codes(truth, begin, end, block.truth);
      for (std::size_t run = 0; run < predicted.size(); ++run)
        cross_codes(predicted[run], begin, end, block.predicted[run]);
      if (!o.weights.empty()) block.weights.assign(o.weights.begin() + begin, o.weights.begin() + end);
      if (half >= 0) block.keep(o, begin, half);
      cells.add({block.group, block.truth, {block.predicted.begin(), block.predicted.end()}, block.weights});
    }
    return cells;
  };
  return parallel_reduce(o.rows(), kChunkRows, context.threads, none, count,
                         [](Cells all, const Cells& part) { return all += part; });
}

std::vector<std::vector<std::int64_t>> confusion_of(const Outcomes& o, std::size_t task, int first, int last,
                                                    const Context& context) {
  using Counts = std::vector<std::vector<std::int64_t>>;
  const Factor& truth = o.truth[task];
  const auto k = static_cast<std::size_t>(truth.level_count());
  const auto count = [&](std::int64_t begin, std::int64_t end) {
    Counts counts(k, std::vector<std::int64_t>(k));
    for (int run = first; run < last; ++run) {
      const Factor& predicted = o.predicted[static_cast<std::size_t>(run)][task];
      for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
        if (predicted.codes[i] >= 0)
          ++counts[static_cast<std::size_t>(truth.codes[i])][static_cast<std::size_t>(predicted.codes[i])];
    }
    return counts;
  };
  return parallel_reduce(o.rows(), kChunkRows, context.threads, Counts(k, std::vector<std::int64_t>(k)), count,
                         [](Counts all, const Counts& part) {
                           for (std::size_t y = 0; y < all.size(); ++y)
                             for (std::size_t h = 0; h < all.size(); ++h) all[y][h] += part[y][h];
                           return all;
                         });
}

}  // namespace evenface::study
